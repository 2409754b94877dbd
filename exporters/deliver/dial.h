/*
 * dial.h - a place to a connected socket, without waiting
 *
 * Looks up the host if it must, and tries its addresses in order, each with a
 * fresh socket and its share of the time. The socket does not block and closes
 * on exec.
 */
#ifndef WC_DIAL_H
#define WC_DIAL_H

#include <stddef.h>
#include <stdint.h>

struct pollfd;   /* poll.h */
struct wc_error; /* wirecensus/error.h */
struct wc_place; /* place.h */
struct wc_dial;

struct wc_dial_plan {
	const struct wc_place *place; /* outlives the dial */
	int type;                     /* SOCK_STREAM or SOCK_DGRAM */
	size_t first;                 /* begin with the address of this number, modulo how many */
	uint64_t patience_ns;         /* for the look-up, and again for connecting */
};

/* Begins. Returns NULL when memory is short. */
struct wc_dial *wc_dial_new(const struct wc_dial_plan *plan, uint64_t now_ns);

/*
 * Goes on as far as it can. Returns 0 when there is more to wait for; 1 and a
 * connected socket, now the caller's; or WC_FAILED with @error filled in: about
 * the last address, where there are several.
 */
int wc_dial_work(struct wc_dial *dial, uint64_t now_ns, int *fd, struct wc_error *error);

/* Fills in what to poll for, at most WC_DELIVERY_FDS; returns how many. */
size_t wc_dial_wait(struct wc_dial *dial, struct pollfd *fds, uint64_t *deadline_ns);

/* Drops what was begun, and frees. NULL is allowed. */
void wc_dial_free(struct wc_dial *dial);

#endif /* WC_DIAL_H */
