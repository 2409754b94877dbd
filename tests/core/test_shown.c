/* Which rows are shown: examples. */
#include "shown_table.h"
#include "suite.h"

#define IN  WC_DIRECTION_IN
#define OUT WC_DIRECTION_OUT

START_TEST(test_top_starts_at_zero)
{
	struct wc_shown *shown = shown_make(10, 0, 1, ALL);
	struct shown_table table = {.count = 0};

	shown_put(&table, 22, IN, 5);
	shown_put(&table, 443, IN, 7);
	shown_update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 1);
	ck_assert_uint_eq(shown_series(shown, 443, IN)->values[0], 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 12);

	table.rows[0].counters[0] = 6;
	table.rows[1].counters[0] = 10;
	shown_update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 1);
	ck_assert_uint_eq(shown_series(shown, 443, IN)->values[0], 3);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 13);

	/* Another takes the first place: it comes in, and the first one stays. */
	table.rows[0].counters[0] = 100;
	table.rows[1].counters[0] = 11;
	shown_update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 2);
	ck_assert_uint_eq(shown_series(shown, 22, IN)->values[0], 0);
	ck_assert_uint_eq(shown_series(shown, 443, IN)->values[0], 4);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 107);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_pinned_from_the_start)
{
	struct wc_shown *shown = shown_make(0, 0, 0, ALL);
	struct shown_table table = {.count = 0};

	ck_assert_int_eq(wc_shown_pin(shown, 443, OUT, NULL), 0);
	ck_assert_int_eq(wc_shown_pin(shown, 22, IN, NULL), 0);
	ck_assert_int_eq(wc_shown_pin(shown, 443, OUT, NULL), 0);
	shown_update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 2);
	ck_assert_uint_eq(wc_shown_at(shown, 0)->key, 22);
	ck_assert_uint_eq(wc_shown_at(shown, 1)->key, 443);
	ck_assert_uint_eq(wc_shown_at(shown, 1)->values[0], 0);

	shown_put(&table, 443, IN, 4);
	shown_put(&table, 443, OUT, 9);
	shown_update(shown, &table);
	ck_assert_uint_eq(shown_series(shown, 443, OUT)->values[0], 9);
	ck_assert_uint_eq(wc_shown_other(shown, OUT)[0], 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 4);
	wc_shown_free(shown);
}
END_TEST

/* A series tells since when it counts, and keeps that. */
START_TEST(test_since)
{
	struct wc_shown *shown = shown_make(10, 0, 1, ALL);
	struct shown_table table = {.count = 0};

	wc_shown_date(shown, 1000);
	ck_assert_int_eq(wc_shown_pin(shown, 22, IN, NULL), 0);
	shown_put(&table, 443, IN, 7);
	for (int64_t now = 2000; now <= 3000; now += 1000) {
		wc_shown_date(shown, now);
		shown_update(shown, &table);
		ck_assert_int_eq(shown_series(shown, 22, IN)->since_ns, 1000);
		ck_assert_int_eq(shown_series(shown, 443, IN)->since_ns, 2000);
	}
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_services_have_their_own_bound)
{
	struct wc_shown *shown = shown_make(3, 2, 1, ALL);
	struct shown_table table = {.count = 0};

	for (uint16_t port = 1; port <= 5; port++) {
		shown_put(&table, port, IN, 10u * port);
		table.rows[port - 1].service = true;
	}
	shown_update(shown, &table);
	ck_assert_ptr_nonnull(shown_series(shown, 1, IN));
	ck_assert_ptr_nonnull(shown_series(shown, 2, IN));
	ck_assert_ptr_nonnull(shown_series(shown, 5, IN)); /* the top */
	ck_assert_uint_eq(wc_shown_count(shown), 3);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 150);

	/* There is no room left for the next one. */
	table.rows[3].counters[0] = 1000;
	shown_update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 3);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 1110);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_rows_that_are_never_shown)
{
	struct wc_shown *shown = shown_make(10, 10, 10, 1u << IN);
	struct shown_table table = {.count = 0};

	shown_put(&table, 1, IN, 0); /* counts nothing yet */
	shown_put(&table, 2, IN, 5);
	table.rows[1].ranked = false;
	shown_put(&table, 3, OUT, 6); /* another direction */
	shown_put(&table, 0, IN, 7);  /* the remainder of a full table */
	table.rows[3].other = true;
	table.rows[3].service = true;
	shown_update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 12);
	ck_assert_uint_eq(wc_shown_other(shown, OUT)[0], 6);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_other_is_not_port_zero)
{
	struct wc_shown *shown = shown_make(0, 0, 0, ALL);
	struct shown_table table = {.count = 0};

	ck_assert_int_eq(wc_shown_pin(shown, 0, IN, NULL), 0);
	shown_put(&table, 0, IN, 7);
	table.rows[0].other = true;
	shown_update(shown, &table);
	ck_assert_uint_eq(shown_series(shown, 0, IN)->values[0], 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 7);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_equals_in_order)
{
	struct wc_shown *shown = shown_make(2, 0, 2, ALL);
	struct shown_table table = {.count = 0};

	for (uint16_t port = 1; port <= 4; port++)
		shown_put(&table, port, IN, 5);
	shown_update(shown, &table);
	ck_assert_ptr_nonnull(shown_series(shown, 1, IN));
	ck_assert_ptr_nonnull(shown_series(shown, 2, IN));
	ck_assert_uint_eq(wc_shown_count(shown), 2);
	wc_shown_free(shown);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_top_starts_at_zero,
				      test_pinned_from_the_start,
				      test_since,
				      test_services_have_their_own_bound,
				      test_rows_that_are_never_shown,
				      test_other_is_not_port_zero,
				      test_equals_in_order,
				      NULL};

	return suite_run("shown", tests, 60);
}
