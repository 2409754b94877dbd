/*
 * history_parts.h - a history's connection
 *
 * For the files of this folder.
 */
#ifndef WC_HISTORY_PARTS_H
#define WC_HISTORY_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "history.h"

struct sqlite3;
struct wc_journal_reader; /* journal.h */

#define WC_HISTORY_MINUTE_S 60
#define WC_HISTORY_HOUR_S   3600

struct wc_history {
	struct wc_journal_reader *reader; /* of this process's journal; NULL: a file */
	struct sqlite3 *db;               /* of the file, or as long as the reader reads */
	char *path;
};

/*
 * Begins reading, of one state of the file. Returns 0, to be ended; 1 when there is nothing yet, or
 * WC_FAILED.
 */
int wc_history_begin(struct wc_history *history, struct wc_error *error);

/* Ends it, and tells of the result @code of SQLite. Returns 0 or WC_FAILED. */
int wc_history_end(struct wc_history *history, int code, struct wc_error *error);

/* True if @span asks for this capture. */
bool wc_history_means(const struct wc_history_span *span, const char *capture);

/* Rounds down and up to a multiple of @unit. */
int64_t wc_history_floor(int64_t number, int64_t unit);
int64_t wc_history_ceil(int64_t number, int64_t unit);

#endif /* WC_HISTORY_PARTS_H */
