#include "resolve.h"

#include <ares.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"

#define ANSWER_MS 2000 /* for one try at one server */
#define TRIES     2    /* at each server */

struct wc_resolve {
	ares_channel channel;
	char *host;
	bool done;
	int status; /* of c-ares, once done */
	struct wc_resolved found;
};

static void keep(struct wc_resolved *found, const struct ares_addrinfo_node *node)
{
	for (; node && found->count < WC_RESOLVE_MOST; node = node->ai_next) {
		struct wc_resolved_address *item = &found->item[found->count];

		if (node->ai_addrlen > sizeof(item->address))
			continue;
		memcpy(&item->address, node->ai_addr, node->ai_addrlen);
		item->length = node->ai_addrlen;
		found->count++;
	}
}

static void arrived(void *arg, int status, int timeouts, struct ares_addrinfo *list)
{
	struct wc_resolve *resolve = arg;

	(void)timeouts;
	resolve->done = true;
	resolve->status = status;
	if (!list)
		return;
	keep(&resolve->found, list->nodes);
	ares_freeaddrinfo(list);
}

int wc_resolve_start(struct wc_resolve **resolve, const char *host, const char *port,
		     struct wc_error *error)
{
	struct ares_options options = {.timeout = ANSWER_MS, .tries = TRIES};
	struct ares_addrinfo_hints hints = {
		.ai_flags = ARES_AI_NUMERICSERV,
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
	};
	struct wc_resolve *made = calloc(1, sizeof(*made));
	int status = ARES_ENOMEM;

	*resolve = NULL;
	if (made && (made->host = strdup(host)))
		status = ares_init_options(&made->channel, &options,
					   ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (status) {
		if (made)
			free(made->host);
		free(made);
		return wc_error_set(error, WC_FAILED,
				    "looking up \"%s\" could not begin: %s; check resolv.conf",
				    host, ares_strerror(status));
	}
	ares_getaddrinfo(made->channel, host, port, &hints, arrived, made);
	*resolve = made;
	return WC_OK;
}

/* Fills in the look-up's sockets; returns how many. */
static size_t sockets(const struct wc_resolve *resolve, struct pollfd *fds)
{
	ares_socket_t open[ARES_GETSOCK_MAXNUM];
	unsigned bits = (unsigned)ares_getsock(resolve->channel, open, ARES_GETSOCK_MAXNUM);
	size_t count = 0;

	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		/* As ARES_GETSOCK_READABLE() and its like, which shift into the sign. */
		short events = (short)((bits >> i & 1 ? POLLIN : 0) |
				       (bits >> (i + ARES_GETSOCK_MAXNUM) & 1 ? POLLOUT : 0));

		if (events)
			fds[count++] = (struct pollfd){.fd = open[i], .events = events};
	}
	return count;
}

int wc_resolve_work(struct wc_resolve *resolve, struct wc_resolved *resolved,
		    struct wc_error *error)
{
	struct pollfd fds[ARES_GETSOCK_MAXNUM];
	size_t count = resolve->done ? 0 : sockets(resolve, fds);

	if (count && poll(fds, count, 0) > 0)
		for (size_t i = 0; i < count && !resolve->done; i++)
			ares_process_fd(resolve->channel,
					fds[i].revents & ~POLLOUT ? fds[i].fd : ARES_SOCKET_BAD,
					fds[i].revents & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	/* Repeats what is late. */
	if (!resolve->done)
		ares_process_fd(resolve->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	if (!resolve->done)
		return 0;
	if (resolve->status || !resolve->found.count)
		return wc_error_set(
			error, WC_FAILED,
			"the name \"%s\" was not found: %s; check the name and resolv.conf",
			resolve->host,
			ares_strerror(resolve->status ? resolve->status : ARES_ENODATA));
	*resolved = resolve->found;
	return 1;
}

size_t wc_resolve_wait(struct wc_resolve *resolve, struct pollfd *fds, int *milliseconds)
{
	struct timeval left, *known;

	if (resolve->done) {
		*milliseconds = 0;
		return 0;
	}
	known = ares_timeout(resolve->channel, NULL, &left);
	*milliseconds =
		known ? (int)(known->tv_sec * 1000 + (known->tv_usec + 999) / 1000) : ANSWER_MS;
	return sockets(resolve, fds);
}

void wc_resolve_free(struct wc_resolve *resolve)
{
	if (!resolve)
		return;
	ares_destroy(resolve->channel);
	free(resolve->host);
	free(resolve);
}
