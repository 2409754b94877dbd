/*
 * interval_writer.h - the rows of one interval into the tables
 *
 * All within a transaction of the caller.
 */
#ifndef WC_INTERVAL_WRITER_H
#define WC_INTERVAL_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "columns.h"

struct sqlite3;
struct sqlite3_stmt;
struct wc_snapshot; /* wirecensus/snapshot.h */

/* The id of a row is that of its snapshot, shifted by this, and a number. */
#define WC_ROW_BITS 24

#define WC_SECOND_NS INT64_C(1000000000)

struct wc_interval_writer {
	struct sqlite3_stmt *interval, *snapshot, *rows[WC_ROW_TABLES];
};

/* What an interval is known by. */
struct wc_interval_mark {
	int64_t sequence, run;
	int64_t first_snapshot, last_snapshot;
	int64_t start_ns, end_ns; /* or WC_TIME_UNKNOWN */
	int64_t length_ns;
	int64_t written, disk_bytes;
};

/*
 * Returns the middle of an interval, by which it is told to which minute or group it belongs: its
 * end lies a little before or behind a multiple. 0 if no time is known.
 */
int64_t wc_interval_middle(int64_t start_ns, int64_t end_ns);

/* Each returns a result code of SQLite. */
int wc_interval_writer_open(struct wc_interval_writer *writer, struct sqlite3 *db);
void wc_interval_writer_close(struct wc_interval_writer *writer);

/* Writes a snapshot with its rows as number @id. */
int wc_interval_writer_snapshot(struct wc_interval_writer *writer, int64_t sequence, int64_t id,
				const struct wc_snapshot *snapshot);

/* Writes the interval itself. */
int wc_interval_writer_mark(struct wc_interval_writer *writer, const struct wc_interval_mark *mark);

#endif /* WC_INTERVAL_WRITER_H */
