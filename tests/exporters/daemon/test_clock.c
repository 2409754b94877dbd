/* Ends on the wall clock's multiples, through steps, suspends and late wake-ups. */
#include "clock.h"

#include <stdlib.h>

#include "suite.h"

#define SECOND INT64_C(1000000000)
#define TEN    (10 * SECOND)

/* 2026-11-21 12:00:00 UTC. */
#define NOON (INT64_C(1795262400) * SECOND)

static struct wc_clock begun_with(uint64_t interval)
{
	struct wc_clock clock;

	wc_clock_begin(&clock, interval, 0, NOON);
	return clock;
}

static struct wc_clock begun(uint64_t steady, int64_t wall)
{
	struct wc_clock clock;

	wc_clock_begin(&clock, TEN, steady, wall);
	return clock;
}

START_TEST(first_end_is_half_an_interval_away_or_more)
{
	struct wc_clock clock = begun(7000, NOON + 2 * SECOND);

	ck_assert_int_eq(clock.label_ns, NOON + TEN);
	ck_assert_uint_eq(clock.end_ns, 7000 + 8 * SECOND);
	clock = begun(7000, NOON + 5 * SECOND);
	ck_assert_int_eq(clock.label_ns, NOON + TEN);
	clock = begun(7000, NOON + 5 * SECOND + 1);
	ck_assert_int_eq(clock.label_ns, NOON + 2 * TEN);
	ck_assert_uint_eq(clock.end_ns, 7000 + 15 * SECOND - 1);
}
END_TEST

START_TEST(interval_follows_interval)
{
	struct wc_clock clock = begun(0, NOON);

	for (int i = 1; i <= 1000; i++) {
		ck_assert_int_eq(clock.label_ns, NOON + i * TEN);
		ck_assert_uint_eq(clock.end_ns, (uint64_t)(i * TEN));
		wc_clock_next(&clock, clock.end_ns, clock.label_ns);
	}
}
END_TEST

START_TEST(waking_late_delays_no_later_end)
{
	struct wc_clock clock = begun(0, NOON);

	wc_clock_next(&clock, clock.end_ns + 3 * SECOND, clock.label_ns + 3 * SECOND);
	ck_assert_uint_eq(clock.end_ns, 2 * TEN);
	ck_assert_int_eq(clock.label_ns, NOON + 2 * TEN);
}
END_TEST

/* A wall clock that runs slower than the steady one has not come to the multiple yet. */
START_TEST(slewed_clock_ends_none_twice)
{
	struct wc_clock clock = begun(0, NOON);

	wc_clock_next(&clock, clock.end_ns, clock.label_ns - SECOND / 100);
	ck_assert_int_eq(clock.label_ns, NOON + 2 * TEN);
	ck_assert_uint_eq(clock.end_ns, 2 * TEN + SECOND / 100);
}
END_TEST

START_TEST(suspend_is_one_long_interval)
{
	const uint64_t night = 8 * 3600 * SECOND + 3 * SECOND;
	struct wc_clock clock = begun(0, NOON);

	wc_clock_next(&clock, night, NOON + (int64_t)night);
	ck_assert_int_eq(clock.label_ns, NOON + 8 * 3600 * SECOND + TEN);
	ck_assert_uint_eq(clock.end_ns, night + 7 * SECOND);
}
END_TEST

static const int64_t steps[] = {3600 * SECOND,
				-3600 * SECOND,
				INT64_C(100000000) * SECOND,
				-INT64_C(100000000) * SECOND,
				SECOND / 2,
				-SECOND / 2,
				-NOON,
				-2 * NOON};

START_TEST(step_moves_the_next_end_by_less_than_an_interval)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct wc_clock clock = begun(0, NOON + 1);
		uint64_t due = clock.end_ns;

		wc_clock_next(&clock, due, clock.label_ns + steps[i]);
		ck_assert_uint_gt(clock.end_ns, due);
		ck_assert_uint_lt(clock.end_ns, due + 2 * TEN);
		ck_assert_int_eq(clock.label_ns % TEN, 0);
	}
}
END_TEST

START_TEST(year_2038)
{
	const int64_t end_of_32_bits = INT64_C(2147483648) * SECOND;
	struct wc_clock clock = begun(0, end_of_32_bits - 13 * SECOND);

	ck_assert_int_eq(clock.label_ns, INT64_C(2147483640) * SECOND);
	wc_clock_next(&clock, clock.end_ns, clock.label_ns);
	ck_assert_int_eq(clock.label_ns, INT64_C(2147483650) * SECOND);
	ck_assert_uint_eq(clock.end_ns, 15 * SECOND);
}
END_TEST

/* Any walls and any lateness: always a multiple, half an interval to one and a half away. */
START_TEST(anything)
{
	srand48(1);
	for (int i = 0; i < 10000; i++) {
		struct wc_clock clock = begun_with((uint64_t)(1 + lrand48() % 600) * SECOND);
		uint64_t late = (uint64_t)lrand48() << (lrand48() % 14);
		int64_t wall = (int64_t)mrand48() * SECOND + mrand48();
		int64_t interval = (int64_t)clock.interval_ns;
		uint64_t now = clock.end_ns + late;

		wc_clock_next(&clock, now, wall);
		ck_assert_uint_ge(clock.end_ns - now, (uint64_t)(interval / 2));
		ck_assert_uint_lt(clock.end_ns - now, (uint64_t)(interval + interval / 2));
		ck_assert_int_eq(clock.label_ns % interval, 0);
		ck_assert_int_eq(clock.label_ns - wall, (int64_t)(clock.end_ns - now));
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		first_end_is_half_an_interval_away_or_more,
		interval_follows_interval,
		waking_late_delays_no_later_end,
		slewed_clock_ends_none_twice,
		suspend_is_one_long_interval,
		step_moves_the_next_end_by_less_than_an_interval,
		year_2038,
		anything,
		NULL,
	};

	return suite_run("clock", tests, 60);
}
