#include "delivery.h"
#include "headway.h"
#include "suite.h"

#define MS UINT64_C(1000000)

static struct wc_headway headway;

/* Asked again after 1, 2, 4 ... ms, 100 to 200 at most, until there is more. */
START_TEST(asks_less_and_less)
{
	uint64_t now = 1000 * MS;

	wc_headway_begin(&headway, now);
	ck_assert_uint_eq(headway.ask_ns, WC_DELIVERY_NEVER);
	wc_headway_sent(&headway, now);
	for (unsigned i = 0; i < 12; i++) {
		uint64_t before = now;

		now = headway.ask_ns;
		ck_assert_uint_eq(now - before, MS << (i < 7 ? i : 7));
		ck_assert_uint_eq(wc_headway_look(&headway, false, false, now), now - 1000 * MS);
	}
	ck_assert_uint_eq(wc_headway_look(&headway, true, false, now), 0);
	ck_assert_uint_eq(headway.ask_ns, now + MS);
	ck_assert_uint_eq(wc_headway_look(&headway, true, true, now), 0);
	ck_assert_uint_eq(headway.ask_ns, WC_DELIVERY_NEVER);
}
END_TEST

/* Only what is under way can take long; its time begins with the first message. */
START_TEST(silence_is_measured_from_the_first_message)
{
	wc_headway_begin(&headway, 0);
	ck_assert_uint_eq(wc_headway_look(&headway, false, true, 500 * MS), 0);
	headway.fresh = true;
	ck_assert_uint_eq(wc_headway_look(&headway, false, false, 900 * MS), 0);
	ck_assert_uint_eq(wc_headway_look(&headway, false, false, 950 * MS), 50 * MS);
	ck_assert_uint_eq(wc_headway_look(&headway, true, false, 960 * MS), 0);
	ck_assert_uint_eq(wc_headway_look(&headway, false, false, 990 * MS), 30 * MS);
}
END_TEST

START_TEST(never_goes_back)
{
	wc_headway_begin(&headway, 0);
	ck_assert(!wc_headway_received(&headway, 0));
	ck_assert(wc_headway_received(&headway, 10));
	ck_assert(!wc_headway_received(&headway, 10));
	ck_assert(!wc_headway_received(&headway, 4));
	ck_assert(wc_headway_received(&headway, 11));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {asks_less_and_less,
				      silence_is_measured_from_the_first_message, never_goes_back,
				      NULL};

	return suite_run("headway", tests, 60);
}
