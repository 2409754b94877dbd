/*
 * headway.h - whether a peer takes what it is sent, and when to ask again
 *
 * Nothing tells that a peer's kernel has acknowledged: it is asked, often at first and
 * then less and less. Times are of the monotonic clock, in nanoseconds.
 */
#ifndef WC_HEADWAY_H
#define WC_HEADWAY_H

#include <stdbool.h>
#include <stdint.h>

struct wc_headway {
	uint64_t received;    /* how much the peer has */
	uint64_t progress_ns; /* when that last grew, or nothing was under way */
	uint64_t ask_ns;      /* when to ask again; WC_DELIVERY_NEVER: nothing is under way */
	uint64_t step_ns;     /* and then after how long */
	bool fresh;           /* set with the first message since nothing was under way */
};

/* A connection begins. */
void wc_headway_begin(struct wc_headway *headway, uint64_t now_ns);

/* Something was sent. */
void wc_headway_sent(struct wc_headway *headway, uint64_t now_ns);

/* The peer has @received in all. Returns true if that is more than before. */
bool wc_headway_received(struct wc_headway *headway, uint64_t received);

/*
 * The peer was asked: it has @more than before, or not; @done: nothing is under way.
 * Returns for how long it has taken nothing of what it was sent.
 */
uint64_t wc_headway_look(struct wc_headway *headway, bool more, bool done, uint64_t now_ns);

#endif /* WC_HEADWAY_H */
