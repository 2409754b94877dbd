#include "flush.h"

#include <sqlite3.h>
#include <stdbool.h>

#include "journal.h"
#include "sql.h"
#include "store.h"
#include "wal.h"
#include "wirecensus/error.h"

int wc_positions_write(struct wc_journal *journal, uint64_t *least, uint64_t *stored)
{
	struct wc_positions copy;
	bool copied;
	int code = SQLITE_OK;

	pthread_mutex_lock(&journal->mutex);
	copied = wc_positions_copy(&copy, &journal->positions);
	pthread_mutex_unlock(&journal->mutex);
	if (!copied)
		return SQLITE_NOMEM;
	*least = wc_positions_least(&copy);
	*stored = copy.changes;
	if (copy.changes != journal->stored)
		code = wc_positions_store(&copy, journal->db);
	wc_positions_free(&copy);
	return code;
}

static bool has_news(struct wc_journal *journal)
{
	bool any;

	pthread_mutex_lock(&journal->mutex);
	any = journal->positions.changes != journal->stored;
	pthread_mutex_unlock(&journal->mutex);
	return any;
}

static int commit_positions(struct wc_journal *journal)
{
	uint64_t least, stored;
	int code = wc_sql_exec(journal->db, "BEGIN IMMEDIATE");

	if (!code)
		code = wc_positions_write(journal, &least, &stored);
	if (!code)
		code = wc_sql_exec(journal->db, "COMMIT");
	if (code)
		wc_sql_exec(journal->db, "ROLLBACK");
	else
		journal->stored = stored;
	return code;
}

/* Tries once. Returns 0 or WC_FAILED. */
static int try_flush(struct wc_journal *journal, struct wc_error *error)
{
	int code;

	if (wc_store_open(journal, error))
		return WC_FAILED;
	if (!has_news(journal))
		return WC_OK;
	code = wc_wal_check(journal, error);
	if (code == SQLITE_BUSY)
		return WC_FAILED;
	if (!code)
		code = commit_positions(journal);
	if (code) {
		wc_store_failed(journal, code, error);
		return WC_FAILED;
	}
	wc_wal_shrink(journal);
	return WC_OK;
}

int wc_journal_flush(struct wc_journal *journal, struct wc_error *error)
{
	int status;

	wc_store_enter(journal);
	status = try_flush(journal, error);
	wc_store_leave(journal);
	return status;
}
