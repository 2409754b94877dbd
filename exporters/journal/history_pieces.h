/*
 * history_pieces.h - what a span of time is made of: intervals, minutes, hours
 *
 * For the files of this folder, which speak SQLite's result codes.
 */
#ifndef WC_HISTORY_PIECES_H
#define WC_HISTORY_PIECES_H

#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

struct sqlite3;
struct sqlite3_stmt;

enum wc_history_level { WC_HISTORY_INTERVALS, WC_HISTORY_MINUTES, WC_HISTORY_HOURS };

/* One capture in an interval, a minute or an hour. Lives as long as the call that gets it. */
struct wc_history_piece {
	int64_t id; /* of its snapshot, or of its span */
	enum wc_history_level level;
	struct wc_snapshot totals; /* no rows */
	const char *host, *instance;
};

/* Takes a piece; a result code other than SQLITE_OK ends the walk. */
typedef int wc_history_taker(void *arg, const struct wc_history_piece *piece);

/*
 * Hands over the pieces from @from_s to @to_s, seconds since 1970, in order: intervals by their
 * middle; minutes and hours by their beginning. Returns a result code.
 */
int wc_history_pieces(struct sqlite3 *db, enum wc_history_level level, int64_t from_s, int64_t to_s,
		      wc_history_taker *take, void *arg);

/* The snapshots of intervals from @from_s to @to_s; first is 0 when there are none. */
struct wc_history_range {
	int64_t first, last;
};
int wc_history_range(struct sqlite3 *db, int64_t from_s, int64_t to_s,
		     struct wc_history_range *range);

/* What is kept, in seconds since 1970: INT64_MAX where nothing is. */
struct wc_history_kept {
	int64_t first_interval, first_minute, first_hour;
	int64_t last_ns; /* end of the newest interval */
};
int wc_history_kept(struct sqlite3 *db, struct wc_history_kept *kept);

/*
 * Prepares the rows of kind @table (of wc_row_tables): of piece ?1, or, of a kind that has no
 * roll-ups, the sums of snapshots ?1 to ?2 by capture, whose name is column 0. The columns are
 * those of the table, from 1 on. Return a result code.
 */
int wc_history_select(struct sqlite3 *db, struct sqlite3_stmt **statement,
		      enum wc_history_level level, size_t table);
int wc_history_select_sums(struct sqlite3 *db, struct sqlite3_stmt **statement, size_t table);

#endif /* WC_HISTORY_PIECES_H */
