/*
 * dns_query.h - one question to one server, over a socket of its own
 *
 * By c-ares, without blocking. A fresh socket has a fresh random port and the
 * question a random id; c-ares takes an answer only from the server's address,
 * with that id and that question.
 */
#ifndef WC_DNS_QUERY_H
#define WC_DNS_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "dns_answer.h"

struct ares_channeldata; /* ares.h */
struct pollfd;           /* poll.h */
struct wc_address;       /* wirecensus/address.h */
struct wc_dns_server;    /* dns_servers.h */

/* Most sockets that one query has: UDP, TCP. */
#define WC_DNS_QUERY_SOCKETS 2

/* Open while channel is not NULL; then no copy may be made of it. */
struct wc_dns_query {
	struct ares_channeldata *channel;
	struct wc_dns_answer *answer; /* where the answer goes; the caller's */
	bool done;                    /* there is a verdict */
	enum wc_dns_answer_verdict verdict;
};

struct wc_dns_query_plan {
	const struct wc_address *address;
	const struct wc_dns_server *server;
	bool tcp;
	unsigned milliseconds; /* to wait for the answer */
};

/* Sends. What fails at once is done, with the verdict WC_DNS_NONE. */
void wc_dns_query_start(struct wc_dns_query *query, const struct wc_dns_query_plan *plan,
			struct wc_dns_answer *answer);

/* Fills in what to poll, up to WC_DNS_QUERY_SOCKETS; returns how many. */
size_t wc_dns_query_sockets(const struct wc_dns_query *query, struct pollfd *sockets);

/* Milliseconds until it gives up, rounded up. */
int wc_dns_query_timeout(const struct wc_dns_query *query);

/* Reads and writes what poll(2) found ready, and gives up when it is time. */
void wc_dns_query_process(struct wc_dns_query *query, const struct pollfd *sockets, size_t count);

/* Closes. A query that is not open is left alone. */
void wc_dns_query_stop(struct wc_dns_query *query);

#endif /* WC_DNS_QUERY_H */
