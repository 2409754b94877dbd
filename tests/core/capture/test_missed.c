#include "missed.h"

#include <check.h>

#include "suite.h"

START_TEST(what_was_missed_before_is_not_ours)
{
	struct wc_missed missed = {0};

	wc_missed_take(&missed, 3, 1000000);
	ck_assert_uint_eq(missed.sum, 0);
	wc_missed_end(&missed);
	wc_missed_take(&missed, 3, 1000005);
	wc_missed_end(&missed);
	wc_missed_take(&missed, 3, 1000005);
	wc_missed_end(&missed);
	ck_assert_uint_eq(missed.sum, 5);
	wc_missed_forget(&missed);
}
END_TEST

/* Asking fails: as many as there are when it does not are where its count begins. */
START_TEST(an_interface_that_comes_back_begins_anew)
{
	struct wc_missed missed = {0};

	wc_missed_take(&missed, 3, 10);
	wc_missed_end(&missed);
	wc_missed_take(&missed, 3, 17);
	wc_missed_end(&missed);
	wc_missed_forget(&missed);
	ck_assert_uint_eq(missed.sum, 7);
	wc_missed_look(&missed, 1u << 30); /* there is none */
	wc_missed_take(&missed, 4, 5000);
	wc_missed_end(&missed);
	wc_missed_take(&missed, 4, 5001);
	ck_assert_uint_eq(missed.sum, 8);
	wc_missed_forget(&missed);
}
END_TEST

START_TEST(a_driver_may_start_anew)
{
	struct wc_missed missed = {0};

	wc_missed_take(&missed, 3, 10);
	wc_missed_take(&missed, 3, 2);
	wc_missed_take(&missed, 3, 6);
	ck_assert_uint_eq(missed.sum, 4);
	wc_missed_forget(&missed);
}
END_TEST

/* As "any" does: each has a count of its own. */
START_TEST(links_join_and_leave)
{
	struct wc_missed missed = {0};

	wc_missed_take(&missed, 1, 0);
	wc_missed_take(&missed, 2, 300);
	wc_missed_end(&missed);
	wc_missed_take(&missed, 1, 2);
	wc_missed_take(&missed, 2, 301);
	wc_missed_take(&missed, 3, 9000);
	wc_missed_end(&missed);
	ck_assert_uint_eq(missed.sum, 3);
	wc_missed_take(&missed, 1, 2);
	wc_missed_take(&missed, 3, 9004);
	wc_missed_end(&missed);
	ck_assert_uint_eq(missed.sum, 7);
	wc_missed_take(&missed, 1, 3);
	wc_missed_take(&missed, 2, 400); /* it comes from another namespace */
	wc_missed_take(&missed, 3, 9004);
	wc_missed_end(&missed);
	ck_assert_uint_eq(missed.sum, 8);
	wc_missed_forget(&missed);
}
END_TEST

/* An answer that was cut short tells of some: the others are not gone. */
START_TEST(who_is_not_told_of_is_forgotten_at_the_end_alone)
{
	struct wc_missed missed = {0};

	wc_missed_take(&missed, 1, 1);
	wc_missed_take(&missed, 2, 1);
	wc_missed_end(&missed);
	wc_missed_take(&missed, 1, 2);
	wc_missed_take(&missed, 1, 2);
	wc_missed_take(&missed, 2, 4);
	wc_missed_end(&missed);
	ck_assert_uint_eq(missed.sum, 4);
	wc_missed_forget(&missed);
}
END_TEST

/* Every link of this namespace has a counter. */
START_TEST(the_kernel_is_asked)
{
	struct wc_missed missed = {0};

	wc_missed_look(&missed, 0);
	ck_assert_uint_ge(missed.count, 1);
	ck_assert_uint_eq(missed.sum, 0);
	wc_missed_forget(&missed);
	ck_assert_uint_eq(missed.count, 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		what_was_missed_before_is_not_ours,
		an_interface_that_comes_back_begins_anew,
		a_driver_may_start_anew,
		links_join_and_leave,
		who_is_not_told_of_is_forgotten_at_the_end_alone,
		the_kernel_is_asked,
		NULL,
	};

	return suite_run("missed", tests, 60);
}
