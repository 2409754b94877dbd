/*
 * sql.h - SQLite in fewer words
 *
 * Everything below the journal's own functions speaks SQLite's result codes,
 * SQLITE_OK being 0; failure.h turns them into sentences.
 */
#ifndef WC_SQL_H
#define WC_SQL_H

#include <stddef.h>
#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

/* Prepares @text for many runs. Returns a result code; @statement is NULL unless it is SQLITE_OK.
 */
int wc_sql_prepare(struct sqlite3 *db, struct sqlite3_stmt **statement, const char *text);

/* The same for a text of sqlite3_malloc(), which is freed; NULL stands for no memory. */
int wc_sql_prepare_made(struct sqlite3 *db, struct sqlite3_stmt **statement, char *text);

/* Runs a statement to its end and resets it. Returns a result code, SQLITE_OK for success. */
int wc_sql_run(struct sqlite3_stmt *statement);

/*
 * Runs a statement that gives a number, and resets it. @value is left as it is when there
 * is no row, or NULL in it. Returns a result code.
 */
int wc_sql_number(struct sqlite3_stmt *statement, int64_t *value);

/* The same, by the statement's text. Returns a result code. */
int wc_sql_ask(struct sqlite3 *db, const char *text, int64_t *value);

/* Runs statements that give no rows, or whose rows are of no interest. Returns a result code. */
int wc_sql_exec(struct sqlite3 *db, const char *text);

/* Prepares @count texts at once; on failure none is left. Returns a result code. */
int wc_sql_prepare_all(struct sqlite3 *db, struct sqlite3_stmt **statements,
		       const char *const *texts, size_t count);
void wc_sql_finalize_all(struct sqlite3_stmt **statements, size_t count);

/* Binds numbers to the first @count parameters. Fails only where a caller's mistake makes it. */
void wc_sql_bind_numbers(struct sqlite3_stmt *statement, size_t count, const int64_t *numbers);

/*
 * Binds a count. SQLite's integers have a sign: what is beyond INT64_MAX is held there, as
 * are the sums that roll-ups keep. No interface counts so far. Returns a result code.
 */
int wc_sql_bind_count(struct sqlite3_stmt *statement, int index, uint64_t count);

#endif /* WC_SQL_H */
