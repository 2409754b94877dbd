/*
 * keeper_queue.h - intervals that wait to be written, the oldest first
 *
 * Bounded by their number and by the memory that they take; one always may wait. No lock:
 * the keeper has one.
 */
#ifndef WC_KEEPER_QUEUE_H
#define WC_KEEPER_QUEUE_H

#include <stddef.h>

#include "keeper.h"

struct wc_interval; /* interval.h */

/* Zeroed it is empty. What waits in it is held by it. */
struct wc_keeper_queue {
	struct wc_interval *items[WC_KEEPER_INTERVALS + 1]; /* one more for what is put back */
	size_t count, bytes;
};

/* Appends @interval, after wc_keeper_queue_shrink(). What the caller holds of it is taken over. */
void wc_keeper_queue_add(struct wc_keeper_queue *queue, struct wc_interval *interval);

/* Takes the oldest out, which is there, and hands it over to the caller. */
struct wc_interval *wc_keeper_queue_take(struct wc_keeper_queue *queue);

/* Puts back what was taken, as the oldest. */
void wc_keeper_queue_put_back(struct wc_keeper_queue *queue, struct wc_interval *interval);

/* Drops the oldest until there is room for another one. Returns how many went. */
size_t wc_keeper_queue_shrink(struct wc_keeper_queue *queue);

/* Drops all. */
void wc_keeper_queue_clear(struct wc_keeper_queue *queue);

#endif /* WC_KEEPER_QUEUE_H */
