/*
 * collect.h - from sets of tables to the rows of a snapshot
 *
 * The counters of all workers' sets are summed; what the last snapshot had is
 * kept in a set of the same shape, and the difference is the interval's delta.
 */
#ifndef WC_COLLECT_H
#define WC_COLLECT_H

#include <stddef.h>

#include <stdint.h>

struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_tables;   /* tables.h */

/* What a snapshot is of: from the last one to now. */
struct wc_span {
	uint64_t start_ns, end_ns; /* by a clock that never steps and goes on in suspension */
	int64_t frame_ns;          /* the end by the clock of the frames' times */

	/* What was counted before the run to which the snapshot belongs; NULL: nothing. */
	const struct wc_tables *base;
};

/*
 * Fills in the rows of @snapshot and the decoder's part of its totals from the
 * @count sets @now, with deltas against @last. Returns 0, and @last is then what
 * @now adds up to; or WC_FAILED with @error filled in when memory is short, and
 * nothing is changed. Scanners are judged, and rows that have been idle for long
 * freed, as of @span. The rows of @snapshot are freed by wc_collect_free() in either case.
 */
int wc_collect(struct wc_snapshot *snapshot, struct wc_tables *last, struct wc_tables *const *now,
	       size_t count, const struct wc_span *span, struct wc_error *error);

/* A new run begins with what comes behind @last: makes the empty @base what was counted before. */
void wc_collect_base(struct wc_tables *base, struct wc_tables *last);

/* Frees the rows of @snapshot. */
void wc_collect_free(struct wc_snapshot *snapshot);

#endif /* WC_COLLECT_H */
