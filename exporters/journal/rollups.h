/*
 * rollups.h - intervals added up to minutes, and minutes to hours
 *
 * Each interval is added to the minute that it lies in. When the minute is over it is cut to the
 * largest conversations and hosts and added to its hour, once; then it does not change any more.
 * The cost of an interval is bounded by its own rows, and of a minute by a minute's.
 */
#ifndef WC_ROLLUPS_H
#define WC_ROLLUPS_H

#include <stdint.h>

#include "rollup_texts.h"

struct sqlite3;
struct sqlite3_stmt;
struct wc_interval_mark; /* interval_writer.h */
struct wc_marks;         /* marks.h */
struct wc_pages;         /* pages.h */

#define WC_ROLLUP_STATEMENTS 8

struct wc_rollups {
	struct wc_pages *pages; /* the journal's */
	struct sqlite3_stmt *own[WC_ROLLUP_STATEMENTS];
	struct sqlite3_stmt *totals_of_snapshot, *totals_of_span;
	struct sqlite3_stmt *add_rows[WC_ROLLUP_TABLES], *add_span[WC_ROLLUP_TABLES];
	struct sqlite3_stmt *count[WC_ROLLUP_TABLES], *cut_add[WC_ROLLUP_TABLES];
	struct sqlite3_stmt *cut[WC_ROLLUP_TABLES];
};

/* Each returns a result code of SQLite. */
int wc_rollups_open(struct wc_rollups *rollups, struct sqlite3 *db, struct wc_pages *pages);
void wc_rollups_close(struct wc_rollups *rollups);

/* Adds an interval, within the transaction that wrote it, and counts the bytes in @marks. */
int wc_rollups_add(struct wc_rollups *rollups, const struct wc_interval_mark *interval,
		   struct wc_marks *marks);

#endif /* WC_ROLLUPS_H */
