/*
 * connection.h - a place to a channel that both sides agree on, without waiting
 *
 * Dials, and then shakes hands where that is asked for.
 */
#ifndef WC_CONNECTION_H
#define WC_CONNECTION_H

#include <stddef.h>
#include <stdint.h>

struct pollfd;     /* poll.h */
struct wc_channel; /* channel.h */
struct wc_connection;
struct wc_error;        /* wirecensus/error.h */
struct wc_place;        /* place.h */
struct wc_tls_identity; /* channel.h */

/*
 * Begins. @identity: for TLS, else NULL. Both outlive the connection. Returns NULL
 * when memory is short.
 */
struct wc_connection *wc_connection_new(const struct wc_place *place,
					struct wc_tls_identity *identity, uint64_t patience_ns,
					uint64_t now_ns);

/*
 * Goes on as far as it can. Returns 0 when there is more to wait for; 1 with
 * @channel filled in, now the caller's; or WC_FAILED with @error filled in.
 */
int wc_connection_work(struct wc_connection *connection, uint64_t now_ns,
		       struct wc_channel **channel, struct wc_error *error);

/* Fills in what to poll for, at most WC_DELIVERY_FDS; returns how many. */
size_t wc_connection_wait(struct wc_connection *connection, struct pollfd *fds,
			  uint64_t *deadline_ns);

/* Drops what was begun, and frees. NULL is allowed. */
void wc_connection_free(struct wc_connection *connection);

#endif /* WC_CONNECTION_H */
