/*
 * history_sum.c - the sum of a span: which level it is made of, and its pieces added up
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "columns.h"
#include "gather_captures.h"
#include "history_parts.h"
#include "history_pieces.h"
#include "interval_writer.h"
#include "journal.h"
#include "sql.h"
#include "wirecensus/error.h"

struct summing {
	struct wc_history *history;
	const struct wc_history_span *span;
	struct wc_gather_captures captures;
	struct sqlite3_stmt *rows[WC_HISTORY_HOURS + 1][WC_ROW_TABLES]; /* as they are needed */
};

static bool has_rollups(size_t table)
{
	unsigned kind = wc_row_tables[table].kind;

	return kind & (WC_JOURNAL_PORTS | WC_JOURNAL_PROTOCOLS | WC_JOURNAL_CONVERSATIONS |
		       WC_JOURNAL_HOSTS);
}

static int gather_row(struct wc_gather *capture, size_t table, struct sqlite3_stmt *statement)
{
	const struct wc_row_table *description = &wc_row_tables[table];
	union wc_any_row row;

	memset(&row, 0, sizeof(row));
	if (!wc_columns_read(statement, 1, description->columns, description->count, &row))
		return SQLITE_CORRUPT;
	return wc_gather_row(capture, table, &row) ? SQLITE_OK : SQLITE_NOMEM;
}

static int add_rows(struct summing *summing, const struct wc_history_piece *piece,
		    struct wc_gather *capture, size_t table)
{
	struct sqlite3_stmt **statement = &summing->rows[piece->level][table];
	int code = SQLITE_OK, stepped;

	if (!*statement)
		code = wc_history_select(summing->history->db, statement, piece->level, table);
	if (code)
		return code;
	wc_sql_bind_numbers(*statement, 1, &piece->id);
	while (!code && sqlite3_step(*statement) == SQLITE_ROW)
		code = gather_row(capture, table, *statement);
	stepped = sqlite3_reset(*statement);
	return code ? code : stepped;
}

static int add_piece(void *arg, const struct wc_history_piece *piece)
{
	struct summing *summing = arg;
	struct wc_gather *capture;
	int code = SQLITE_OK;

	if (!wc_history_means(summing->span, piece->totals.capture))
		return SQLITE_OK;
	if (!wc_gather_captures_run(&summing->captures, piece->host, piece->instance))
		return SQLITE_NOMEM;
	capture = wc_gather_captures_add(&summing->captures, &piece->totals);
	if (!capture)
		return SQLITE_NOMEM;
	for (size_t i = 0; i < WC_ROW_TABLES && !code; i++)
		if ((summing->span->kinds & wc_row_tables[i].kind) &&
		    (piece->level == WC_HISTORY_INTERVALS || has_rollups(i)))
			code = add_rows(summing, piece, capture, i);
	return code;
}

/* Adds the sums of a kind without roll-ups, of the snapshots in @range. */
static int add_sums(struct summing *summing, const struct wc_history_range *range, size_t table)
{
	struct sqlite3_stmt *statement;
	int code = wc_history_select_sums(summing->history->db, &statement, table), stepped;

	if (code)
		return code;
	wc_sql_bind_numbers(statement, 2, (int64_t[]){range->first, range->last});
	while (!code && sqlite3_step(statement) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(statement, 0);
		struct wc_gather *capture =
			name ? wc_gather_captures_find(&summing->captures, name) : NULL;

		if (capture)
			code = gather_row(capture, table, statement);
	}
	stepped = sqlite3_finalize(statement);
	return code ? code : stepped;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The finest level that fits the length, unless a coarser one reaches further back to @from. */
static enum wc_history_level choose(const struct wc_history_kept *kept, int64_t from, int64_t to)
{
	int64_t rollups = smaller(kept->first_minute, kept->first_hour);
	bool long_ago = kept->first_interval > from &&
			rollups < wc_history_floor(kept->first_interval, WC_HISTORY_MINUTE_S);

	if (to - from <= WC_HISTORY_INTERVALS_S && !long_ago)
		return WC_HISTORY_INTERVALS;
	long_ago = kept->first_minute > from &&
		   kept->first_hour < wc_history_floor(kept->first_minute, WC_HISTORY_HOUR_S);
	return to - from <= WC_HISTORY_MINUTES_S && !long_ago ? WC_HISTORY_MINUTES
							      : WC_HISTORY_HOURS;
}

/* Hours, and minutes at the ends as far as they are kept. */
static int sum_hours(struct summing *summing, const struct wc_history_kept *kept, int64_t from,
		     int64_t to)
{
	struct sqlite3 *db = summing->history->db;
	int64_t first = kept->first_minute <= from ? wc_history_ceil(from, WC_HISTORY_HOUR_S)
						   : wc_history_floor(from, WC_HISTORY_HOUR_S);
	int64_t last = wc_history_floor(to, WC_HISTORY_HOUR_S);
	int code = SQLITE_OK;

	if (kept->first_minute > last)
		last = wc_history_ceil(to, WC_HISTORY_HOUR_S);
	if (last < first)
		last = first;
	if (from < first)
		code = wc_history_pieces(db, WC_HISTORY_MINUTES, from, first, add_piece, summing);
	if (!code)
		code = wc_history_pieces(db, WC_HISTORY_HOURS, first, last, add_piece, summing);
	if (!code && last < to)
		code = wc_history_pieces(db, WC_HISTORY_MINUTES, last, to, add_piece, summing);
	return code;
}

/* The last minute may not be over. */
static void clamp_end(struct summing *summing, const struct wc_history_kept *kept)
{
	for (size_t i = 0; i < summing->captures.count; i++) {
		struct wc_snapshot *sum = &summing->captures.items[i].snapshot;

		sum->interval = 0;
		if (sum->end_ns > kept->last_ns && sum->start_ns < kept->last_ns)
			sum->end_ns = kept->last_ns;
	}
}

static int sum_rest(struct summing *summing, int64_t from, int64_t to)
{
	struct wc_history_range range;
	int code = wc_history_range(summing->history->db, from, to, &range);

	for (size_t i = 0; i < WC_ROW_TABLES && !code && range.first; i++)
		if ((summing->span->kinds & wc_row_tables[i].kind) && !has_rollups(i))
			code = add_sums(summing, &range, i);
	return code;
}

static int sum(struct summing *summing)
{
	int64_t from = summing->span->from_ns / WC_SECOND_NS;
	int64_t to = wc_history_ceil(summing->span->to_ns, WC_SECOND_NS) / WC_SECOND_NS;
	struct wc_history_kept kept;
	enum wc_history_level level;
	int code = wc_history_kept(summing->history->db, &kept);

	if (code)
		return code;
	level = choose(&kept, from, to);
	if (level != WC_HISTORY_INTERVALS) {
		from = wc_history_floor(from, WC_HISTORY_MINUTE_S);
		to = wc_history_ceil(to, WC_HISTORY_MINUTE_S);
	}
	if (level == WC_HISTORY_HOURS)
		code = sum_hours(summing, &kept, from, to);
	else
		code = wc_history_pieces(summing->history->db, level, from, to, add_piece, summing);
	if (!code && level != WC_HISTORY_INTERVALS)
		code = sum_rest(summing, from, to);
	clamp_end(summing, &kept);
	return code;
}

int wc_history_sum(struct wc_history *history, const struct wc_history_span *span,
		   struct wc_journal_interval **sums, size_t *count, struct wc_error *error)
{
	struct summing summing = {.history = history, .span = span};
	int status = wc_history_begin(history, error), code;

	*sums = NULL;
	*count = 0;
	if (status)
		return status < 0 ? status : WC_OK;
	code = sum(&summing);
	for (size_t i = 0; i <= WC_HISTORY_HOURS; i++)
		wc_sql_finalize_all(summing.rows[i], WC_ROW_TABLES);
	status = wc_history_end(history, code, error);
	if (!status && !wc_gather_captures_finish(&summing.captures, sums, count))
		status = wc_error_set(error, WC_FAILED, "no memory to read the journal");
	wc_gather_captures_free(&summing.captures);
	return status;
}
