#include <sqlite3.h>
#include <stdio.h>

#include "flush.h"
#include "journal.h"
#include "sql.h"
#include "store.h"
#include "wal.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* What is being written, until it is committed. */
struct draft {
	struct wc_marks marks;
	struct wc_interval_mark interval;
	struct wc_journal_state state;
	uint64_t stored; /* positions.changes */
};

static int write_run(struct wc_journal *journal, int64_t *run)
{
	struct sqlite3_stmt *statement;
	int code;

	if (journal->run) {
		*run = journal->run;
		return SQLITE_OK;
	}
	code = wc_sql_prepare(journal->db, &statement,
			      "INSERT INTO run VALUES ((SELECT ifnull(max(id), 0) + 1 FROM run), "
			      "?1, ?2, ?3)");
	if (code)
		return code;
	sqlite3_bind_text(statement, 1, journal->host, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, journal->instance, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, journal->version, -1, SQLITE_STATIC);
	code = wc_sql_run(statement);
	sqlite3_finalize(statement);
	*run = sqlite3_last_insert_rowid(journal->db);
	return code;
}

static bool earlier(int64_t time, int64_t than)
{
	return time != WC_TIME_UNKNOWN && (than == WC_TIME_UNKNOWN || time < than);
}

static void cover(struct wc_interval_mark *interval, const struct wc_snapshot *snapshot)
{
	if (earlier(snapshot->start_ns, interval->start_ns))
		interval->start_ns = snapshot->start_ns;
	if (snapshot->end_ns != WC_TIME_UNKNOWN && snapshot->end_ns > interval->end_ns)
		interval->end_ns = snapshot->end_ns;
	if (snapshot->length_ns <= INT64_MAX && (int64_t)snapshot->length_ns > interval->length_ns)
		interval->length_ns = (int64_t)snapshot->length_ns;
}

static int write_rows(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
		      size_t count, struct draft *draft)
{
	struct wc_interval_mark *interval = &draft->interval;
	int64_t before, after;
	int code = wc_pages_used(&journal->pages, &before);

	interval->sequence = ++draft->marks.sequence;
	interval->start_ns = interval->end_ns = WC_TIME_UNKNOWN;
	interval->first_snapshot = draft->marks.snapshot + 1;
	for (size_t i = 0; i < count && !code; i++) {
		cover(interval, snapshots[i]);
		code = wc_interval_writer_snapshot(&journal->rows, interval->sequence,
						   ++draft->marks.snapshot, snapshots[i]);
	}
	interval->last_snapshot = draft->marks.snapshot;
	if (!code)
		code = wc_pages_used(&journal->pages, &after);
	if (code)
		return code;
	interval->written = draft->marks.written;
	interval->disk_bytes = after - before;
	draft->marks.written += interval->disk_bytes;
	draft->marks.intervals++;
	return wc_interval_writer_mark(&journal->rows, interval);
}

static int keep_bounds(struct wc_journal *journal, uint64_t least, struct draft *draft)
{
	int64_t end_ns = draft->interval.end_ns;
	struct wc_bounds_limits limits = {
		.size = (int64_t)journal->size,
		.undelivered = (int64_t)journal->undelivered,
		.age_s = (int64_t)journal->age,
		.delivered = least > INT64_MAX ? INT64_MAX : (int64_t)least,
		/* Not before 1970, from where any age can be taken. */
		.now_s = end_ns > 0 ? end_ns / WC_SECOND_NS : 0,
	};

	return wc_bounds_keep(&journal->bounds, &limits, &draft->marks);
}

static int write_all(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
		     size_t count, struct draft *draft)
{
	uint64_t least;
	int code = write_run(journal, &draft->interval.run);

	if (!code)
		code = write_rows(journal, snapshots, count, draft);
	if (!code)
		code = wc_rollups_add(&journal->rollups, &draft->interval, &draft->marks);
	if (!code)
		code = wc_positions_write(journal, &least, &draft->stored);
	if (!code)
		code = keep_bounds(journal, least, draft);
	if (!code)
		code = wc_marks_store(&draft->marks, journal->db);
	return code ? code : wc_store_state(journal, &draft->marks, &draft->state);
}

static int commit_interval(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
			   size_t count)
{
	struct draft draft = {.marks = journal->marks};
	int code = wc_sql_exec(journal->db, "BEGIN IMMEDIATE");

	if (!code)
		code = write_all(journal, snapshots, count, &draft);
	if (!code)
		code = wc_sql_exec(journal->db, "COMMIT");
	if (code) {
		wc_sql_exec(journal->db, "ROLLBACK");
		return code;
	}
	journal->marks = draft.marks;
	journal->run = draft.interval.run;
	journal->stored = draft.stored;
	wc_store_publish(journal, &draft.state);
	return SQLITE_OK;
}

/*
 * A commit whose last sync failed may be found in the WAL all the same when the file is opened
 * again. True if that holds these snapshots: they must not be counted twice.
 */
static bool stands_already(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
			   size_t count)
{
	struct sqlite3_stmt *statement;
	int64_t found = 0;

	if (!count || !journal->run ||
	    (uint64_t)journal->marks.sequence == atomic_load(&journal->last) ||
	    wc_sql_prepare(journal->db, &statement,
			   "SELECT count(*) FROM interval JOIN snapshot "
			   "ON snapshot.id = first_snapshot WHERE interval.sequence = ?1 "
			   "AND run = ?2 AND number = ?3 AND capture = ?4"))
		return false;
	sqlite3_bind_int64(statement, 1, journal->marks.sequence);
	sqlite3_bind_int64(statement, 2, journal->run);
	wc_sql_bind_count(statement, 3, snapshots[0]->interval);
	sqlite3_bind_text(statement, 4, snapshots[0]->capture, -1, SQLITE_STATIC);
	wc_sql_number(statement, &found);
	sqlite3_finalize(statement);
	return found != 0;
}

/* The file was opened again: what is in it is what was written. */
static void catch_up(struct wc_journal *journal)
{
	struct wc_journal_state state;

	if (!wc_store_state(journal, &journal->marks, &state))
		wc_store_publish(journal, &state);
}

/* A file that was removed or replaced by hand is written to no more: a new one is made. */
static void leave_moved(struct wc_journal *journal)
{
	int moved = 0;

	if (journal->path && journal->db &&
	    !sqlite3_file_control(journal->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) && moved)
		wc_store_abandon(journal);
}

/* Tries once. Returns 0, or WC_FAILED; @again if the next try may do better at once. */
static int try_write(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
		     size_t count, bool *again, struct wc_error *error)
{
	int code;

	*again = false;
	leave_moved(journal);
	if (wc_store_open(journal, error))
		return WC_FAILED;
	if (stands_already(journal, snapshots, count)) {
		catch_up(journal);
		return WC_OK;
	}
	code = atomic_load(&journal->damaged) ? SQLITE_CORRUPT : wc_wal_check(journal, error);
	if (code == SQLITE_BUSY)
		return WC_FAILED;
	if (!code)
		code = commit_interval(journal, snapshots, count);
	if (code) {
		*again = wc_store_failed(journal, code, error);
		return WC_FAILED;
	}
	wc_wal_shrink(journal);
	return WC_OK;
}

int wc_journal_write(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
		     size_t count, struct wc_error *error)
{
	bool again;
	int status;

	wc_store_enter(journal);
	status = try_write(journal, snapshots, count, &again, error);
	if (again)
		status = try_write(journal, snapshots, count, &again, error);
	wc_store_leave(journal);
	if (status) {
		pthread_mutex_lock(&journal->mutex);
		journal->state.failures++;
		pthread_mutex_unlock(&journal->mutex);
	}
	return status;
}
