/*
 * interval.h - the snapshots of all captures at the end of one interval, shared
 *
 * Made by the main thread, read by others: whoever holds one drops it when done,
 * and the last to do so frees it.
 */
#ifndef WC_INTERVAL_H
#define WC_INTERVAL_H

#include <stddef.h>

#include "instance.h"

struct wc_snapshot; /* wirecensus/snapshot.h */

struct wc_interval {
	struct wc_snapshot **snapshots; /* in the order of the captures; owned */
	size_t count;
	size_t bytes;               /* of memory that it takes, about */
	char instance[WC_INSTANCE]; /* of the run that counted it; empty: the journal's first */
};

/* Makes one with @room places for snapshots and none in them, held once; NULL when memory is
 * short. */
struct wc_interval *wc_interval_new(size_t room);

/* Adds @snapshot, which it then owns; not beyond the room, and only before it is shared. */
void wc_interval_add(struct wc_interval *interval, struct wc_snapshot *snapshot);

/* Holds @interval once more and returns it. */
struct wc_interval *wc_interval_hold(struct wc_interval *interval);

/* Drops what was held. NULL is allowed. */
void wc_interval_drop(struct wc_interval *interval);

#endif /* WC_INTERVAL_H */
