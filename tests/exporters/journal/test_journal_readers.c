/* Readers in threads of their own, beside the writer, on disk and in memory; one that stays. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "census.h"
#include "desk.h"
#include "suite.h"

#define READERS   3
#define INTERVALS 60
#define ROWS      100
#define MEGABYTE  (UINT64_C(1) << 20)

static atomic_bool done;

struct seat {
	struct desk *desk;
	uint64_t multiple_ns;
	uint64_t last, missing, loaded; /* what the reader saw */
	bool wrong;
};

/* What was loaded is whole: its ports add up to its totals. */
static bool is_whole(const struct wc_snapshot *snapshot)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < snapshot->port_rows; i++)
		packets += snapshot->ports[i].delta.all.packets;
	return packets == snapshot->delta.frames && snapshot->host_rows == ROWS &&
	       snapshot->conversation_rows == ROWS;
}

/* Returns false if there was none. */
static bool read_one(struct seat *seat, struct wc_journal_reader *reader)
{
	struct wc_journal_interval *intervals;
	struct wc_journal_group group;
	struct wc_error error;
	size_t count;
	int found = wc_journal_next(reader, seat->last, seat->multiple_ns, &group, &error);

	if (found <= 0) {
		seat->wrong |= found < 0;
		return false;
	}
	seat->wrong |= group.first != seat->last + group.missing + 1;
	if (wc_journal_load(reader, group.first, group.last, ~0U, &intervals, &count, &error)) {
		/* Dropped between the two calls: the next group follows it. */
		seat->wrong |= !strstr(error.text, "not in the journal any more");
		return true;
	}
	seat->wrong |= count != 1 || !is_whole(intervals[0].snapshot);
	wc_journal_intervals_free(intervals, count);
	seat->missing += group.missing;
	seat->loaded += group.last - group.first + 1;
	seat->last = group.last;
	return true;
}

static void *read_on(void *arg)
{
	struct seat *seat = arg;
	struct wc_journal_reader *reader;
	struct wc_error error;
	bool more = true;

	if (wc_journal_reader_open(&reader, seat->desk->journal, &error)) {
		seat->wrong = true;
		return NULL;
	}
	while (more && !seat->wrong) {
		bool was_done = atomic_load(&done);
		struct wc_journal_position position = {0, UINT64_MAX, 0};

		if (!read_one(seat, reader))
			more = !was_done;
		position.sequence = seat->last;
		wc_journal_note(seat->desk->journal, "json/a", &position);
	}
	wc_journal_reader_close(reader);
	return NULL;
}

static void read_beside(bool on_disk, uint64_t size)
{
	struct desk desk;
	struct seat seats[READERS] = {{0}};
	pthread_t threads[READERS];

	desk_set(&desk, on_disk);
	desk.settings.size = size;
	ck_assert_int_eq(desk_open(&desk), 0);
	atomic_store(&done, false);
	for (size_t i = 0; i < READERS; i++) {
		seats[i].desk = &desk;
		seats[i].multiple_ns = i ? 0 : 30 * (uint64_t)CENSUS_SECOND_NS;
		ck_assert_int_eq(pthread_create(&threads[i], NULL, read_on, &seats[i]), 0);
	}
	desk_fill(&desk, 1, INTERVALS, 10, ROWS);
	wc_journal_end_run(desk.journal);
	atomic_store(&done, true);
	for (size_t i = 0; i < READERS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert(!seats[i].wrong);
		ck_assert_uint_eq(seats[i].last, INTERVALS);
		ck_assert_uint_eq(seats[i].loaded + seats[i].missing, INTERVALS);
	}
	desk_clear(&desk);
}

START_TEST(test_beside)
{
	read_beside(true, 1024 * MEGABYTE);
	read_beside(false, 1024 * MEGABYTE);
}
END_TEST

/* Some are dropped before they are read, and told. */
START_TEST(test_dropped)
{
	read_beside(true, MEGABYTE);
	read_beside(false, MEGABYTE);
}
END_TEST

/* A person's query that never ends: the WAL grows to a bound, and writing waits for its end. */
START_TEST(test_stays)
{
	struct desk desk;
	struct stat wal;
	char name[128];
	sqlite3 *db;
	sqlite3_stmt *statement;
	struct wc_snapshot *snapshot = census_usual(1, 2000);
	uint64_t written = 1;

	desk_set(&desk, true);
	desk.settings.size = MEGABYTE;
	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_int_eq(desk_write(&desk, snapshot), 0);
	ck_assert_int_eq(sqlite3_open(desk.path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT * FROM port", -1, &statement, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
	do
		census_date(snapshot, ++written, 10);
	while (written < 1000 && !desk_write(&desk, snapshot));
	ck_assert_ptr_nonnull(strstr(desk.error.text, "end that program"));
	snprintf(name, sizeof(name), "%s-wal", desk.path);
	ck_assert_int_eq(stat(name, &wal), 0);
	ck_assert_int_lt(wal.st_size, 24 * (off_t)MEGABYTE);
	sqlite3_finalize(statement);
	ck_assert_int_eq(desk_write(&desk, snapshot), 0);
	ck_assert_uint_eq(wc_journal_last(desk.journal), written);
	ck_assert_int_eq(stat(name, &wal), 0);
	ck_assert_int_lt(wal.st_size, 5 * (off_t)MEGABYTE);
	sqlite3_close(db);
	census_free(snapshot);
	desk_clear(&desk);
}
END_TEST

/* Another program that writes delays nobody for long: the interval waits for the next try. */
START_TEST(test_locked)
{
	struct desk desk;
	sqlite3 *db;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 1, 10, 2);
	ck_assert_int_eq(sqlite3_open(desk.path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	{
		struct wc_snapshot *snapshot = census_usual(2, 2);

		ck_assert_int_eq(desk_write(&desk, snapshot), WC_FAILED);
		ck_assert_ptr_nonnull(strstr(desk.error.text, "keeps it locked"));
		sqlite3_close(db);
		ck_assert_int_eq(desk_write(&desk, snapshot), 0);
		census_free(snapshot);
	}
	ck_assert_uint_eq(wc_journal_last(desk.journal), 2);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_beside, test_dropped, test_stays, test_locked, NULL};

	return suite_run("journal readers", tests, 300);
}
