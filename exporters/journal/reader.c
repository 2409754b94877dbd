#include "reader.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "failure.h"
#include "interval_writer.h"
#include "sql.h"
#include "sqlite_open.h"
#include "store.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define NEXT                                                                                       \
	"SELECT sequence, run, start_ns, end_ns, length_ns FROM interval WHERE sequence > ?1 "     \
	"ORDER BY sequence"
#define RUN                                                                                        \
	"SELECT host, instance, first_snapshot, last_snapshot FROM interval JOIN run "             \
	"ON run.id = interval.run WHERE sequence = ?1"

static char *select_text(const char *table, const char *own, const struct wc_column *columns,
			 size_t count)
{
	struct sqlite3_str *text = sqlite3_str_new(NULL);

	sqlite3_str_appendf(text, "SELECT %s", own);
	for (size_t i = 0; i < count; i++)
		sqlite3_str_appendf(text, ", %s", columns[i].name);
	sqlite3_str_appendf(text, " FROM %s WHERE id BETWEEN ?1 AND ?2 ORDER BY id", table);
	return sqlite3_str_finish(text);
}

static int prepare(struct wc_journal_reader *reader)
{
	int code = wc_sql_prepare(reader->db, &reader->own[WC_READER_NEXT], NEXT);

	if (!code)
		code = wc_sql_prepare(reader->db, &reader->own[WC_READER_RUN], RUN);
	if (!code)
		code = wc_sql_prepare_made(reader->db, &reader->own[WC_READER_SNAPSHOTS],
					   select_text("snapshot", "id, capture, observer",
						       wc_snapshot_columns,
						       wc_snapshot_column_count));
	for (size_t i = 0; i < WC_ROW_TABLES && !code; i++)
		code = wc_sql_prepare_made(reader->db, &reader->rows[i],
					   select_text(wc_row_tables[i].name, "id",
						       wc_row_tables[i].columns,
						       wc_row_tables[i].count));
	return code;
}

static void disconnect(struct wc_journal_reader *reader)
{
	wc_sql_finalize_all(reader->own, WC_READER_STATEMENTS);
	wc_sql_finalize_all(reader->rows, WC_ROW_TABLES);
	if (reader->journal->path)
		wc_sqlite_close(reader->db);
	reader->db = NULL;
}

static int connect_again(struct wc_journal_reader *reader, unsigned file)
{
	struct wc_journal *journal = reader->journal;
	int code = SQLITE_OK;

	disconnect(reader);
	if (journal->path)
		code = wc_sqlite_open(&reader->db, WC_SQLITE_READER, journal->path, journal->vfs);
	else
		reader->db = journal->db;
	if (!code)
		code = prepare(reader);
	if (code)
		disconnect(reader);
	reader->file = file;
	return code;
}

int wc_reader_begin(struct wc_journal_reader *reader, struct wc_error *error)
{
	unsigned file = atomic_load(&reader->journal->files);
	int code = SQLITE_OK;

	if (!file)
		return 1;
	wc_store_enter(reader->journal);
	if (!reader->db || reader->file != file)
		code = connect_again(reader, file);
	if (!code)
		return WC_OK;
	wc_store_leave(reader->journal);
	return wc_reader_failed(reader, code, error);
}

void wc_reader_end(struct wc_journal_reader *reader)
{
	wc_store_leave(reader->journal);
}

int wc_reader_failed(struct wc_journal_reader *reader, int code, struct wc_error *error)
{
	struct wc_journal *journal = reader->journal;

	/* Of the present file only: an older one is set aside already. */
	if (wc_failure_kind(code) == WC_FAILURE_DAMAGE &&
	    reader->file == atomic_load(&journal->files))
		atomic_store(&journal->damaged, true);
	return wc_failure_tell(error, journal->path, code);
}

int wc_journal_reader_open(struct wc_journal_reader **reader, struct wc_journal *journal,
			   struct wc_error *error)
{
	struct wc_journal_reader *made = calloc(1, sizeof(*made));

	if (!made)
		return wc_error_set(error, WC_FAILED, "no memory to read the journal");
	made->journal = journal;
	*reader = made;
	return WC_OK;
}

void wc_journal_reader_close(struct wc_journal_reader *reader)
{
	if (!reader)
		return;
	wc_store_enter(reader->journal);
	disconnect(reader);
	wc_store_leave(reader->journal);
	free(reader);
}
