#include "rollups.h"

#include <sqlite3.h>
#include <stdbool.h>

#include "interval_writer.h"
#include "marks.h"
#include "pages.h"
#include "sql.h"
#include "wirecensus/snapshot.h"

#define MINUTE_OF(seconds) "strftime('%Y-%m-%dT%H:%M:00Z', " seconds ", 'unixepoch')"
#define HOUR_OF(seconds)   "strftime('%Y-%m-%dT%H:00:00Z', " seconds ", 'unixepoch')"
#define NEW_SPAN                                                                                   \
	"INSERT INTO span (id, run, capture, minute, hour, open, disk_bytes, intervals, "          \
	"complete) "

enum { OVER_MINUTE, OVER_HOUR, FIND_MINUTE, FIND_HOUR, NEW_MINUTE, NEW_HOUR, END, BYTES };

static const char *const texts[WC_ROLLUP_STATEMENTS] = {
	/* Open spans of another time than ?1, or of another run than ?2. */
	[OVER_MINUTE] = "SELECT id FROM span WHERE open AND minute IS NOT NULL "
			"AND (minute <> " MINUTE_OF("?1") " OR run <> ?2) LIMIT 1",
	[OVER_HOUR] = "SELECT id FROM span WHERE open AND minute IS NULL "
		      "AND (hour <> " HOUR_OF("?1") " OR run <> ?2) LIMIT 1",
	/* The open minute of snapshot ?1, the open hour of minute ?1. */
	[FIND_MINUTE] = "SELECT span.id FROM snapshot CROSS JOIN span WHERE snapshot.id = ?1 "
			"AND span.open AND minute IS NOT NULL AND span.capture = snapshot.capture",
	[FIND_HOUR] = "SELECT b.id FROM span AS a CROSS JOIN span AS b WHERE a.id = ?1 AND b.open "
		      "AND b.minute IS NULL AND b.capture = a.capture AND b.hour = a.hour "
		      "AND b.run = a.run",
	/* Span ?1 for snapshot ?2 of run ?3 at ?4; for minute ?2. */
	[NEW_MINUTE] = NEW_SPAN "SELECT ?1, ?3, capture, " MINUTE_OF("?4") ", " HOUR_OF(
		"?4") ", 1, 0, 0, 1 FROM snapshot WHERE id = ?2",
	[NEW_HOUR] = NEW_SPAN "SELECT ?1, run, capture, NULL, hour, 1, 0, 0, 1 FROM span "
			      "WHERE id = ?2",
	/* A minute's hour has its rows now. */
	[END] = "UPDATE span SET open = 0, hour = CASE WHEN minute IS NULL THEN hour END "
		"WHERE id = ?1",
	[BYTES] = "UPDATE span SET disk_bytes = disk_bytes + ?2 WHERE id = ?1",
};

static int open_table(struct wc_rollups *rollups, struct sqlite3 *db, enum wc_rollup_table table)
{
	int code = wc_sql_prepare_made(db, &rollups->add_rows[table], wc_rollup_add_rows(table));

	if (!code)
		code = wc_sql_prepare_made(db, &rollups->add_span[table],
					   wc_rollup_add_span(table));
	return code;
}

static int open_cut(struct wc_rollups *rollups, struct sqlite3 *db, enum wc_rollup_table table)
{
	int code = wc_sql_prepare_made(db, &rollups->count[table], wc_rollup_count(table));

	if (!code)
		code = wc_sql_prepare_made(db, &rollups->cut_add[table], wc_rollup_cut_add(table));
	if (!code)
		code = wc_sql_prepare_made(db, &rollups->cut[table], wc_rollup_cut(table));
	return code;
}

int wc_rollups_open(struct wc_rollups *rollups, struct sqlite3 *db, struct wc_pages *pages)
{
	int code = wc_sql_prepare_all(db, rollups->own, texts, WC_ROLLUP_STATEMENTS);

	rollups->pages = pages;
	if (!code)
		code = wc_sql_prepare_made(db, &rollups->totals_of_snapshot,
					   wc_rollup_totals(true));
	if (!code)
		code = wc_sql_prepare_made(db, &rollups->totals_of_span, wc_rollup_totals(false));
	for (int i = 0; i < WC_ROLLUP_TABLES && !code; i++)
		code = open_table(rollups, db, (enum wc_rollup_table)i);
	for (int i = WC_ROLLUP_CONVERSATIONS; i < WC_ROLLUP_TABLES && !code; i++)
		code = open_cut(rollups, db, (enum wc_rollup_table)i);
	return code;
}

void wc_rollups_close(struct wc_rollups *rollups)
{
	wc_sql_finalize_all(rollups->own, WC_ROLLUP_STATEMENTS);
	wc_sql_finalize_all(&rollups->totals_of_snapshot, 1);
	wc_sql_finalize_all(&rollups->totals_of_span, 1);
	wc_sql_finalize_all(rollups->add_rows, WC_ROLLUP_TABLES);
	wc_sql_finalize_all(rollups->add_span, WC_ROLLUP_TABLES);
	wc_sql_finalize_all(rollups->count, WC_ROLLUP_TABLES);
	wc_sql_finalize_all(rollups->cut_add, WC_ROLLUP_TABLES);
	wc_sql_finalize_all(rollups->cut, WC_ROLLUP_TABLES);
}

static int run(struct sqlite3_stmt *statement, size_t count, const int64_t *numbers)
{
	wc_sql_bind_numbers(statement, count, numbers);
	return wc_sql_run(statement);
}

/* Asks for a number; 0 where there is none. */
static int ask(struct sqlite3_stmt *statement, size_t count, const int64_t *numbers, int64_t *value)
{
	*value = 0;
	wc_sql_bind_numbers(statement, count, numbers);
	return wc_sql_number(statement, value);
}

/* Charges span @id, and all of its length, with what the file grew since @before. */
static int charge(struct wc_rollups *rollups, int64_t id, int64_t before, int64_t *all)
{
	int64_t used;
	int code = wc_pages_used(rollups->pages, &used);

	if (code || used == before)
		return code;
	*all += used - before;
	return run(rollups->own[BYTES], 2, (int64_t[]){id, used - before});
}

/* Leaves the largest conversations and hosts, and `other` with the rest. */
static int cut(struct wc_rollups *rollups, int64_t id)
{
	int code = SQLITE_OK;

	for (int i = WC_ROLLUP_CONVERSATIONS; i < WC_ROLLUP_TABLES && !code; i++) {
		int64_t rows;

		code = ask(rollups->count[i], 1, &id, &rows);
		if (code || rows <= WC_ROLLUP_ROWS)
			continue;
		code = run(rollups->cut_add[i], 1, &id);
		if (!code)
			code = run(rollups->cut[i], 1, &id);
	}
	return code;
}

/* Adds minute @minute, which is over, to its hour. */
static int add_minute(struct wc_rollups *rollups, int64_t minute, struct wc_marks *marks)
{
	int64_t hour, before;
	int code = wc_pages_used(rollups->pages, &before);

	if (!code)
		code = ask(rollups->own[FIND_HOUR], 1, &minute, &hour);
	if (!code && !hour) {
		hour = ++marks->span;
		code = run(rollups->own[NEW_HOUR], 2, (int64_t[]){hour, minute});
	}
	if (!code)
		code = run(rollups->totals_of_span, 2, (int64_t[]){hour, minute});
	for (int i = 0; i < WC_ROLLUP_TABLES && !code; i++)
		code = run(rollups->add_span[i], 2, (int64_t[]){hour, minute});
	return code ? code : charge(rollups, hour, before, &marks->hour_bytes);
}

/* Cuts a span that is over, and hands a minute on. */
static int end_span(struct wc_rollups *rollups, int64_t id, bool is_minute, struct wc_marks *marks)
{
	int64_t before;
	int code = wc_pages_used(rollups->pages, &before);

	if (!code)
		code = cut(rollups, id);
	if (!code)
		code = charge(rollups, id, before,
			      is_minute ? &marks->minute_bytes : &marks->hour_bytes);
	if (!code && is_minute)
		code = add_minute(rollups, id, marks);
	return code ? code : run(rollups->own[END], 1, &id);
}

static int end_spans(struct wc_rollups *rollups, int which, const int64_t now[static 2],
		     struct wc_marks *marks)
{
	int64_t id;
	int code = ask(rollups->own[which], 2, now, &id);

	while (!code && id) {
		code = end_span(rollups, id, which == OVER_MINUTE, marks);
		if (!code)
			code = ask(rollups->own[which], 2, now, &id);
	}
	return code;
}

static int add_snapshot(struct wc_rollups *rollups, int64_t snapshot, const int64_t now[static 2],
			struct wc_marks *marks)
{
	int64_t minute, before, first = snapshot << WC_ROW_BITS;
	int64_t last = first + (INT64_C(1) << WC_ROW_BITS) - 1;
	int code = wc_pages_used(rollups->pages, &before);

	if (!code)
		code = ask(rollups->own[FIND_MINUTE], 1, &snapshot, &minute);
	if (!code && !minute) {
		minute = ++marks->span;
		code = run(rollups->own[NEW_MINUTE], 4,
			   (int64_t[]){minute, snapshot, now[1], now[0]});
	}
	if (!code)
		code = run(rollups->totals_of_snapshot, 2, (int64_t[]){minute, snapshot});
	for (int i = 0; i < WC_ROLLUP_TABLES && !code; i++)
		code = run(rollups->add_rows[i], 3, (int64_t[]){minute, first, last});
	return code ? code : charge(rollups, minute, before, &marks->minute_bytes);
}

int wc_rollups_add(struct wc_rollups *rollups, const struct wc_interval_mark *interval,
		   struct wc_marks *marks)
{
	int64_t now[2] = {wc_interval_middle(interval->start_ns, interval->end_ns) / WC_SECOND_NS,
			  interval->run};
	int code = end_spans(rollups, OVER_MINUTE, now, marks);

	if (!code)
		code = end_spans(rollups, OVER_HOUR, now, marks);
	for (int64_t id = interval->first_snapshot; id <= interval->last_snapshot && !code; id++)
		code = add_snapshot(rollups, id, now, marks);
	return code;
}
