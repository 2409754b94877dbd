/*
 * since_start.h - a snapshot seen over all intervals since the start
 *
 * What is kept since the start are totals, ports, protocols, fragments and
 * ethertypes. In the view, their deltas are their totals, so that every encoder
 * shows them; conversations, hosts and scanners are left out.
 */
#ifndef WC_SINCE_START_H
#define WC_SINCE_START_H

#include <stdint.h>

struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/*
 * Makes a view of @snapshot, whose counting began at @start_ns by the wall clock; it
 * keeps no pointer but to the names. Returns 0 and a view to be freed with
 * wc_since_start_free(), or WC_FAILED (memory) with @error filled in.
 */
int wc_since_start_make(struct wc_snapshot **view, const struct wc_snapshot *snapshot,
			int64_t start_ns, struct wc_error *error);
void wc_since_start_free(struct wc_snapshot *view);

#endif /* WC_SINCE_START_H */
