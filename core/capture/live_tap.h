/*
 * live_tap.h - from a frame in the ring to a frame at the sink
 */
#ifndef WC_LIVE_TAP_H
#define WC_LIVE_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct wc_filter;
struct wc_live_counts; /* live_reader.h */
struct wc_live_socket;

/* Counts are of frames since the opening. */
struct wc_live_tap {
	uint64_t handed;                       /* to the sink */
	uint64_t refused;                      /* by the filter, here */
	uint64_t merged;                       /* longer than the link carries */
	uint64_t closed_received, closed_lost; /* frames of sockets before this one */

	enum wc_link link;        /* of frames from the socket */
	uint32_t longest;         /* that the link carries, its headers included */
	uint8_t own[6];           /* hardware address, zeros for none */
	struct wc_filter *filter; /* prepared for the link; NULL: none */
	bool filters_here;        /* all of it, rather than what the kernel left */
	uint8_t *room;            /* where marked frames are mended; NULL: there are none */

	wc_sink *sink;
	void *user;
};

/* Tells the kernel's counts of @socket, which may be NULL, and of those before it. */
void wc_live_tap_count(const struct wc_live_tap *tap, struct wc_live_socket *socket,
		       struct wc_live_counts *counts);

/* Returns how many frames are in the ring of @socket, or soon will be. */
uint64_t wc_live_tap_pending(const struct wc_live_tap *tap, struct wc_live_socket *socket);

/*
 * Hands about @budget frames out of @socket to @sink and returns how many, 0 when
 * there are none for now. Called for each batch.
 */
int wc_live_tap_run(struct wc_live_tap *tap, struct wc_live_socket *socket, size_t budget,
		    wc_sink *sink, void *user);

/*
 * Takes at most @budget frames, above 0, out of the ring of @socket, and hands those
 * over that are not refused. Returns how many it took.
 */
size_t wc_live_tap_read(struct wc_live_tap *tap, struct wc_live_socket *socket, size_t budget,
			wc_sink *sink, void *user);

#endif /* WC_LIVE_TAP_H */
