/* Hourly rates as the ancestor has them, in whole seconds from the start of counting. */
#include <math.h>

#include "rating.h"
#include "suite.h"

START_TEST(test_first_packets)
{
	struct wc_rate one = {0}, three = {0};

	rating_count(&one, &rating_ncs, 0, 1514);
	rating_bin_is(&one, 0, 1, 1514);
	rating_is(&one, 0, 0);
	rating_run(&three, &rating_ncs, 5, 1, 3, 60);
	rating_bin_is(&three, 5, 3, 180);
}
END_TEST

START_TEST(test_ncs_first_bin)
{
	struct wc_rate rate = {0}, few = {0}, slow = {0};

	rating_run(&rate, &rating_ncs, 0, 10, 5, 100);
	rating_count(&rate, &rating_ncs, 300, 60);
	rating_is(&rate, 60, 6000);
	rating_bin_is(&rate, 300, 1, 60);

	rating_run(&few, &rating_ncs, 0, 10, 4, 100);
	rating_count(&few, &rating_ncs, 300, 60);
	rating_is(&few, 0, 0);
	rating_bin_is(&few, 0, 5, 460);
	rating_count(&few, &rating_ncs, 301, 60);
	rating_is(&few, 59.8007, 5501.6611);
	rating_bin_is(&few, 301, 1, 60);

	rating_run(&slow, &rating_ncs, 0, 1800, 4, 1500);
	rating_count(&slow, &rating_ncs, 7199, 1500);
	rating_bin_is(&slow, 0, 5, 7500);
	rating_count(&slow, &rating_ncs, 7200, 1500);
	rating_is(&slow, 2.5, 3750);
}
END_TEST

START_TEST(test_ncs_later_host)
{
	struct wc_rate rate = {0}, three = {0};

	rating_count(&rate, &rating_ncs, 10, 100);
	rating_run(&rate, &rating_ncs, 11, 1, 99, 100);
	rating_count(&rate, &rating_ncs, 309, 100);
	rating_is(&rate, 0, 0);
	rating_bin_is(&rate, 10, 101, 10100);
	rating_count(&rate, &rating_ncs, 310, 100);
	rating_is(&rate, 93.2308, 9323.0769);
	rating_bin_is(&rate, 310, 1, 100);

	rating_run(&three, &rating_ncs, 77, 1, 3, 100);
	rating_count(&three, &rating_ncs, 77 + 320, 60);
	rating_is(&three, 2.7551, 275.5102);
	rating_bin_is(&three, 77 + 320, 1, 60);
}
END_TEST

START_TEST(test_ncs_ramp)
{
	static const struct {
		int bins;
		double packets;
	} ramp[] = {{1, 27.6923},   {2, 53.2544},   {3, 76.8503},  {6, 137.2951},
		    {12, 222.2292}, {24, 307.2756}, {48, 352.2781}};
	struct wc_rate rate = {0};
	int done = 0;

	for (size_t i = 0; i < sizeof(ramp) / sizeof(*ramp); i++) {
		rating_run(&rate, &rating_ncs, 1 + 10 * done, 10, 30 * ramp[i].bins + 1 - done,
			   1000);
		done = 30 * ramp[i].bins + 1;
		ck_assert_double_eq_tol(rate.packets_per_hour, ramp[i].packets, 1e-4);
		ck_assert_double_eq_tol(rate.bytes_per_hour, 1000 * rate.packets_per_hour, 1e-6);
	}
}
END_TEST

START_TEST(test_ncs_steady)
{
	struct wc_rate rate = {0};

	rating_run(&rate, &rating_ncs, 0, 10, 31, 1000);
	rating_is(&rate, 360, 360000);
	rating_run(&rate, &rating_ncs, 310, 10, 30, 1000);
	rating_is(&rate, 360, 360000);
	rating_bin_is(&rate, 600, 1, 1000);
}
END_TEST

START_TEST(test_ncs_gaps)
{
	struct wc_rate fixed_point = rating_known(360, 360000, 30, 30000);
	struct wc_rate hour = rating_known(360, 360000, 1, 1000);
	struct wc_rate day = rating_known(360, 360000, 2, 2000);
	struct wc_rates rates;

	rating_count(&fixed_point, &rating_ncs, 310, 1000);
	rating_is(&fixed_point, 360, 360000);
	/* Without a packet the ancestor's rate stands still. */
	ck_assert(wc_rate_read(&hour, &rating_ncs, rating_at(3610, 0), &rates));
	ck_assert_double_eq(rates.packets, 360);
	ck_assert_double_eq(rates.connections, 360);
	rating_count(&hour, &rating_ncs, 3610, 60);
	rating_is(&hour, 180.5, 180500);
	rating_count(&day, &rating_ncs, 86410, 60);
	rating_is(&day, 14.48, 14480);
}
END_TEST

START_TEST(test_purge)
{
	static const struct {
		int64_t opened;
		bool old;
	} cases[] = {{-86401, true}, {-86400, false}, {-86399, false}};
	const int64_t now = 200000;
	struct wc_rate never = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct wc_rate rate = {0};

		rating_count(&rate, &rating_ncs, now + cases[i].opened, 60);
		ck_assert(wc_rate_is_old(&rate, rating_at(now, 999999999)) == cases[i].old);
	}
	ck_assert(!wc_rate_is_old(&never, INT64_MAX));
}
END_TEST

static void all_run(struct wc_rate_all *all, int64_t from, int packets, uint32_t bytes)
{
	for (int i = 0; i < packets; i++)
		wc_rate_all_count(all, rating_at(from + i, 999999999), bytes);
}

START_TEST(test_all)
{
	struct wc_rate_all all;

	wc_rate_all_start(&all, rating_at(0, 5));
	all_run(&all, 1, 100, 500);
	all_run(&all, 299, 1, 500);
	ck_assert_double_eq(all.packets_per_hour, 0);
	ck_assert_uint_eq(all.packets, 101);
	all_run(&all, 300, 1, 500);
	ck_assert_double_eq_tol(all.packets_per_hour, 1212, 1e-4);
	ck_assert_double_eq_tol(all.bytes_per_hour, 606000, 1e-4);
	ck_assert_int_eq((int)rint(all.packets_per_hour / 60), 20);
	ck_assert_int_eq((int)rint(all.bytes_per_hour / 3600), 168);
	all_run(&all, 301, 59, 500);
	ck_assert_double_eq_tol(all.packets_per_hour, 1212, 1e-4);
	all_run(&all, 360, 1, 500);
	ck_assert_double_eq_tol(all.packets_per_hour, 1251.1475, 1e-4);
	ck_assert_double_eq_tol(all.bytes_per_hour, 625573.7705, 1e-4);
	ck_assert_int_eq((int)rint(all.packets_per_hour / 60), 21);
	ck_assert_int_eq((int)rint(all.bytes_per_hour / 3600), 174);
}
END_TEST

START_TEST(test_all_slow)
{
	static const int64_t times[] = {5, 100, 200, 400, 1000};
	struct wc_rate_all all;

	wc_rate_all_start(&all, rating_at(0, 0));
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		all_run(&all, times[i], 1, 100);
		ck_assert_double_eq(all.packets_per_hour, 0);
	}
	all_run(&all, 1001, 1, 100);
	ck_assert_double_eq_tol(all.packets_per_hour, 17.9820, 1e-4);
	ck_assert_double_eq_tol(all.bytes_per_hour, 1798.2018, 1e-4);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_first_packets,  test_ncs_first_bin,
		test_ncs_later_host, test_ncs_ramp,
		test_ncs_steady,     test_ncs_gaps,
		test_purge,          test_all,
		test_all_slow,       NULL,
	};

	return suite_run("rates_ncs", tests, 60);
}
