/* Intervals that are delivered as one: which, and when. */
#include "census.h"
#include "desk.h"
#include "suite.h"

#define MINUTE (60 * (uint64_t)CENSUS_SECOND_NS)

/* CENSUS_START_NS lies 20 s behind a minute: intervals 1 to 4 of 10 s are in the first. */

static void expect_group(struct desk *desk, uint64_t after, uint64_t first, uint64_t last,
			 uint64_t missing)
{
	struct wc_journal_group group = {0};
	int found = wc_journal_next(desk->reader, after, MINUTE, &group, &desk->error);

	ck_assert_int_eq(found, first != 0);
	ck_assert_uint_eq(group.first, first);
	ck_assert_uint_eq(group.last, last);
	ck_assert_uint_eq(group.missing, missing);
}

START_TEST(test_each)
{
	struct desk desk;
	struct wc_journal_group group;

	desk_begin(&desk, true);
	ck_assert_int_eq(wc_journal_next(desk.reader, 0, 0, &group, &desk.error), 0);
	desk_fill(&desk, 1, 2, 10, 1);
	ck_assert_int_eq(wc_journal_next(desk.reader, 0, 0, &group, &desk.error), 1);
	ck_assert_uint_eq(group.first, 1);
	ck_assert_uint_eq(group.last, 1);
	ck_assert_int_eq(wc_journal_next(desk.reader, 1, 0, &group, &desk.error), 1);
	ck_assert_uint_eq(group.first, 2);
	ck_assert_int_eq(wc_journal_next(desk.reader, 2, 0, &group, &desk.error), 0);
	ck_assert_int_eq(wc_journal_next(desk.reader, UINT64_MAX, 0, &group, &desk.error), 0);
	desk_clear(&desk);
}
END_TEST

/* A group is there at its multiple, and not before. */
START_TEST(test_multiples)
{
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 3, 10, 1);
	expect_group(&desk, 0, 0, 0, 0);
	desk_fill(&desk, 4, 1, 10, 1);
	expect_group(&desk, 0, 1, 4, 0);
	expect_group(&desk, 2, 3, 4, 0);
	desk_fill(&desk, 5, 7, 10, 1);
	expect_group(&desk, 4, 5, 10, 0);
	expect_group(&desk, 10, 0, 0, 0);
	wc_journal_end_run(desk.journal);
	expect_group(&desk, 10, 11, 11, 0);
	desk_clear(&desk);
}
END_TEST

/* Ends lie a little before or behind the multiple. */
START_TEST(test_jitter)
{
	struct desk desk;

	desk_begin(&desk, true);
	for (uint64_t i = 1; i <= 10; i++) {
		struct wc_snapshot *snapshot = census_usual(i, 1);

		census_date(snapshot, i, 10);
		snapshot->end_ns += i % 2 ? 3000000 : -3000000;
		snapshot->start_ns += i % 2 ? -3000000 : 3000000;
		ck_assert_int_eq(desk_write(&desk, snapshot), 0);
		census_free(snapshot);
		if (i == 4)
			expect_group(&desk, 0, 1, 4, 0);
	}
	expect_group(&desk, 0, 1, 4, 0);
	expect_group(&desk, 4, 5, 10, 0);
	desk_clear(&desk);
}
END_TEST

/* No group spans two runs, nor a step of the clock back into an earlier multiple. */
START_TEST(test_runs)
{
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 2, 10, 1);
	expect_group(&desk, 0, 0, 0, 0);
	desk_close(&desk);
	ck_assert_int_eq(desk_open(&desk), 0);
	expect_group(&desk, 0, 1, 2, 0);
	desk_fill(&desk, 3, 1, 10, 1);
	expect_group(&desk, 0, 1, 2, 0);
	expect_group(&desk, 2, 0, 0, 0);
	desk_fill(&desk, 6, 1, 10, 1);
	expect_group(&desk, 2, 3, 3, 0);
	desk_fill(&desk, 1, 1, 10, 1);
	expect_group(&desk, 3, 4, 4, 0);
	expect_group(&desk, 4, 0, 0, 0);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_each, test_multiples, test_jitter, test_runs, NULL};

	return suite_run("journal groups", tests, 120);
}
