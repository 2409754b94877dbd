/*
 * batch.h - one group of intervals as messages, one after the other
 *
 * Holds the rows of the group as the journal gives them, which an interval's bounds
 * limit, and of their messages a window of WC_BATCH_WINDOW bytes: whatever an interval
 * holds, a quarter of a million rows of it need no more. Behind the window the same
 * rows are encoded again.
 */
#ifndef WC_BATCH_H
#define WC_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "encode.h"
#include "messages.h"
#include "rows.h"

struct wc_error;            /* wirecensus/error.h */
struct wc_format;           /* format.h */
struct wc_journal_interval; /* journal.h */
struct wc_journal_reader;   /* journal.h */

#define WC_BATCH_WINDOW (8U << 20)

/* Begins as zeros and with what is to be told; loaded and unloaded again and again. */
struct wc_batch {
	const struct wc_format *format;
	void *state; /* the format's */
	struct wc_selection selection;
	struct wc_context context; /* host and instance are those of the interval's run */

	struct wc_journal_interval *intervals; /* one of each capture */
	size_t count, at;
	struct wc_snapshot *selected; /* of interval @at */
	uint64_t before;              /* messages of the intervals before it */
	struct wc_messages messages;  /* a window of its messages */
	size_t item;                  /* the next of them */
};

/*
 * Loads intervals @first to @last and begins behind their first @skip messages. Returns 0,
 * or WC_FAILED with @error filled in.
 */
int wc_batch_load(struct wc_batch *batch, struct wc_journal_reader *reader, uint64_t first,
		  uint64_t last, uint64_t skip, struct wc_error *error);

/*
 * Points @message at the next one; it stays the next until wc_batch_take(). Returns 1, 0
 * when there are no more, or WC_FAILED with @error filled in.
 */
int wc_batch_next(struct wc_batch *batch, const struct wc_message **message,
		  struct wc_error *error);
void wc_batch_take(struct wc_batch *batch);

/* The bytes of a message that was pointed at. */
void *wc_batch_bytes(struct wc_batch *batch, const struct wc_message *message);

/* Returns how many messages of the group were taken or skipped. */
uint64_t wc_batch_taken(const struct wc_batch *batch);

/* Returns about how many messages the group has: as if all captures were like this one. */
uint64_t wc_batch_estimate(const struct wc_batch *batch);

/* Frees what was loaded. */
void wc_batch_unload(struct wc_batch *batch);

#endif /* WC_BATCH_H */
