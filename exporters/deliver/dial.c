#include "dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "place.h"
#include "resolve.h"
#include "wirecensus/error.h"

#define NS_PER_MS  UINT64_C(1000000)
#define KEEPALIVES 3

struct wc_dial {
	struct wc_dial_plan plan;
	uint64_t now_ns;
	struct wc_resolve *resolve; /* while a name is looked up */
	bool found_any;             /* the addresses are known */
	struct wc_resolved found;
	size_t tried;         /* addresses begun with */
	int fd;               /* of the address that is being connected, or -1 */
	uint64_t deadline_ns; /* of the look-up, or of all connecting */
	uint64_t turn_ns;     /* when the next address has its turn */
	int reason;           /* errno of the address that failed last */
};

struct wc_dial *wc_dial_new(const struct wc_dial_plan *plan, uint64_t now_ns)
{
	struct wc_dial *dial = calloc(1, sizeof(*dial));

	if (!dial)
		return NULL;
	dial->plan = *plan;
	dial->fd = -1;
	dial->now_ns = now_ns;
	dial->deadline_ns = now_ns + plan->patience_ns;
	return dial;
}

void wc_dial_free(struct wc_dial *dial)
{
	if (!dial)
		return;
	if (dial->fd >= 0)
		close(dial->fd);
	wc_resolve_free(dial->resolve);
	free(dial);
}

static const struct wc_resolved_address *current(const struct wc_dial *dial)
{
	return &dial->found.item[(dial->plan.first + dial->tried - 1) % dial->found.count];
}

static void local_address(struct wc_resolved *found, const char *path)
{
	struct sockaddr_un *address = (struct sockaddr_un *)&found->item[0].address;

	address->sun_family = AF_UNIX;
	strcpy(address->sun_path, path);
	found->item[0].length = sizeof(*address);
	found->count = 1;
}

/* Returns 1 when the addresses are known, 0 while they are looked up, or a negative code. */
static int find(struct wc_dial *dial, struct wc_error *error)
{
	const struct wc_place *place = dial->plan.place;
	int status = 1;

	if (place->path)
		local_address(&dial->found, place->path);
	else if (dial->resolve)
		status = wc_resolve_work(dial->resolve, &dial->found, error);
	else if (!wc_resolve_numeric(&dial->found, place->host, place->port))
		status = wc_resolve_start(&dial->resolve, place->host, place->port, error);

	if (status == 1) {
		wc_resolve_free(dial->resolve);
		dial->resolve = NULL;
		dial->found_any = true;
		dial->deadline_ns = dial->now_ns + dial->plan.patience_ns;
	} else if (status == 0 && dial->now_ns >= dial->deadline_ns) {
		status = wc_error_set(error, WC_FAILED,
				      "the name \"%s\" was not found in time: no name server "
				      "answers; check resolv.conf, or give a numeric address",
				      place->host);
	}
	return status;
}

static void set_number(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

/*
 * No Nagle: messages are gathered before they are sent, so that it could only
 * delay the last ones of an interval. The times let the kernel end a connection
 * whose peer is gone without a word: also while there is nothing to send, so
 * that nothing is written into it later, and after the close.
 */
static void tune_tcp(int fd, uint64_t patience_ns)
{
	int ms = (int)(patience_ns / NS_PER_MS), seconds = ms / 1000 / (KEEPALIVES + 1);

	set_number(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_number(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, ms);
	set_number(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds ? seconds : 1);
	set_number(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds ? seconds : 1);
	set_number(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVES);
	set_number(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

/* Where nobody listens, a socket may get that very port and meet itself (RFC 9293 3.5). */
static bool is_itself(int fd)
{
	struct sockaddr_storage here = {0}, there = {0};
	socklen_t here_length = sizeof(here), there_length = sizeof(there);

	return !getsockname(fd, (struct sockaddr *)&here, &here_length) &&
	       !getpeername(fd, (struct sockaddr *)&there, &there_length) &&
	       here.ss_family != AF_UNIX && here_length == there_length &&
	       memcmp(&here, &there, here_length) == 0;
}

/* Begins with the next address: EINPROGRESS, 0 when it is connected, or why it failed. */
static int begin(struct wc_dial *dial)
{
	const struct wc_resolved_address *next;
	size_t left = dial->found.count - dial->tried;

	dial->turn_ns = dial->now_ns + (dial->deadline_ns - dial->now_ns) / left;
	dial->tried++;
	next = current(dial);
	dial->fd =
		socket(next->address.ss_family, dial->plan.type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dial->fd < 0)
		return errno;
	if (dial->plan.type == SOCK_STREAM && next->address.ss_family != AF_UNIX)
		tune_tcp(dial->fd, dial->plan.patience_ns);
	return connect(dial->fd, (const struct sockaddr *)&next->address, next->length) ? errno : 0;
}

/* The same of the address that was begun with. */
static int look(const struct wc_dial *dial)
{
	struct pollfd polled = {.fd = dial->fd, .events = POLLOUT};
	int reason = 0;
	socklen_t length = sizeof(reason);

	if (poll(&polled, 1, 0) <= 0)
		return dial->now_ns < dial->turn_ns ? EINPROGRESS : ETIMEDOUT;
	if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &reason, &length))
		return errno;
	return !reason && is_itself(dial->fd) ? ECONNREFUSED : reason;
}

/* What to do about it. */
static const char *remedy(int reason)
{
	switch (reason) {
	case ECONNREFUSED:
	case ENOENT:
		return "check that the collector runs and listens there";
	case EACCES:
	case EPERM:
		return "check permissions and firewall rules";
	case EMFILE:
	case ENFILE:
		return "raise the limit of open files";
	default:
		return "check the address, the route and firewall rules";
	}
}

static int give_up(const struct wc_dial *dial, struct wc_error *error)
{
	const struct wc_resolved_address *last = current(dial);
	char host[NI_MAXHOST] = "";

	if (dial->plan.place->host)
		getnameinfo((const struct sockaddr *)&last->address, last->length, host,
			    sizeof(host), NULL, 0, NI_NUMERICHOST);
	return wc_error_set(error, WC_FAILED, "%s could not be connected%s%s: %s; %s",
			    dial->plan.place->text, *host ? " at " : "", host,
			    strerror(dial->reason), remedy(dial->reason));
}

int wc_dial_work(struct wc_dial *dial, uint64_t now_ns, int *fd, struct wc_error *error)
{
	int status = 1;

	dial->now_ns = now_ns;
	if (!dial->found_any)
		status = find(dial, error);
	if (status != 1)
		return status;
	do {
		int reason = dial->fd >= 0 ? look(dial) : begin(dial);

		if (reason == EINPROGRESS)
			return 0;
		if (!reason) {
			*fd = dial->fd;
			dial->fd = -1;
			return 1;
		}
		dial->reason = reason;
		if (dial->fd >= 0)
			close(dial->fd);
		dial->fd = -1;
	} while (dial->tried < dial->found.count && now_ns < dial->deadline_ns);
	return give_up(dial, error);
}

size_t wc_dial_wait(struct wc_dial *dial, struct pollfd *fds, uint64_t *deadline_ns)
{
	size_t count = 0;
	int milliseconds = -1;

	if (dial->resolve) {
		count = wc_resolve_wait(dial->resolve, fds, &milliseconds);
		*deadline_ns = dial->deadline_ns;
		if (milliseconds >= 0 &&
		    dial->now_ns + (uint64_t)milliseconds * NS_PER_MS < *deadline_ns)
			*deadline_ns = dial->now_ns + (uint64_t)milliseconds * NS_PER_MS;
	} else if (dial->fd >= 0) {
		fds[count++] = (struct pollfd){.fd = dial->fd, .events = POLLOUT};
		*deadline_ns = dial->turn_ns;
	} else {
		*deadline_ns = dial->now_ns;
	}
	return count;
}
