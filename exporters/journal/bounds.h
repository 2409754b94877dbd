/*
 * bounds.h - what goes when the journal has grown or aged too far
 *
 * Whole intervals go, the oldest first, and spans of roll-ups. Of the size, roll-ups may keep a
 * share when space is short: minutes an eighth, hours a quarter; the rest is for intervals.
 */
#ifndef WC_BOUNDS_H
#define WC_BOUNDS_H

#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;
struct wc_marks; /* marks.h */
struct wc_pages; /* pages.h */

/* Roll-ups are kept so long, if there is room: two weeks of minutes, two years of hours. */
#define WC_BOUNDS_MINUTES_S INT64_C(1209600)
#define WC_BOUNDS_HOURS_S   INT64_C(63158400)

#define WC_BOUND_STATEMENTS 21

struct wc_bounds {
	struct wc_pages *pages; /* the journal's */
	struct sqlite3_stmt *own[WC_BOUND_STATEMENTS];
};

struct wc_bounds_limits {
	int64_t size, undelivered; /* bytes */
	int64_t age_s;
	int64_t delivered; /* sequence up to which all exporters have delivered all */
	int64_t now_s;     /* wall clock of the newest interval */
};

/* Each returns a result code of SQLite. */
int wc_bounds_open(struct wc_bounds *bounds, struct sqlite3 *db, struct wc_pages *pages);
void wc_bounds_close(struct wc_bounds *bounds);

/*
 * Drops what is beyond @limits, within a transaction, the newest interval never; counts in
 * @marks what was not delivered.
 */
int wc_bounds_keep(struct wc_bounds *bounds, const struct wc_bounds_limits *limits,
		   struct wc_marks *marks);

#endif /* WC_BOUNDS_H */
