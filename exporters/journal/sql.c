#include "sql.h"

#include <sqlite3.h>
#include <stddef.h>

int wc_sql_prepare(struct sqlite3 *db, struct sqlite3_stmt **statement, const char *text)
{
	*statement = NULL;
	return sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
}

int wc_sql_prepare_made(struct sqlite3 *db, struct sqlite3_stmt **statement, char *text)
{
	int code = SQLITE_NOMEM;

	*statement = NULL;
	if (text)
		code = wc_sql_prepare(db, statement, text);
	sqlite3_free(text);
	return code;
}

int wc_sql_run(struct sqlite3_stmt *statement)
{
	while (sqlite3_step(statement) == SQLITE_ROW)
		;
	return sqlite3_reset(statement);
}

int wc_sql_number(struct sqlite3_stmt *statement, int64_t *value)
{
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL)
		*value = sqlite3_column_int64(statement, 0);
	return sqlite3_reset(statement);
}

int wc_sql_ask(struct sqlite3 *db, const char *text, int64_t *value)
{
	struct sqlite3_stmt *statement;
	int code = wc_sql_prepare(db, &statement, text);

	if (code)
		return code;
	code = wc_sql_number(statement, value);
	sqlite3_finalize(statement);
	return code;
}

int wc_sql_exec(struct sqlite3 *db, const char *text)
{
	return sqlite3_exec(db, text, NULL, NULL, NULL);
}

int wc_sql_prepare_all(struct sqlite3 *db, struct sqlite3_stmt **statements,
		       const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int code = wc_sql_prepare(db, &statements[i], texts[i]);

		if (code) {
			wc_sql_finalize_all(statements, i);
			return code;
		}
	}
	return SQLITE_OK;
}

void wc_sql_finalize_all(struct sqlite3_stmt **statements, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		sqlite3_finalize(statements[i]);
		statements[i] = NULL;
	}
}

void wc_sql_bind_numbers(struct sqlite3_stmt *statement, size_t count, const int64_t *numbers)
{
	for (size_t i = 0; i < count; i++)
		sqlite3_bind_int64(statement, (int)i + 1, numbers[i]);
}

int wc_sql_bind_count(struct sqlite3_stmt *statement, int index, uint64_t count)
{
	return sqlite3_bind_int64(statement, index, count > INT64_MAX ? INT64_MAX : (int64_t)count);
}
