#include "trigger.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "place.h"
#include "wirecensus/address.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define WORD "dump"

#define SECOND_NS   UINT64_C(1000000000)
#define DUMP_EVERY  (10 * SECOND_NS)
#define REPLY_EVERY SECOND_NS

/* Datagrams taken in one turn, and sources remembered so as not to answer them too often. */
#define TURN    64
#define SOURCES 64

struct source {
	struct wc_address address; /* version 0: none */
	uint64_t answered_ns;
};

struct wc_trigger {
	int fd;
	const struct wc_networks *allow; /* the caller's */
	struct source sources[SOURCES];
	uint64_t dumped_ns; /* the last time; 0: never */
	bool wanted;        /* since then */
};

bool wc_trigger_asks(const void *bytes, size_t length)
{
	return length >= strlen(WORD) && !memcmp(bytes, WORD, strlen(WORD));
}

/* Returns a socket bound to the first of @found that it can be, or -1 with errno set. */
static int bind_first(const struct addrinfo *found)
{
	int fd = -1, reason = EADDRNOTAVAIL;

	for (; found && fd < 0; found = found->ai_next) {
		fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen)) {
			reason = errno;
			close(fd);
			fd = -1;
		}
	}
	errno = reason;
	return fd;
}

static int listen_at(struct wc_trigger *trigger, const struct wc_place *place,
		     struct wc_error *error)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *found;
	int failed;

	if (place->kind != WC_PLACE_UDP)
		return wc_error_set(error, WC_INVALID,
				    "the trigger of dumps is at udp://HOST:PORT, not at %s",
				    wc_place_kind_name(place->kind));
	failed = getaddrinfo(place->host, place->port, &hints, &found);
	if (failed)
		return wc_error_set(error, WC_INVALID,
				    "the trigger of dumps has no address: '%s': %s", place->host,
				    gai_strerror(failed));
	trigger->fd = bind_first(found);
	freeaddrinfo(found);
	if (trigger->fd < 0)
		return wc_error_set(error, WC_FAILED,
				    "cannot take the trigger of dumps at %s, port %s: %m; choose "
				    "another port, or an address of this host",
				    place->host, place->port);
	return WC_OK;
}

int wc_trigger_open(struct wc_trigger **made, const struct wc_place *place,
		    const struct wc_networks *allow, struct wc_error *error)
{
	struct wc_trigger *trigger = calloc(1, sizeof(*trigger));
	int status;

	if (!trigger)
		return wc_error_no_memory(error, "for the trigger");
	trigger->fd = -1;
	trigger->allow = allow;
	status = listen_at(trigger, place, error);
	if (status) {
		wc_trigger_close(trigger);
		return status;
	}
	*made = trigger;
	return WC_OK;
}

void wc_trigger_close(struct wc_trigger *trigger)
{
	if (!trigger)
		return;
	if (trigger->fd >= 0)
		close(trigger->fd);
	free(trigger);
}

void wc_trigger_allow(struct wc_trigger *trigger, const struct wc_networks *allow)
{
	trigger->allow = allow;
}

/* Reads who sent it; an IPv4 address that came through an IPv6 socket is one of IPv4. */
static struct wc_address address_of(const struct sockaddr_storage *from)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
	uint8_t bytes[16];

	if (from->ss_family == AF_INET) {
		memcpy(bytes, &v4->sin_addr, 4);
		return wc_address_v4(bytes);
	}
	if (from->ss_family != AF_INET6)
		return (struct wc_address){0};
	memcpy(bytes, &v6->sin6_addr, sizeof(bytes));
	return IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) ? wc_address_v4(bytes + 12)
						    : wc_address_v6(bytes);
}

static bool is_allowed(const struct wc_trigger *trigger, const struct wc_address *address)
{
	for (size_t i = 0; i < trigger->allow->count; i++)
		if (wc_network_has(&trigger->allow->items[i], address))
			return true;
	return !trigger->allow->count && wc_address_is_loopback(address);
}

/*
 * Is an answer to @address due? Notes that it gets one. When all places are taken by
 * sources of the last second, there is none.
 */
static bool may_answer(struct wc_trigger *trigger, const struct wc_address *address,
		       uint64_t now_ns)
{
	struct source *place = NULL;

	for (size_t i = 0; i < SOURCES; i++) {
		struct source *source = &trigger->sources[i];
		bool recent = source->address.version && now_ns < source->answered_ns + REPLY_EVERY;

		if (recent && wc_address_equal(&source->address, address))
			return false;
		if (!recent)
			place = source;
	}
	if (place)
		*place = (struct source){*address, now_ns};
	return place != NULL;
}

static void answer(const struct wc_trigger *trigger, const struct sockaddr_storage *to,
		   socklen_t length, int64_t epoch)
{
	char text[32];
	int size = snprintf(text, sizeof(text), "OK %lld", (long long)epoch);

	sendto(trigger->fd, text, (size_t)size, MSG_DONTWAIT | MSG_NOSIGNAL,
	       (const struct sockaddr *)to, length);
}

/* Takes one datagram. Returns false when there is none. */
static bool take_one(struct wc_trigger *trigger, uint64_t now_ns, int64_t epoch)
{
	struct sockaddr_storage from = {0};
	socklen_t length = sizeof(from);
	char bytes[sizeof(WORD)];
	struct wc_address address;
	ssize_t got = recvfrom(trigger->fd, bytes, sizeof(bytes), MSG_DONTWAIT,
			       (struct sockaddr *)&from, &length);

	if (got < 0)
		return errno != EAGAIN;
	address = address_of(&from);
	if (!is_allowed(trigger, &address) || !wc_trigger_asks(bytes, (size_t)got))
		return true;
	trigger->wanted = true;
	if (may_answer(trigger, &address, now_ns))
		answer(trigger, &from, length, epoch);
	return true;
}

static uint64_t due_ns(const struct wc_trigger *trigger)
{
	return trigger->dumped_ns ? trigger->dumped_ns + DUMP_EVERY : 0;
}

void wc_trigger_wait(const struct wc_trigger *trigger, struct pollfd *fd, uint64_t *deadline_ns)
{
	*fd = (struct pollfd){.fd = trigger->fd, .events = POLLIN};
	*deadline_ns = trigger->wanted ? due_ns(trigger) : UINT64_MAX;
}

bool wc_trigger_work(struct wc_trigger *trigger, uint64_t now_ns, int64_t epoch)
{
	for (int i = 0; i < TURN && take_one(trigger, now_ns, epoch); i++)
		;
	if (!trigger->wanted || now_ns < due_ns(trigger))
		return false;
	trigger->wanted = false;
	trigger->dumped_ns = now_ns;
	return true;
}
