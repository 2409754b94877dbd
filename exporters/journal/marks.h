/*
 * marks.h - the numbers that were given out so far
 */
#ifndef WC_MARKS_H
#define WC_MARKS_H

#include <stdint.h>

struct sqlite3;

/* More is damage: a snapshot's number leaves room for those of its rows. */
#define WC_MARKS_MOST       (INT64_C(1) << 38)
#define WC_MARKS_MOST_BYTES (INT64_C(1) << 60)

struct wc_marks {
	int64_t sequence, snapshot, span; /* the last ones */
	int64_t written;                  /* bytes of all intervals so far */
	int64_t dropped;                  /* intervals that not all exporters had delivered */
	int64_t intervals;                /* that are kept now */
	int64_t minute_bytes, hour_bytes; /* that roll-ups take now */
};

/*
 * Raises the numbers to what the file holds, so that a new file goes on where an old one ended;
 * what is kept now is the file's. Returns a result code.
 */
int wc_marks_load(struct wc_marks *marks, struct sqlite3 *db);
int wc_marks_store(const struct wc_marks *marks, struct sqlite3 *db);

#endif /* WC_MARKS_H */
