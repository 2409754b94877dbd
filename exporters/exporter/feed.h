/*
 * feed.h - what an exporter is to send next: the journal from a position on, as messages
 *
 * Finds a group of intervals, loads it when its first message is asked for, and forgets
 * it behind its last. After a failure it goes back to the confirmed position.
 */
#ifndef WC_FEED_H
#define WC_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "batch.h"
#include "journal.h"

struct wc_error;          /* wirecensus/error.h */
struct wc_progress;       /* progress.h */
struct wc_progress_entry; /* progress.h */

/* Begins as zeros and with the first five; the batch as batch.h says. */
struct wc_feed {
	struct wc_journal *journal;
	struct wc_journal_reader *reader;
	struct wc_progress *progress;
	uint64_t group_ns; /* multiples of time where groups end; 0: each interval is one */
	uint64_t encoding; /* exporter.h */

	uint64_t after;                /* all up to this sequence was handed out */
	struct wc_journal_group group; /* the next behind it; first is 0: none is known */
	bool loaded;                   /* it is in batch */
	struct wc_batch batch;
};

/* Goes back to the position. */
void wc_feed_rewind(struct wc_feed *feed);

/* Returns 1 when there is a group to be sent, 0 when not, or WC_FAILED with @error filled in. */
int wc_feed_find(struct wc_feed *feed, struct wc_error *error);

/*
 * Points @bytes at the next message and fills in @entry; it stays the next until
 * wc_feed_take(). Returns 1, 0 when there is none, or WC_FAILED with @error filled in.
 */
int wc_feed_next(struct wc_feed *feed, void **bytes, struct wc_progress_entry *entry,
		 struct wc_error *error);
void wc_feed_take(struct wc_feed *feed);

#endif /* WC_FEED_H */
