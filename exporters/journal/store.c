#include "store.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "failure.h"
#include "journal_file.h"
#include "schema.h"
#include "sql.h"
#include "sqlite_open.h"
#include "wal.h"

#define RUN "SELECT id FROM run WHERE instance = ?"

void wc_store_enter(struct wc_journal *journal)
{
	if (!journal->path)
		pthread_mutex_lock(&journal->shared);
}

void wc_store_leave(struct wc_journal *journal)
{
	if (!journal->path)
		pthread_mutex_unlock(&journal->shared);
}

void wc_store_close(struct wc_journal *journal)
{
	wc_interval_writer_close(&journal->rows);
	wc_rollups_close(&journal->rollups);
	wc_bounds_close(&journal->bounds);
	wc_pages_close(&journal->pages);
	wc_sqlite_close(journal->db);
	journal->db = NULL;
}

void wc_store_abandon(struct wc_journal *journal)
{
	wc_store_close(journal);
	wc_journal_file_clean(journal->path);
}

/* Whether this run's first interval is there already. */
static int find_run(struct wc_journal *journal)
{
	struct sqlite3_stmt *statement;
	int code = wc_sql_prepare(journal->db, &statement, RUN);

	if (code)
		return code;
	sqlite3_bind_text(statement, 1, journal->instance, -1, SQLITE_STATIC);
	journal->run = 0;
	code = wc_sql_number(statement, &journal->run);
	sqlite3_finalize(statement);
	return code;
}

int wc_store_state(struct wc_journal *journal, const struct wc_marks *marks,
		   struct wc_journal_state *state)
{
	int64_t first = 0, bytes = 0;
	int code = wc_sql_ask(journal->db, "SELECT min(sequence) FROM interval", &first);

	if (!code)
		code = wc_pages_used(&journal->pages, &bytes);
	*state = (struct wc_journal_state){
		.first = (uint64_t)first,
		.last = (uint64_t)marks->sequence,
		.intervals = (uint64_t)marks->intervals,
		.bytes = (uint64_t)bytes,
		.dropped_intervals = (uint64_t)marks->dropped,
	};
	return code;
}

void wc_store_publish(struct wc_journal *journal, const struct wc_journal_state *state)
{
	uint64_t failures;

	pthread_mutex_lock(&journal->mutex);
	failures = journal->state.failures;
	journal->state = *state;
	journal->state.failures = failures;
	pthread_mutex_unlock(&journal->mutex);
	atomic_store(&journal->last, state->last);
}

static int load(struct wc_journal *journal, struct wc_journal_state *state)
{
	int code = wc_marks_load(&journal->marks, journal->db);

	if (!code) {
		pthread_mutex_lock(&journal->mutex);
		code = wc_positions_load(&journal->positions, journal->db,
					 (uint64_t)journal->marks.sequence);
		pthread_mutex_unlock(&journal->mutex);
	}
	if (!code)
		code = find_run(journal);
	if (!code)
		code = wc_interval_writer_open(&journal->rows, journal->db);
	if (!code)
		code = wc_pages_open(&journal->pages, journal->db);
	if (!code)
		code = wc_rollups_open(&journal->rollups, journal->db, &journal->pages);
	if (!code)
		code = wc_bounds_open(&journal->bounds, journal->db, &journal->pages);
	return code ? code : wc_store_state(journal, &journal->marks, state);
}

/* Returns WC_INVALID for a file that must be left alone, else 0 and a result code. */
static int look(struct wc_journal *journal, int *code, struct wc_error *error)
{
	enum wc_schema_state state;

	*code = wc_schema_look(journal->db, &state);
	if (*code)
		return WC_OK;
	switch (state) {
	case WC_SCHEMA_NEWER:
		return wc_error_set(error, WC_INVALID,
				    "the journal %s was made by a later version of wirecensus: "
				    "use that one, or give another path",
				    journal->path);
	case WC_SCHEMA_FOREIGN:
		return wc_error_set(error, WC_INVALID,
				    "%s is the database of another program: give the journal "
				    "another path",
				    journal->path);
	case WC_SCHEMA_DAMAGED:
		*code = SQLITE_CORRUPT;
		break;
	case WC_SCHEMA_EMPTY:
		*code = wc_schema_make(journal->db);
		break;
	case WC_SCHEMA_OLDER:
		*code = wc_schema_migrate(journal->db);
		break;
	case WC_SCHEMA_OURS:
		break;
	}
	return WC_OK;
}

/* The file is to be had: locked for this process, and there. */
static int claim(struct wc_journal *journal, struct wc_error *error)
{
	char *resolved;
	int status = WC_OK;

	if (journal->lock < 0) {
		status = wc_journal_file_claim(journal->path, &resolved, &journal->lock, error);
		if (!status) {
			free(journal->path);
			journal->path = resolved;
		}
	}
	if (!status)
		status = wc_journal_file_make(journal->path, error);
	journal->patient = status == WC_FAILED && wc_failure_of_disk(errno);
	return status;
}

/* Numbers are those that the first file had. */
static void begin_run(struct wc_journal *journal, const struct wc_journal_state *state)
{
	if (!atomic_load(&journal->files)) {
		wc_store_publish(journal, state);
		atomic_store(&journal->run_first, state->last + 1);
	}
	atomic_store(&journal->damaged, false);
	atomic_fetch_add(&journal->files, 1);
}

/* Its head may say that a file cannot be written by this version of SQLite: no disk said so. */
static int judge_readonly(const struct wc_journal *journal, int code)
{
	return code == SQLITE_READONLY && journal->path && !access(journal->path, W_OK)
		       ? SQLITE_CORRUPT
		       : code;
}

static int open_once(struct wc_journal *journal, int *code, struct wc_error *error)
{
	struct wc_journal_state state;
	enum wc_sqlite_kind kind = journal->path ? WC_SQLITE_WRITER : WC_SQLITE_MEMORY;
	int status = journal->path ? claim(journal, error) : WC_OK;

	if (status)
		return status;
	*code = wc_sqlite_open(&journal->db, kind, journal->path, journal->vfs);
	*code = judge_readonly(journal, *code);
	if (*code)
		return WC_OK;
	wc_wal_watch(journal);
	status = look(journal, code, error);
	if (!status && !*code)
		*code = load(journal, &state);
	if (status || *code)
		wc_store_close(journal);
	else
		begin_run(journal, &state);
	return status;
}

static int set_aside(struct wc_journal *journal, struct wc_error *error)
{
	char *aside;
	int status = wc_journal_file_set_aside(journal->path, &aside, error);

	if (status)
		return status;
	pthread_mutex_lock(&journal->mutex);
	snprintf(journal->notice, sizeof(journal->notice),
		 "the journal %s is damaged and was set aside as %s; a new one is begun, "
		 "and what was not delivered yet is missing",
		 journal->path, aside);
	pthread_mutex_unlock(&journal->mutex);
	free(aside);
	return WC_OK;
}

static int open_or_replace(struct wc_journal *journal, int *code, struct wc_error *error)
{
	int status = open_once(journal, code, error);

	if (status || !*code || !journal->path || wc_failure_kind(*code) != WC_FAILURE_DAMAGE)
		return status;
	status = set_aside(journal, error);
	return status ? status : open_once(journal, code, error);
}

int wc_store_open(struct wc_journal *journal, struct wc_error *error)
{
	int code = SQLITE_OK, status;

	if (journal->db)
		return WC_OK;
	status = open_or_replace(journal, &code, error);
	if (status || !code)
		return status;
	journal->patient = true;
	return wc_failure_tell(error, journal->path, code);
}

bool wc_store_failed(struct wc_journal *journal, int code, struct wc_error *error)
{
	enum wc_failure kind = wc_failure_kind(code);

	wc_failure_tell(error, journal->path, code);
	/* Memory does not come back by being opened again: its intervals would be gone. */
	if (kind == WC_FAILURE_WAIT || !journal->path)
		return false;
	wc_store_close(journal);
	return kind == WC_FAILURE_DAMAGE && !set_aside(journal, error);
}
