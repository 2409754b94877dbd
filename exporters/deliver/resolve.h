/*
 * resolve.h - a host to addresses, without waiting
 *
 * Numeric addresses and "localhost" (RFC 6761 6.3) need no look-up. For others
 * c-ares asks as resolv.conf, nsswitch.conf and hosts say, once for each opening,
 * so that a changed configuration or address is noticed.
 */
#ifndef WC_RESOLVE_H
#define WC_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

struct pollfd;   /* poll.h */
struct wc_error; /* wirecensus/error.h */
struct wc_resolve;

/* Addresses of one host that are tried; what is beyond is left out. */
#define WC_RESOLVE_MOST 8

struct wc_resolved {
	size_t count;
	struct wc_resolved_address {
		struct sockaddr_storage address;
		socklen_t length;
	} item[WC_RESOLVE_MOST]; /* in the order to try them */
};

/* Fills in @resolved when @host needs no look-up; else returns false. */
bool wc_resolve_numeric(struct wc_resolved *resolved, const char *host, const char *port);

/*
 * Begins to look up @host. Returns 0, or a negative code with @error filled in:
 * always so in a build without c-ares. Free with wc_resolve_free().
 */
int wc_resolve_start(struct wc_resolve **resolve, const char *host, const char *port,
		     struct wc_error *error);

/*
 * Goes on as far as it can. Returns 0 when there is more to wait for; 1 with
 * @resolved filled in, at least one address; WC_FAILED with @error filled in.
 */
int wc_resolve_work(struct wc_resolve *resolve, struct wc_resolved *resolved,
		    struct wc_error *error);

/*
 * Fills in what to poll for, at most WC_DELIVERY_FDS; returns how many.
 * @milliseconds: when to work at the latest, from now.
 */
size_t wc_resolve_wait(struct wc_resolve *resolve, struct pollfd *fds, int *milliseconds);

/* Drops what was asked, and frees. NULL is allowed. */
void wc_resolve_free(struct wc_resolve *resolve);

#endif /* WC_RESOLVE_H */
