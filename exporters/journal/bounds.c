#include "bounds.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "interval_writer.h"
#include "marks.h"
#include "pages.h"
#include "sql.h"

/* Of the size: what roll-ups keep when space is short. */
#define MINUTES_SHARE 8
#define HOURS_SHARE   4

/* After a long pause much is too old at once: so many intervals, and spans, go with each commit. */
#define AGED_AT_ONCE 100

/* Pages that are given back with each commit, when the file is larger than it may be. */
#define VACUUM "PRAGMA incremental_vacuum(1024)"

#define SPAN_TIME(seconds) "strftime('%Y-%m-%dT%H:%M:00Z', " seconds ", 'unixepoch')"

enum {
	OLDEST,
	MINUTE_OLDEST,
	MINUTE_AGED,
	HOUR_OLDEST,
	HOUR_AGED,
	RELEASE,
	OLD_RUNS,
	DELETE_INTERVAL,
	DELETE_SPAN, /* by its id, until DELETE_SNAPSHOTS */
	DELETE_SNAPSHOTS = DELETE_SPAN + 5,
	DELETE_ROWS, /* by range, to the end */
};

static const char *const texts[WC_BOUND_STATEMENTS] = {
	/* One without a time does not age. */
	[OLDEST] = "SELECT sequence, first_snapshot, last_snapshot, "
		   "ifnull(end_ns, 9223372036854775807), written FROM interval "
		   "WHERE sequence > ?1 ORDER BY sequence LIMIT 1",
	[MINUTE_OLDEST] = "SELECT id, disk_bytes FROM span WHERE minute IS NOT NULL AND NOT open "
			  "ORDER BY minute LIMIT 1",
	[MINUTE_AGED] = "SELECT id, disk_bytes FROM span WHERE minute < " SPAN_TIME(
		"?1") " AND NOT open ORDER BY minute LIMIT 1",
	/* Minutes that are not in their hour yet have an hour, too. */
	[HOUR_OLDEST] = "SELECT id, disk_bytes FROM span WHERE hour IS NOT NULL AND NOT open "
			"ORDER BY hour LIMIT 1",
	[HOUR_AGED] = "SELECT id, disk_bytes FROM span WHERE hour < " SPAN_TIME(
		"?1") " AND NOT open ORDER BY hour LIMIT 1",
	[RELEASE] = VACUUM,
	/* Runs of which nothing is left: ids grow with those of intervals and spans. */
	[OLD_RUNS] =
		"DELETE FROM run WHERE id < (SELECT run FROM interval ORDER BY sequence LIMIT 1) "
		"AND id < (SELECT run FROM span ORDER BY id LIMIT 1)",
	[DELETE_INTERVAL] = "DELETE FROM interval WHERE sequence = ?1",
	[DELETE_SPAN] = "DELETE FROM span WHERE id = ?1",
	"DELETE FROM span_port WHERE span = ?1",
	"DELETE FROM span_protocol WHERE span = ?1",
	"DELETE FROM span_conversation WHERE span = ?1",
	"DELETE FROM span_host WHERE span = ?1",
	[DELETE_SNAPSHOTS] = "DELETE FROM snapshot WHERE id BETWEEN ?1 AND ?2",
	[DELETE_ROWS] = "DELETE FROM port WHERE id BETWEEN ?1 AND ?2",
	"DELETE FROM protocol WHERE id BETWEEN ?1 AND ?2",
	"DELETE FROM fragment WHERE id BETWEEN ?1 AND ?2",
	"DELETE FROM ethertype WHERE id BETWEEN ?1 AND ?2",
	"DELETE FROM conversation WHERE id BETWEEN ?1 AND ?2",
	"DELETE FROM host WHERE id BETWEEN ?1 AND ?2",
	"DELETE FROM scanner WHERE id BETWEEN ?1 AND ?2",
};

struct interval {
	int64_t sequence; /* 0: none */
	int64_t first_snapshot, last_snapshot;
	int64_t end_ns, written;
};

int wc_bounds_open(struct wc_bounds *bounds, struct sqlite3 *db, struct wc_pages *pages)
{
	bounds->pages = pages;
	return wc_sql_prepare_all(db, bounds->own, texts, WC_BOUND_STATEMENTS);
}

void wc_bounds_close(struct wc_bounds *bounds)
{
	wc_sql_finalize_all(bounds->own, WC_BOUND_STATEMENTS);
}

static bool is_sound(const struct interval *interval)
{
	return interval->first_snapshot >= 0 && interval->last_snapshot >= 0 &&
	       interval->first_snapshot <= WC_MARKS_MOST &&
	       interval->last_snapshot <= WC_MARKS_MOST && interval->written >= 0;
}

/* The oldest interval behind @after. */
static int oldest(struct wc_bounds *bounds, int64_t after, struct interval *found)
{
	struct sqlite3_stmt *statement = bounds->own[OLDEST];

	int code;

	*found = (struct interval){0};
	sqlite3_bind_int64(statement, 1, after);
	if (sqlite3_step(statement) == SQLITE_ROW)
		*found = (struct interval){.sequence = sqlite3_column_int64(statement, 0),
					   .first_snapshot = sqlite3_column_int64(statement, 1),
					   .last_snapshot = sqlite3_column_int64(statement, 2),
					   .end_ns = sqlite3_column_int64(statement, 3),
					   .written = sqlite3_column_int64(statement, 4)};
	code = sqlite3_reset(statement);
	return code || is_sound(found) ? code : SQLITE_CORRUPT;
}

static int drop_interval(struct wc_bounds *bounds, const struct interval *interval,
			 const struct wc_bounds_limits *limits, struct wc_marks *marks)
{
	int64_t ids[2] = {interval->first_snapshot, interval->last_snapshot};
	int code;

	wc_sql_bind_numbers(bounds->own[DELETE_INTERVAL], 1, &interval->sequence);
	code = wc_sql_run(bounds->own[DELETE_INTERVAL]);
	for (int i = DELETE_SNAPSHOTS; i < WC_BOUND_STATEMENTS && !code; i++) {
		wc_sql_bind_numbers(bounds->own[i], 2, ids);
		code = wc_sql_run(bounds->own[i]);
		if (i == DELETE_SNAPSHOTS) {
			ids[0] <<= WC_ROW_BITS;
			ids[1] = ((ids[1] + 1) << WC_ROW_BITS) - 1;
		}
	}
	marks->intervals--;
	if (interval->sequence > limits->delivered)
		marks->dropped++;
	return code;
}

/* Drops the span that @which finds; @dropped tells whether there was one. */
static int drop_span(struct wc_bounds *bounds, int which, int64_t before_s, int64_t *bytes,
		     bool *dropped)
{
	struct sqlite3_stmt *find = bounds->own[which];
	int64_t id = 0, own = 0;
	int code;

	if (sqlite3_bind_parameter_count(find))
		sqlite3_bind_int64(find, 1, before_s);
	if (sqlite3_step(find) == SQLITE_ROW) {
		id = sqlite3_column_int64(find, 0);
		own = sqlite3_column_int64(find, 1);
	}
	code = sqlite3_reset(find);
	*dropped = id != 0;
	*bytes -= own;
	for (int i = DELETE_SPAN; i < DELETE_SNAPSHOTS && id && !code; i++) {
		wc_sql_bind_numbers(bounds->own[i], 1, &id);
		code = wc_sql_run(bounds->own[i]);
	}
	return code;
}

static int drop_aged_spans(struct wc_bounds *bounds, int which, int64_t before_s, int64_t *bytes)
{
	bool dropped = true;
	int code = SQLITE_OK;

	for (int i = 0; i < AGED_AT_ONCE && dropped && !code; i++)
		code = drop_span(bounds, which, before_s, bytes, &dropped);
	return code;
}

static int drop_aged(struct wc_bounds *bounds, const struct wc_bounds_limits *limits,
		     struct wc_marks *marks)
{
	int64_t before_s = limits->now_s - limits->age_s;
	struct interval found;
	int code = SQLITE_OK;

	for (int i = 0; i < AGED_AT_ONCE && !code; i++) {
		code = oldest(bounds, 0, &found);
		if (code || !found.sequence || found.sequence == marks->sequence ||
		    found.end_ns / WC_SECOND_NS >= before_s)
			break;
		code = drop_interval(bounds, &found, limits, marks);
	}
	if (!code)
		code = drop_aged_spans(bounds, MINUTE_AGED, limits->now_s - WC_BOUNDS_MINUTES_S,
				       &marks->minute_bytes);
	if (!code)
		code = drop_aged_spans(bounds, HOUR_AGED, limits->now_s - WC_BOUNDS_HOURS_S,
				       &marks->hour_bytes);
	return code;
}

static int drop_undelivered(struct wc_bounds *bounds, const struct wc_bounds_limits *limits,
			    struct wc_marks *marks)
{
	struct interval found;
	int code = oldest(bounds, limits->delivered, &found);

	while (!code && found.sequence && found.sequence != marks->sequence &&
	       marks->written - found.written > limits->undelivered) {
		code = drop_interval(bounds, &found, limits, marks);
		if (!code)
			code = oldest(bounds, limits->delivered, &found);
	}
	return code;
}

/* Drops one thing: a roll-up that has more than its share, else the oldest interval. */
static int drop_one(struct wc_bounds *bounds, const struct wc_bounds_limits *limits,
		    struct wc_marks *marks, bool *dropped)
{
	struct interval found;
	int code = SQLITE_OK;

	*dropped = false;
	if (marks->minute_bytes > limits->size / MINUTES_SHARE)
		code = drop_span(bounds, MINUTE_OLDEST, 0, &marks->minute_bytes, dropped);
	if (!code && !*dropped && marks->hour_bytes > limits->size / HOURS_SHARE)
		code = drop_span(bounds, HOUR_OLDEST, 0, &marks->hour_bytes, dropped);
	if (code || *dropped)
		return code;
	code = oldest(bounds, 0, &found);
	if (code || !found.sequence || found.sequence == marks->sequence)
		return code;
	*dropped = true;
	return drop_interval(bounds, &found, limits, marks);
}

static int shrink(struct wc_bounds *bounds, const struct wc_bounds_limits *limits,
		  struct wc_marks *marks)
{
	bool dropped = true;
	int64_t bytes;
	int code = wc_pages_used(bounds->pages, &bytes);

	while (!code && dropped && bytes > limits->size) {
		code = drop_one(bounds, limits, marks, &dropped);
		if (!code)
			code = wc_pages_used(bounds->pages, &bytes);
	}
	if (!code)
		code = wc_pages_file(bounds->pages, &bytes);
	if (!code && bytes > limits->size)
		code = wc_sql_run(bounds->own[RELEASE]);
	return code;
}

int wc_bounds_keep(struct wc_bounds *bounds, const struct wc_bounds_limits *limits,
		   struct wc_marks *marks)
{
	int code = drop_aged(bounds, limits, marks);

	if (!code)
		code = drop_undelivered(bounds, limits, marks);
	if (!code)
		code = shrink(bounds, limits, marks);
	return code ? code : wc_sql_run(bounds->own[OLD_RUNS]);
}
