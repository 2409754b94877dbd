/* What is written to the journal is what is read from it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "census.h"
#include "desk.h"
#include "history.h"
#include "rows.h"
#include "suite.h"

#define SNAPSHOTS 40

static void round_trip(bool on_disk)
{
	struct desk desk;

	desk_begin(&desk, on_disk);
	ck_assert_str_eq(desk.notice, "");
	for (uint64_t i = 1; i <= SNAPSHOTS; i++) {
		struct wc_snapshot *snapshot = census_make(i, i * 7, false);

		census_date(snapshot, i, 10);
		ck_assert_msg(!desk_write(&desk, snapshot), "%s", desk.error.text);
		ck_assert_uint_eq(wc_journal_last(desk.journal), i);
		desk_same(&desk, i, snapshot);
		census_free(snapshot);
	}
	desk_clear(&desk);
}

START_TEST(test_round_trip)
{
	round_trip(true);
	round_trip(false);
}
END_TEST

/* Also with a time that nobody knows, and no rows. */
START_TEST(test_bare)
{
	struct desk desk;
	struct wc_snapshot bare = {.capture = "a'b", .observer = "", .interval = 9};

	desk_begin(&desk, true);
	bare.start_ns = bare.end_ns = WC_TIME_UNKNOWN;
	ck_assert_int_eq(desk_write(&desk, &bare), 0);
	desk_same(&desk, 1, &bare);
	desk_clear(&desk);
}
END_TEST

/* Beyond the largest integer of SQLite a count is held. */
START_TEST(test_largest)
{
	struct desk desk;
	struct wc_snapshot *snapshot = census_usual(1, 2);
	struct wc_journal_interval *loaded;

	desk_begin(&desk, true);
	snapshot->delta.received = UINT64_MAX;
	snapshot->delta.frames = INT64_MAX;
	ck_assert_int_eq(desk_write(&desk, snapshot), 0);
	ck_assert_int_eq(desk_write(&desk, snapshot), 0);
	loaded = desk_load(&desk, 1, 1);
	ck_assert_uint_eq(loaded->snapshot->delta.received, INT64_MAX);
	ck_assert_uint_eq(loaded->snapshot->delta.frames, INT64_MAX);
	wc_journal_intervals_free(loaded, 1);
	/* So is a sum that rolls up. */
	ck_assert_int_eq(desk_ask(&desk, "SELECT frames FROM minutes"), INT64_MAX);
	census_free(snapshot);
	desk_clear(&desk);
}
END_TEST

/* Several captures in one interval; kinds that are asked for. */
START_TEST(test_captures)
{
	struct desk desk;
	struct wc_snapshot *wan = census_make(1, 20, true), *lan = census_make(2, 30, true);
	const struct wc_snapshot *both[] = {wan, lan};
	struct wc_journal_interval *intervals;
	size_t count;

	desk_begin(&desk, true);
	lan->capture = "lan";
	lan->observer = "eth1";
	ck_assert_int_eq(wc_journal_write(desk.journal, both, 2, &desk.error), 0);
	ck_assert_int_eq(wc_journal_load(desk.reader, 1, 1, WC_ROWS_PORT | WC_ROWS_HOST, &intervals,
					 &count, &desk.error),
			 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(intervals[0].snapshot->capture, "wan");
	ck_assert_str_eq(intervals[1].snapshot->observer, "eth1");
	ck_assert_uint_gt(intervals[1].snapshot->port_rows, 0);
	ck_assert_uint_gt(intervals[1].snapshot->host_rows, 0);
	ck_assert_uint_eq(intervals[1].snapshot->conversation_rows, 0);
	ck_assert_uint_eq(intervals[1].snapshot->scanner_rows, 0);
	ck_assert_uint_eq(intervals[1].snapshot->protocol_rows, 0);
	wc_journal_intervals_free(intervals, count);
	census_free(wan);
	census_free(lan);
	desk_clear(&desk);
}
END_TEST

/* The bits of kinds are those of the encoders. */
START_TEST(test_kinds)
{
	ck_assert_uint_eq(WC_JOURNAL_PORTS, WC_ROWS_PORT);
	ck_assert_uint_eq(WC_JOURNAL_PROTOCOLS, WC_ROWS_PROTOCOL);
	ck_assert_uint_eq(WC_JOURNAL_FRAGMENTS, WC_ROWS_FRAGMENT);
	ck_assert_uint_eq(WC_JOURNAL_ETHERTYPES, WC_ROWS_ETHERTYPE);
	ck_assert_uint_eq(WC_JOURNAL_CONVERSATIONS, WC_ROWS_CONVERSATION);
	ck_assert_uint_eq(WC_JOURNAL_HOSTS, WC_ROWS_HOST);
	ck_assert_uint_eq(WC_JOURNAL_SCANNERS, WC_ROWS_SCANNER);
}
END_TEST

/* Sequences and positions go on over runs. */
START_TEST(test_positions)
{
	struct desk desk;
	struct wc_journal_position position, half = {2, 17, UINT64_MAX - 1};
	const char *const kept[] = {"json/b"};

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 2, 10, 3);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	ck_assert_uint_eq(position.sequence, 2);
	ck_assert_uint_eq(position.messages, UINT64_MAX);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/b", &position, &desk.error), 0);
	wc_journal_note(desk.journal, "json/b", &half);
	wc_journal_note(desk.journal, "stranger", &half);
	ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
	half.messages = 18;
	wc_journal_note(desk.journal, "json/b", &half);
	desk_close(&desk);

	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/b", &position, &desk.error), 0);
	ck_assert_uint_eq(position.sequence, 2);
	ck_assert_uint_eq(position.messages, 17);
	ck_assert_uint_eq(position.encoding, half.encoding);
	desk_fill(&desk, 1, 1, 10, 3);
	ck_assert_uint_eq(wc_journal_last(desk.journal), 3);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM positions"), 2);
	wc_journal_forget_others(desk.journal, kept, 1);
	ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM positions"), 1);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM runs"), 2);
	desk_clear(&desk);
}
END_TEST

/* A journal of the first version: read as it is, and taken over with all that is in it. */
START_TEST(test_older)
{
	const struct wc_journal_position half = {2, 17, 5};
	struct wc_journal_position position;
	struct wc_history *history;
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 2, 10, 3);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	wc_journal_note(desk.journal, "json/a", &half);
	ck_assert_int_eq(wc_journal_flush(desk.journal, &desk.error), 0);
	desk_close(&desk);
	desk_run(&desk, "ALTER TABLE position DROP COLUMN encoding; PRAGMA user_version = 1");
	ck_assert_int_eq(wc_history_open(&history, desk.path, &desk.error), 0);
	wc_history_close(history);
	ck_assert_int_eq(desk_ask(&desk, "PRAGMA user_version"), 1);

	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_str_eq(desk.notice, "");
	ck_assert_int_eq(desk_ask(&desk, "PRAGMA user_version"), 2);
	ck_assert_uint_eq(wc_journal_last(desk.journal), 2);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	ck_assert_uint_eq(position.sequence, 2);
	ck_assert_uint_eq(position.messages, 17);
	ck_assert_uint_eq(position.encoding, 0);
	wc_journal_note(desk.journal, "json/a", &half);
	desk_fill(&desk, 3, 1, 10, 3);
	ck_assert_int_eq(desk_ask(&desk, "SELECT encoding FROM position"), 5);
	desk_clear(&desk);
}
END_TEST

/* One instance for each file; the file is for its group to read, whatever the umask. */
START_TEST(test_file)
{
	struct desk desk, second;
	struct stat found;
	mode_t mask;

	desk_set(&desk, true);
	mask = umask(0077);
	ck_assert_int_eq(desk_open(&desk), 0);
	umask(mask);
	ck_assert_int_eq(stat(desk.path, &found), 0);
	ck_assert_uint_eq(found.st_mode & 07777, 0640);
	second = desk;
	ck_assert_int_eq(desk_open(&second), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(second.error.text, "in use by another wirecensus"));
	desk_clear(&desk);
}
END_TEST

/* What is not ours is left alone. */
START_TEST(test_refused)
{
	struct desk desk;
	char target[128];
	struct stat found;

	desk_set(&desk, true);
	snprintf(target, sizeof(target), "%s/precious", desk.folder);
	ck_assert_int_eq(close(creat(target, 0600)), 0);
	ck_assert_int_eq(symlink(target, desk.path), 0);
	ck_assert_int_eq(desk_open(&desk), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(desk.error.text, "a symbolic link"));
	ck_assert_int_eq(stat(target, &found), 0);
	ck_assert_int_eq(found.st_size, 0);

	ck_assert_int_eq(unlink(desk.path), 0);
	desk_run(&desk, "CREATE TABLE bookmarks (x)");
	ck_assert_int_eq(desk_open(&desk), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(desk.error.text, "another program"));
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM bookmarks"), 0);

	ck_assert_int_eq(unlink(desk.path), 0);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_close(&desk);
	desk_run(&desk, "PRAGMA user_version = 3");
	ck_assert_int_eq(desk_open(&desk), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(desk.error.text, "a later version"));
	ck_assert_uint_eq(desk_files(&desk, ".bad-"), 0);

	desk.settings.path = "/nowhere/at/all.db";
	ck_assert_int_eq(desk_open(&desk), WC_FAILED);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_round_trip, test_bare,  test_largest, test_captures, test_kinds,
		test_positions,  test_older, test_file,    test_refused,  NULL};

	return suite_run("journal", tests, 120);
}
