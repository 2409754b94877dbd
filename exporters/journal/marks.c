#include "marks.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "sql.h"

#define LOAD                                                                                       \
	"SELECT last_sequence, last_snapshot, last_span, written, dropped, intervals, "            \
	"minute_bytes, hour_bytes FROM wirecensus"
#define STORE                                                                                      \
	"UPDATE wirecensus SET last_sequence = ?1, last_snapshot = ?2, last_span = ?3, "           \
	"written = ?4, dropped = ?5, intervals = ?6, minute_bytes = ?7, hour_bytes = ?8"
#define MARKS 8

/* Reads a number into @mark. Returns false for one that nobody lives long enough to reach. */
static bool read_number(int64_t *mark, struct sqlite3_stmt *statement, int column, int64_t most)
{
	int64_t value = sqlite3_column_int64(statement, column);

	*mark = value;
	return value >= -most && value <= most;
}

static void raise_to(int64_t *mark, int64_t value)
{
	if (value > *mark)
		*mark = value;
}

static bool read_row(struct wc_marks *row, struct sqlite3_stmt *statement)
{
	return read_number(&row->sequence, statement, 0, WC_MARKS_MOST) &&
	       read_number(&row->snapshot, statement, 1, WC_MARKS_MOST) &&
	       read_number(&row->span, statement, 2, WC_MARKS_MOST) &&
	       read_number(&row->written, statement, 3, WC_MARKS_MOST_BYTES) &&
	       read_number(&row->dropped, statement, 4, WC_MARKS_MOST) &&
	       read_number(&row->intervals, statement, 5, WC_MARKS_MOST) &&
	       read_number(&row->minute_bytes, statement, 6, WC_MARKS_MOST_BYTES) &&
	       read_number(&row->hour_bytes, statement, 7, WC_MARKS_MOST_BYTES);
}

int wc_marks_load(struct wc_marks *marks, struct sqlite3 *db)
{
	struct sqlite3_stmt *statement;
	struct wc_marks row;
	int code = wc_sql_prepare(db, &statement, LOAD);
	bool good;

	if (code)
		return code;
	good = sqlite3_step(statement) == SQLITE_ROW && read_row(&row, statement);
	code = sqlite3_finalize(statement);
	if (code || !good)
		return code ? code : SQLITE_CORRUPT;
	raise_to(&marks->sequence, row.sequence);
	raise_to(&marks->snapshot, row.snapshot);
	raise_to(&marks->span, row.span);
	raise_to(&marks->written, row.written);
	raise_to(&marks->dropped, row.dropped);
	marks->intervals = row.intervals;
	marks->minute_bytes = row.minute_bytes;
	marks->hour_bytes = row.hour_bytes;
	return SQLITE_OK;
}

int wc_marks_store(const struct wc_marks *marks, struct sqlite3 *db)
{
	struct sqlite3_stmt *statement;
	int code = wc_sql_prepare(db, &statement, STORE);

	if (code)
		return code;
	wc_sql_bind_numbers(statement, MARKS,
			    (int64_t[]){marks->sequence, marks->snapshot, marks->span,
					marks->written, marks->dropped, marks->intervals,
					marks->minute_bytes, marks->hour_bytes});
	code = wc_sql_run(statement);
	sqlite3_finalize(statement);
	return code;
}
