/* How large and how old the journal gets, and what is told of what went. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bounds.h"
#include "census.h"
#include "desk.h"
#include "suite.h"

#define MEGABYTE       (UINT64_C(1) << 20)
#define ROWS           400 /* three times: about 80 kB an interval */
#define INTERVAL_BYTES 120000

static off_t file_size(const struct desk *desk)
{
	struct stat found;

	ck_assert_int_eq(stat(desk->path, &found), 0);
	return found.st_size;
}

START_TEST(test_size)
{
	struct desk desk;
	struct wc_journal_state state;
	struct wc_journal_group group;

	desk_set(&desk, true);
	desk.settings.size = 3 * MEGABYTE;
	ck_assert_int_eq(desk_open(&desk), 0);
	for (uint64_t i = 0; i < 20; i++) {
		desk_fill(&desk, 10 * i + 1, 10, 10, ROWS);
		ck_assert_int_le(file_size(&desk), 3 * (off_t)MEGABYTE + INTERVAL_BYTES);
	}
	wc_journal_state(desk.journal, &state);
	ck_assert_uint_eq(state.last, 200);
	ck_assert_uint_eq(state.intervals, state.last - state.first + 1);
	ck_assert_uint_gt(state.intervals, 5);
	ck_assert_uint_lt(state.intervals, 100);
	ck_assert_uint_le(state.bytes, 3 * MEGABYTE);
	/* Nobody waited for them. */
	ck_assert_uint_eq(state.dropped_intervals, 0);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM interval"),
			 (int64_t)state.intervals);
	/* Whole ones went, and nothing stayed behind. */
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM port"),
			 (int64_t)state.intervals * ROWS);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM host"),
			 (int64_t)state.intervals * ROWS);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM snapshot"),
			 (int64_t)state.intervals);
	ck_assert_int_eq(wc_journal_next(desk.reader, 10, 0, &group, &desk.error), 1);
	ck_assert_uint_eq(group.first, state.first);
	ck_assert_uint_eq(group.missing, state.first - 11);
	/* Roll-ups keep their share. */
	ck_assert_int_gt(desk_ask(&desk, "SELECT count(*) FROM minutes"), 2);
	ck_assert_int_eq(desk_ask(&desk, "SELECT sum(disk_bytes) = minute_bytes FROM span, "
					 "wirecensus WHERE minute IS NOT NULL"),
			 1);
	desk_clear(&desk);
}
END_TEST

/* A smaller bound gives the disk back. */
START_TEST(test_smaller)
{
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 60, 10, ROWS);
	ck_assert_int_gt(file_size(&desk), 3 * (off_t)MEGABYTE);
	desk_close(&desk);
	desk.settings.size = MEGABYTE;
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, 61, 10, 10, ROWS);
	desk_close(&desk);
	ck_assert_int_le(file_size(&desk), (off_t)MEGABYTE + INTERVAL_BYTES);
	desk_clear(&desk);
}
END_TEST

START_TEST(test_age)
{
	struct desk desk;
	struct wc_journal_state state;

	desk_set(&desk, true);
	desk.settings.age = 100;
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, 1, 50, 10, 3);
	wc_journal_state(desk.journal, &state);
	ck_assert_uint_eq(state.last, 50);
	ck_assert_uint_eq(state.intervals, 11);
	/* Roll-ups stay. */
	ck_assert_int_eq(desk_ask(&desk, "SELECT sum(intervals) FROM minutes"), 50);
	desk_clear(&desk);
}
END_TEST

/* Roll-ups age, too: minutes before hours. */
START_TEST(test_age_of_rollups)
{
	struct desk desk;
	const unsigned day = 86400;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 40, day, 2);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM minutes"), 14);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM hours"), 40);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(DISTINCT span) FROM span_host"), 53);
	desk_fill(&desk, 41, 800, day, 2);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM minutes"), 14);
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM hours"), WC_BOUNDS_HOURS_S / day);
	desk_clear(&desk);
}
END_TEST

/* What an exporter has not delivered has a bound of its own, and its drops are told. */
START_TEST(test_undelivered)
{
	struct desk desk;
	struct wc_journal_position position = {0};
	struct wc_journal_state state;
	struct wc_journal_group group;
	uint64_t kept;

	desk_set(&desk, true);
	desk.settings.undelivered = MEGABYTE;
	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_int_eq(wc_journal_position(desk.journal, "slow", &position, &desk.error), 0);
	ck_assert_int_eq(wc_journal_position(desk.journal, "quick", &position, &desk.error), 0);
	for (uint64_t i = 1; i <= 50; i++) {
		const struct wc_journal_position quick = {i, UINT64_MAX, 0},
						 slow = {5, UINT64_MAX, 0};

		desk_fill(&desk, i, 1, 10, ROWS);
		wc_journal_note(desk.journal, "quick", &quick);
		if (i == 5)
			wc_journal_note(desk.journal, "slow", &slow);
	}
	wc_journal_state(desk.journal, &state);
	ck_assert_uint_gt(state.dropped_intervals, 10);
	kept = 45 - state.dropped_intervals;
	/* Delivered history stays. */
	ck_assert_uint_eq(state.first, 1);
	ck_assert_uint_eq(state.intervals, 5 + kept);
	ck_assert_int_eq(wc_journal_next(desk.reader, 5, 0, &group, &desk.error), 1);
	ck_assert_uint_eq(group.missing, state.dropped_intervals);
	ck_assert_uint_eq(group.first, 50 - kept + 1);
	/* A group does not span what is missing. */
	ck_assert_int_eq(wc_journal_next(desk.reader, 4, 3600 * (uint64_t)CENSUS_SECOND_NS, &group,
					 &desk.error),
			 1);
	ck_assert_uint_eq(group.last, 5);
	/* The count outlives the run. */
	desk_close(&desk);
	ck_assert_int_eq(desk_open(&desk), 0);
	wc_journal_state(desk.journal, &state);
	ck_assert_uint_eq(state.dropped_intervals, 45 - kept);
	desk_clear(&desk);
}
END_TEST

/* In memory the same holds. */
START_TEST(test_memory)
{
	struct desk desk;
	struct wc_journal_state state;

	desk_set(&desk, false);
	desk.settings.size = 2 * MEGABYTE;
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, 1, 100, 10, ROWS);
	wc_journal_state(desk.journal, &state);
	ck_assert_uint_le(state.bytes, 2 * MEGABYTE);
	ck_assert_uint_gt(state.first, 50);
	ck_assert_uint_eq(desk_files(&desk, "census"), 0);
	desk_clear(&desk);
}
END_TEST

/* Runs of which nothing is kept are forgotten. */
START_TEST(test_runs_go)
{
	struct desk desk;

	desk_set(&desk, true);
	desk.settings.age = 100;
	for (uint64_t i = 0; i < 3; i++) {
		ck_assert_int_eq(desk_open(&desk), 0);
		desk_fill(&desk, i * 100000000 + 1, 2, 10, 1);
		desk_close(&desk);
	}
	/* Intervals and spans of the first two are gone, and so are they. */
	ck_assert_int_eq(desk_ask(&desk, "SELECT count(*) FROM runs"), 1);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_size,        test_smaller, test_age,     test_age_of_rollups,
		test_undelivered, test_memory,  test_runs_go, NULL};

	return suite_run("journal bounds", tests, 300);
}
