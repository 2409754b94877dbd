#include "interval_writer.h"

#include <sqlite3.h>
#include <string.h>

#include "sql.h"
#include "wirecensus/snapshot.h"

#define INTERVAL "INSERT INTO interval VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"

/* The parameters of a snapshot before its columns. */
#define SNAPSHOT_OWN 4

/* INSERT INTO @table with the columns named in @own, then those of the description. */
static char *insert_text(const char *table, const char *own, const struct wc_column *columns,
			 size_t count)
{
	struct sqlite3_str *text = sqlite3_str_new(NULL);
	int parameters = 1;

	sqlite3_str_appendf(text, "INSERT INTO %s (%s", table, own);
	for (; *own; own++)
		parameters += *own == ',';
	for (size_t i = 0; i < count; i++)
		sqlite3_str_appendf(text, ", %s", columns[i].name);
	sqlite3_str_appendall(text, ") VALUES (?");
	for (size_t i = 1; i < count + (size_t)parameters; i++)
		sqlite3_str_appendall(text, ", ?");
	sqlite3_str_appendall(text, ")");
	return sqlite3_str_finish(text);
}

int wc_interval_writer_open(struct wc_interval_writer *writer, struct sqlite3 *db)
{
	int code = wc_sql_prepare(db, &writer->interval, INTERVAL);

	if (!code)
		code = wc_sql_prepare_made(
			db, &writer->snapshot,
			insert_text("snapshot", "id, sequence, capture, observer",
				    wc_snapshot_columns, wc_snapshot_column_count));
	for (size_t i = 0; i < WC_ROW_TABLES && !code; i++)
		code = wc_sql_prepare_made(db, &writer->rows[i],
					   insert_text(wc_row_tables[i].name, "id",
						       wc_row_tables[i].columns,
						       wc_row_tables[i].count));
	return code;
}

void wc_interval_writer_close(struct wc_interval_writer *writer)
{
	wc_sql_finalize_all(&writer->interval, 1);
	wc_sql_finalize_all(&writer->snapshot, 1);
	wc_sql_finalize_all(writer->rows, WC_ROW_TABLES);
}

static int write_rows(struct sqlite3_stmt *statement, const struct wc_row_table *table,
		      int64_t snapshot_id, const struct wc_snapshot *snapshot)
{
	int64_t id = snapshot_id << WC_ROW_BITS, end = id + (INT64_C(1) << WC_ROW_BITS);
	const char *row;
	size_t rows;
	int code = SQLITE_OK;

	memcpy(&row, (const char *)snapshot + table->rows, sizeof(row));
	memcpy(&rows, (const char *)snapshot + table->length, sizeof(rows));
	for (size_t i = 0; i < rows && !code; i++, row += table->size) {
		if (table->heard && !table->heard(row))
			continue;
		/* No table of the core has so many rows. */
		if (id == end)
			return SQLITE_TOOBIG;
		sqlite3_bind_int64(statement, 1, id++);
		code = wc_columns_bind(statement, 2, table->columns, table->count, row);
		if (!code)
			code = wc_sql_run(statement);
	}
	return code;
}

int wc_interval_writer_snapshot(struct wc_interval_writer *writer, int64_t sequence, int64_t id,
				const struct wc_snapshot *snapshot)
{
	struct sqlite3_stmt *own = writer->snapshot;
	int code;

	sqlite3_bind_int64(own, 1, id);
	sqlite3_bind_int64(own, 2, sequence);
	sqlite3_bind_text(own, 3, snapshot->capture, -1, SQLITE_STATIC);
	sqlite3_bind_text(own, 4, snapshot->observer ? snapshot->observer : "", -1, SQLITE_STATIC);
	code = wc_columns_bind(own, SNAPSHOT_OWN + 1, wc_snapshot_columns, wc_snapshot_column_count,
			       snapshot);
	if (!code)
		code = wc_sql_run(own);
	for (size_t i = 0; i < WC_ROW_TABLES && !code; i++)
		code = write_rows(writer->rows[i], &wc_row_tables[i], id, snapshot);
	return code;
}

int64_t wc_interval_middle(int64_t start_ns, int64_t end_ns)
{
	if (start_ns == WC_TIME_UNKNOWN || end_ns == WC_TIME_UNKNOWN)
		start_ns = end_ns = start_ns == WC_TIME_UNKNOWN ? end_ns : start_ns;
	if (start_ns == WC_TIME_UNKNOWN)
		return 0;
	/* Halves first: a damaged time may be any. */
	return start_ns / 2 + end_ns / 2;
}

static void bind_time(struct sqlite3_stmt *statement, int index, int64_t time)
{
	if (time == WC_TIME_UNKNOWN)
		sqlite3_bind_null(statement, index);
	else
		sqlite3_bind_int64(statement, index, time);
}

int wc_interval_writer_mark(struct wc_interval_writer *writer, const struct wc_interval_mark *mark)
{
	struct sqlite3_stmt *own = writer->interval;

	wc_sql_bind_numbers(
		own, 4,
		(int64_t[]){mark->sequence, mark->run, mark->first_snapshot, mark->last_snapshot});
	bind_time(own, 5, mark->start_ns);
	bind_time(own, 6, mark->end_ns);
	sqlite3_bind_int64(own, 7, mark->length_ns);
	sqlite3_bind_int64(own, 8, mark->written);
	sqlite3_bind_int64(own, 9, mark->disk_bytes);
	return wc_sql_run(own);
}
