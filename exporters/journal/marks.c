#include "marks.h"

#include <sqlite3.h>
#include <stddef.h>

#include "sql.h"

#define LOAD                                                                                       \
	"SELECT last_sequence, last_snapshot, last_span, written, dropped, intervals, "            \
	"minute_bytes, hour_bytes FROM wirecensus"
#define STORE                                                                                      \
	"UPDATE wirecensus SET last_sequence = ?1, last_snapshot = ?2, last_span = ?3, "           \
	"written = ?4, dropped = ?5, intervals = ?6, minute_bytes = ?7, hour_bytes = ?8"
#define MARKS 8

static void raise_to(int64_t *mark, struct sqlite3_stmt *statement, int column)
{
	int64_t value = sqlite3_column_int64(statement, column);

	if (value > *mark)
		*mark = value;
}

int wc_marks_load(struct wc_marks *marks, struct sqlite3 *db)
{
	struct sqlite3_stmt *statement;
	int code = wc_sql_prepare(db, &statement, LOAD);

	if (code)
		return code;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		raise_to(&marks->sequence, statement, 0);
		raise_to(&marks->snapshot, statement, 1);
		raise_to(&marks->span, statement, 2);
		raise_to(&marks->written, statement, 3);
		raise_to(&marks->dropped, statement, 4);
		marks->intervals = sqlite3_column_int64(statement, 5);
		marks->minute_bytes = sqlite3_column_int64(statement, 6);
		marks->hour_bytes = sqlite3_column_int64(statement, 7);
		code = sqlite3_finalize(statement);
	} else {
		sqlite3_finalize(statement);
		if (code == SQLITE_DONE)
			code = SQLITE_CORRUPT;
	}
	return code;
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
