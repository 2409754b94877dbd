#include "history_pieces.h"

#include <sqlite3.h>
#include <string.h>

#include "columns.h"
#include "interval_writer.h"
#include "marks.h"
#include "sql.h"

/* The columns of a piece before its counts: id, capture, observer, host, instance. */
#define PIECE_OWN 5

/* Clocks are set: an interval that ended so long before may stand behind one that is asked for. */
#define CLOCK_STEP_S 3600

static const char interval_texts[] =
	" FROM interval CROSS JOIN run ON run.id = interval.run "
	"CROSS JOIN snapshot ON snapshot.id BETWEEN first_snapshot AND last_snapshot "
	"WHERE snapshot.id BETWEEN ?1 AND ?2 "
	"AND interval.sequence BETWEEN (SELECT sequence FROM snapshot WHERE id = ?1) "
	"AND (SELECT sequence FROM snapshot WHERE id = ?2) "
	"AND interval.start_ns / 2 + interval.end_ns / 2 >= ?3 "
	"AND interval.start_ns / 2 + interval.end_ns / 2 < ?4 ORDER BY snapshot.id";

#define SPAN_TEXT(name, condition)                                                                 \
	" FROM span CROSS JOIN run ON run.id = span.run WHERE " condition name                     \
	" >= strftime('%Y-%m-%dT%H:%M:00Z', ?1, 'unixepoch') AND " name                            \
	" < strftime('%Y-%m-%dT%H:%M:00Z', ?2, 'unixepoch') ORDER BY " name ", span.id"

/* An hour has its own row, and the minutes that are not yet added to it. */
static const char *const span_texts[] = {
	[WC_HISTORY_MINUTES] = SPAN_TEXT("minute", ""),
	[WC_HISTORY_HOURS] = SPAN_TEXT("hour", ""),
};

#define SPAN_START "strftime('%s', coalesce(minute, hour)) * 1000000000"

/* What stands for the columns of a snapshot before its counts, by wc_snapshot_columns. */
static const char span_head[] = "0, " SPAN_START ", " SPAN_START
				" + CASE WHEN minute IS NULL THEN 3600 ELSE 60 END * 1000000000, "
				"0, merged > 0, complete, 0";

/* Spans have no observer: their capture stands for it. */
static char *piece_text(enum wc_history_level level)
{
	struct sqlite3_str *text = sqlite3_str_new(NULL);
	size_t first = 0;

	if (level == WC_HISTORY_INTERVALS) {
		sqlite3_str_appendall(text,
				      "SELECT snapshot.id, capture, observer, host, instance");
	} else {
		sqlite3_str_appendf(text, "SELECT span.id, capture, capture, host, instance, %s",
				    span_head);
		first = wc_snapshot_first_count;
	}
	for (size_t i = first; i < wc_snapshot_column_count; i++)
		sqlite3_str_appendf(text, ", %s.%s",
				    level == WC_HISTORY_INTERVALS ? "snapshot" : "span",
				    wc_snapshot_columns[i].name);
	sqlite3_str_appendall(text,
			      level == WC_HISTORY_INTERVALS ? interval_texts : span_texts[level]);
	return sqlite3_str_finish(text);
}

static const char *column_text(struct sqlite3_stmt *statement, int column)
{
	return (const char *)sqlite3_column_text(statement, column);
}

static int take_piece(struct sqlite3_stmt *statement, enum wc_history_level level,
		      wc_history_taker *take, void *arg)
{
	struct wc_history_piece piece = {
		.id = sqlite3_column_int64(statement, 0),
		.level = level,
		.totals.capture = column_text(statement, 1),
		.totals.observer = column_text(statement, 2),
		.host = column_text(statement, 3),
		.instance = column_text(statement, 4),
	};

	if (!piece.totals.capture || !piece.totals.observer || !piece.host || !piece.instance ||
	    piece.id < 0 || piece.id > WC_MARKS_MOST ||
	    !wc_columns_read(statement, PIECE_OWN, wc_snapshot_columns, wc_snapshot_column_count,
			     &piece.totals))
		return SQLITE_CORRUPT;
	return take(arg, &piece);
}

static int walk(struct sqlite3 *db, enum wc_history_level level, size_t count,
		const int64_t *numbers, wc_history_taker *take, void *arg)
{
	struct sqlite3_stmt *statement;
	int code = wc_sql_prepare_made(db, &statement, piece_text(level)), end;

	if (code)
		return code;
	wc_sql_bind_numbers(statement, count, numbers);
	while (!code && sqlite3_step(statement) == SQLITE_ROW)
		code = take_piece(statement, level, take, arg);
	end = sqlite3_finalize(statement);
	return code ? code : end;
}

int wc_history_pieces(struct sqlite3 *db, enum wc_history_level level, int64_t from_s, int64_t to_s,
		      wc_history_taker *take, void *arg)
{
	struct wc_history_range range;
	int code;

	if (level != WC_HISTORY_INTERVALS)
		return walk(db, level, 2, (int64_t[]){from_s, to_s}, take, arg);
	code = wc_history_range(db, from_s, to_s, &range);
	if (code || !range.first)
		return code;
	return walk(
		db, level, 4,
		(int64_t[]){range.first, range.last, from_s * WC_SECOND_NS, to_s * WC_SECOND_NS},
		take, arg);
}

int wc_history_range(struct sqlite3 *db, int64_t from_s, int64_t to_s,
		     struct wc_history_range *range)
{
	struct sqlite3_stmt *statement;
	int code = wc_sql_prepare(db, &statement,
				  "SELECT first_snapshot, last_snapshot, start_ns / 2 + end_ns / 2 "
				  "FROM interval ORDER BY sequence DESC");

	*range = (struct wc_history_range){0, 0};
	if (code)
		return code;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		int64_t middle = sqlite3_column_int64(statement, 2) / WC_SECOND_NS;

		if (middle < from_s - CLOCK_STEP_S)
			break;
		if (middle < from_s || middle >= to_s)
			continue;
		range->first = sqlite3_column_int64(statement, 0);
		if (!range->last)
			range->last = sqlite3_column_int64(statement, 1);
	}
	return sqlite3_finalize(statement);
}

int wc_history_kept(struct sqlite3 *db, struct wc_history_kept *kept)
{
	int code;

	*kept = (struct wc_history_kept){INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
	code = wc_sql_ask(db,
			  "SELECT start_ns / 1000000000 FROM interval ORDER BY sequence LIMIT 1",
			  &kept->first_interval);
	if (!code)
		code = wc_sql_ask(db,
				  "SELECT strftime('%s', min(minute)) + 0 FROM span "
				  "WHERE minute IS NOT NULL",
				  &kept->first_minute);
	if (!code)
		code = wc_sql_ask(db,
				  "SELECT strftime('%s', min(hour)) + 0 FROM span "
				  "WHERE hour IS NOT NULL",
				  &kept->first_hour);
	if (!code)
		code = wc_sql_ask(db, "SELECT end_ns FROM interval ORDER BY sequence DESC LIMIT 1",
				  &kept->last_ns);
	return code;
}

/* Roll-ups tell conversations apart without the client's port, and keep keys and counts. */
static bool in_rollups(const struct wc_column *column)
{
	return (column->rule == WC_COLUMN_KEY && strcmp(column->name, "client_port")) ||
	       column->rule == WC_COLUMN_KEEP || column->rule == WC_COLUMN_ADD;
}

static const char *absent(const struct wc_column *column)
{
	return column->kind == WC_COLUMN_TIME ? "NULL" : "0";
}

int wc_history_select(struct sqlite3 *db, struct sqlite3_stmt **statement,
		      enum wc_history_level level, size_t table)
{
	const struct wc_row_table *rows = &wc_row_tables[table];
	struct sqlite3_str *text = sqlite3_str_new(NULL);
	bool whole = level == WC_HISTORY_INTERVALS;

	sqlite3_str_appendall(text, "SELECT 0");
	for (size_t i = 0; i < rows->count; i++)
		sqlite3_str_appendf(text, ", %s",
				    whole || in_rollups(&rows->columns[i])
					    ? rows->columns[i].name
					    : absent(&rows->columns[i]));
	if (whole)
		sqlite3_str_appendf(text,
				    " FROM %s WHERE id BETWEEN ?1 << %d AND ((?1 + 1) << %d) - 1 "
				    "ORDER BY id",
				    rows->name, WC_ROW_BITS, WC_ROW_BITS);
	else
		sqlite3_str_appendf(text, " FROM span_%s WHERE span = ?1", rows->name);
	return wc_sql_prepare_made(db, statement, sqlite3_str_finish(text));
}

/* What is neither key nor count is that of the latest row, as SQLite's max() has it. */
int wc_history_select_sums(struct sqlite3 *db, struct sqlite3_stmt **statement, size_t table)
{
	const struct wc_row_table *rows = &wc_row_tables[table];
	struct sqlite3_str *text = sqlite3_str_new(NULL);

	sqlite3_str_appendall(text, "SELECT capture");
	for (size_t i = 0; i < rows->count; i++)
		sqlite3_str_appendf(
			text, rows->columns[i].rule == WC_COLUMN_ADD ? ", sum(%s.%s)" : ", %s.%s",
			rows->name, rows->columns[i].name);
	sqlite3_str_appendf(text,
			    ", max(%s.id) FROM %s CROSS JOIN snapshot ON snapshot.id = %s.id >> %d "
			    "WHERE %s.id BETWEEN ?1 << %d AND ((?2 + 1) << %d) - 1 "
			    "GROUP BY capture",
			    rows->name, rows->name, rows->name, WC_ROW_BITS, rows->name,
			    WC_ROW_BITS, WC_ROW_BITS);
	for (size_t i = 0; i < rows->count && rows->columns[i].rule == WC_COLUMN_KEY; i++)
		sqlite3_str_appendf(text, ", %s.%s", rows->name, rows->columns[i].name);
	sqlite3_str_appendall(text, " ORDER BY capture");
	for (size_t i = 0; i < rows->count && rows->columns[i].rule == WC_COLUMN_KEY; i++)
		sqlite3_str_appendf(text, ", %s.%s", rows->name, rows->columns[i].name);
	return wc_sql_prepare_made(db, statement, sqlite3_str_finish(text));
}
