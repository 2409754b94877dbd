#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "gather_captures.h"
#include "interval_writer.h"
#include "marks.h"
#include "reader.h"
#include "sql.h"
#include "wirecensus/error.h"

/* The columns of a snapshot before its description: id, capture, observer. */
#define SNAPSHOT_OWN 3

/* What is loaded: a sum for each capture. */
struct load {
	struct wc_journal_reader *reader;
	unsigned kinds;
	struct wc_gather_captures captures;
	int64_t first_snapshot, last_snapshot; /* of the interval that is read */
};

static int load_rows(struct load *load, struct wc_gather *capture, size_t table, int64_t snapshot)
{
	const struct wc_row_table *description = &wc_row_tables[table];
	struct sqlite3_stmt *statement = load->reader->rows[table];
	int64_t first = snapshot << WC_ROW_BITS;
	int code = SQLITE_OK, end;

	wc_sql_bind_numbers(statement, 2,
			    (int64_t[]){first, first + (INT64_C(1) << WC_ROW_BITS) - 1});
	while (!code && sqlite3_step(statement) == SQLITE_ROW) {
		union wc_any_row row;

		memset(&row, 0, sizeof(row));
		if (!wc_columns_read(statement, 1, description->columns, description->count, &row))
			code = SQLITE_CORRUPT;
		else if (!wc_gather_row(capture, table, &row))
			code = SQLITE_NOMEM;
	}
	end = sqlite3_reset(statement);
	return code ? code : end;
}

/* One capture in one interval. */
static int load_snapshot(struct load *load, struct sqlite3_stmt *statement)
{
	struct wc_snapshot snapshot = {
		.capture = (const char *)sqlite3_column_text(statement, 1),
		.observer = (const char *)sqlite3_column_text(statement, 2),
	};
	int64_t id = sqlite3_column_int64(statement, 0);
	struct wc_gather *capture;
	int code = SQLITE_OK;

	if (!snapshot.capture || !snapshot.observer || id < 0 || id > WC_MARKS_MOST ||
	    !wc_columns_read(statement, SNAPSHOT_OWN, wc_snapshot_columns, wc_snapshot_column_count,
			     &snapshot))
		return SQLITE_CORRUPT;
	capture = wc_gather_captures_add(&load->captures, &snapshot);
	if (!capture)
		return SQLITE_NOMEM;
	for (size_t i = 0; i < WC_ROW_TABLES && !code; i++)
		if (load->kinds & wc_row_tables[i].kind)
			code = load_rows(load, capture, i, id);
	return code;
}

static int load_snapshots(struct load *load)
{
	struct sqlite3_stmt *statement = load->reader->own[WC_READER_SNAPSHOTS];
	int code = SQLITE_OK, end;

	wc_sql_bind_numbers(statement, 2, (int64_t[]){load->first_snapshot, load->last_snapshot});
	while (!code && sqlite3_step(statement) == SQLITE_ROW)
		code = load_snapshot(load, statement);
	end = sqlite3_reset(statement);
	return code ? code : end;
}

static int take_run(struct load *load, struct sqlite3_stmt *statement)
{
	const char *host = (const char *)sqlite3_column_text(statement, 0);
	const char *instance = (const char *)sqlite3_column_text(statement, 1);

	load->first_snapshot = sqlite3_column_int64(statement, 2);
	load->last_snapshot = sqlite3_column_int64(statement, 3);
	if (load->captures.host)
		return SQLITE_OK;
	if (!host || !instance)
		return SQLITE_CORRUPT;
	return wc_gather_captures_run(&load->captures, host, instance) ? SQLITE_OK : SQLITE_NOMEM;
}

/* Within one transaction, so that it is there as a whole or not at all. */
static int load_interval(struct load *load, uint64_t sequence)
{
	struct sqlite3_stmt *statement = load->reader->own[WC_READER_RUN];
	int code, end;

	wc_sql_bind_numbers(statement, 1, (int64_t[]){(int64_t)sequence});
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		code = take_run(load, statement);
	else if (code == SQLITE_DONE)
		code = SQLITE_NOTFOUND;
	if (!code)
		code = load_snapshots(load);
	end = sqlite3_reset(statement);
	return code ? code : end;
}

static int load_all(struct load *load, uint64_t first, uint64_t last, struct wc_error *error)
{
	int code = SQLITE_OK;

	for (uint64_t sequence = first; sequence <= last && !code; sequence++) {
		int status = wc_reader_begin(load->reader, error);

		if (status)
			return status < 0 ? status
					  : wc_error_set(error, WC_FAILED,
							 "the journal could not be opened yet");
		code = load_interval(load, sequence);
		wc_reader_end(load->reader);
	}
	if (code == SQLITE_NOTFOUND)
		return wc_error_set(error, WC_FAILED,
				    "an interval between %llu and %llu is not in the journal any "
				    "more: ask for the next group",
				    (unsigned long long)first, (unsigned long long)last);
	return code ? wc_reader_failed(load->reader, code, error) : WC_OK;
}

int wc_journal_load(struct wc_journal_reader *reader, uint64_t first, uint64_t last, unsigned kinds,
		    struct wc_journal_interval **intervals, size_t *count, struct wc_error *error)
{
	struct load load = {.reader = reader, .kinds = kinds};
	int status = load_all(&load, first, last, error);

	if (!status && !wc_gather_captures_finish(&load.captures, intervals, count))
		status = wc_error_set(error, WC_FAILED, "no memory to read the journal");
	wc_gather_captures_free(&load.captures);
	return status;
}

void wc_journal_intervals_free(struct wc_journal_interval *intervals, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(intervals[i].host);
		free(intervals[i].instance);
		wc_gather_snapshot_free(intervals[i].snapshot);
	}
	free(intervals);
}
