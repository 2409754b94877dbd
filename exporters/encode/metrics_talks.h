/*
 * metrics_talks.h - the conversations that have series of their own
 *
 * A snapshot has what an interval added to a conversation; here it is added up. The
 * largest of each interval are admitted until all places are taken; whoever has one keeps
 * it. Found by a sorted table, which no choice of addresses can make slower.
 */
#ifndef WC_METRICS_TALKS_H
#define WC_METRICS_TALKS_H

#include <stddef.h>
#include <stdint.h>

struct wc_metrics_rows; /* metrics_rows.h */
struct wc_metrics_talks;
struct wc_snapshot; /* wirecensus/snapshot.h */

/* Makes a table for @room conversations; NULL: no memory. */
struct wc_metrics_talks *wc_metrics_talks_new(size_t room);
void wc_metrics_talks_free(struct wc_metrics_talks *talks); /* NULL is allowed */

/* Adds the interval of @snapshot. Fails for nobody: without memory, none is admitted. */
void wc_metrics_talks_update(struct wc_metrics_talks *talks, const struct wc_snapshot *snapshot);

/* Fills in the conversations of @rows. Returns 0 or WC_FAILED (memory). */
int wc_metrics_talks_copy(const struct wc_metrics_talks *talks, struct wc_metrics_rows *rows);

#endif /* WC_METRICS_TALKS_H */
