/*
 * history.h - what was counted in any span of time
 *
 * Asks the journal of this process, or the file of another one, which is only read. A short span
 * is the sum of its intervals, a longer one that of minutes, or of hours with minutes at its ends,
 * whose conversations and hosts are the largest ones, the rest being `other` (rollups.h).
 */
#ifndef WC_HISTORY_H
#define WC_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

struct wc_error;            /* wirecensus/error.h */
struct wc_journal;          /* journal.h */
struct wc_journal_interval; /* journal.h */
struct wc_history;

/* Spans up to these are sums of intervals, and of minutes. */
#define WC_HISTORY_INTERVALS_S 600
#define WC_HISTORY_MINUTES_S   10800

/*
 * Opens the journal at @path: its file, or the directory that has census.db. Returns 0, or
 * WC_FAILED with @error filled in: there is none, it is not ours, it cannot be read.
 */
int wc_history_open(struct wc_history **history, const char *path, struct wc_error *error);

/* The same for a journal of this process; to be closed before it. Results as above. */
int wc_history_of(struct wc_history **history, struct wc_journal *journal, struct wc_error *error);

/* Closes and frees. NULL is allowed. */
void wc_history_close(struct wc_history *history);

struct wc_history_span {
	int64_t from_ns, to_ns; /* wall clock: from included, to not */
	const char *capture;    /* NULL: all */
	unsigned kinds;         /* enum wc_journal_rows */
};

/*
 * Adds up what was counted in @span, each capture for itself, over all runs. Begin and end grow
 * to whole minutes or hours where it is made of them, and to what is kept: the snapshot says which
 * span it is of. Its interval is 0; what its rows do not know, as rates of hosts, is 0, too.
 * Fragments, ethertypes and scanners have no roll-ups: they are those of the intervals that are
 * kept, and a scanner's last row stands for it. Returns 0 and @count sums, to be freed with
 * wc_journal_intervals_free(), none when nothing is kept of the span; or WC_FAILED with @error
 * filled in.
 */
int wc_history_sum(struct wc_history *history, const struct wc_history_span *span,
		   struct wc_journal_interval **sums, size_t *count, struct wc_error *error);

/* What was counted in one step of a span. */
struct wc_history_point {
	int64_t start_ns;
	uint64_t length_ns; /* that was counted; 0: nothing is known */
	struct wc_counts directions[WC_DIRECTIONS];
	uint64_t lost; /* frames, in the kernel or at the interface */
	bool complete;
};

/*
 * Fills in @count points, @step_ns apart, the first at @span's beginning: of intervals, minutes
 * or hours, as fits the step. All captures are added up. Returns 0, or WC_FAILED with @error filled
 * in.
 */
int wc_history_points(struct wc_history *history, const struct wc_history_span *span,
		      int64_t step_ns, struct wc_history_point *points, size_t count,
		      struct wc_error *error);

#endif /* WC_HISTORY_H */
