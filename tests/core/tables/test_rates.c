/*
 * Hourly rates. The tables are the ancestor's arithmetic, checked in whole seconds
 * from the start of counting; the random tests compare with a model that keeps
 * every packet.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rates.h"
#include "suite.h"

#define START 1700000000 /* s; a time like those in captures */

static const struct wc_rate_rule ncs = {WC_RATE_NCS, START *WC_RATE_SECOND};
static const struct wc_rate_rule fixed = {WC_RATE_DEFAULT, 0};

/* What the tables do with a packet of a file, bin by bin. */
static void count_packet(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t now_ns,
			 uint32_t bytes, bool connection)
{
	if (now_ns >= rate->over_ns)
		wc_rate_turn(rate, rule, now_ns);
	rate->packets++;
	rate->connections += connection;
	rate->bytes += bytes;
}

/* A time in seconds from the start of counting, and @nano more. */
static int64_t at(int64_t seconds, int64_t nano)
{
	return (START + seconds) * WC_RATE_SECOND + nano;
}

static void count(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t seconds,
		  uint32_t bytes)
{
	/* A fraction of a second, which whole seconds do not see. */
	count_packet(rate, rule, at(seconds, rule->mode == WC_RATE_NCS ? 999999999 : 0), bytes,
		     false);
}

/* Counts @packets of @bytes each, the first at @from and then every @step seconds. */
static void run(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t from, int64_t step,
		int packets, uint32_t bytes)
{
	for (int i = 0; i < packets; i++)
		count(rate, rule, from + i * step, bytes);
}

static void rates_are(const struct wc_rate *rate, double packets, double bytes)
{
	ck_assert_double_eq_tol(rate->packets_per_hour, packets, 1e-4);
	ck_assert_double_eq_tol(rate->bytes_per_hour, bytes, 1e-4);
}

static void bin_is(const struct wc_rate *rate, int64_t seconds, uint64_t packets, uint64_t bytes)
{
	ck_assert_int_eq(wc_rate_opened(rate), at(seconds, 0));
	ck_assert_uint_eq(rate->packets, packets);
	ck_assert_uint_eq(rate->bytes, bytes);
}

/* A host in the middle of its life: rates, and an open bin. */
static struct wc_rate known(double packets, double bytes, uint64_t count_packets,
			    uint64_t count_bytes)
{
	struct wc_rate rate = {0};

	count(&rate, &ncs, 10, 0); /* not in the second in which counting began */
	rate.packets_per_hour = packets;
	rate.bytes_per_hour = bytes;
	rate.packets = count_packets;
	rate.bytes = count_bytes;
	return rate;
}

START_TEST(test_first_packets)
{
	struct wc_rate one = {0}, three = {0};

	count(&one, &ncs, 0, 1514);
	bin_is(&one, 0, 1, 1514);
	rates_are(&one, 0, 0);
	run(&three, &ncs, 5, 1, 3, 60);
	bin_is(&three, 5, 3, 180);
}
END_TEST

START_TEST(test_ncs_first_bin)
{
	struct wc_rate rate = {0}, few = {0}, slow = {0};

	run(&rate, &ncs, 0, 10, 5, 100);
	count(&rate, &ncs, 300, 60);
	rates_are(&rate, 60, 6000);
	bin_is(&rate, 300, 1, 60);

	run(&few, &ncs, 0, 10, 4, 100);
	count(&few, &ncs, 300, 60);
	rates_are(&few, 0, 0);
	bin_is(&few, 0, 5, 460);
	count(&few, &ncs, 301, 60);
	rates_are(&few, 59.8007, 5501.6611);
	bin_is(&few, 301, 1, 60);

	run(&slow, &ncs, 0, 1800, 4, 1500);
	count(&slow, &ncs, 7199, 1500);
	bin_is(&slow, 0, 5, 7500);
	count(&slow, &ncs, 7200, 1500);
	rates_are(&slow, 2.5, 3750);
}
END_TEST

START_TEST(test_ncs_later_host)
{
	struct wc_rate rate = {0}, three = {0};

	count(&rate, &ncs, 10, 100);
	run(&rate, &ncs, 11, 1, 99, 100);
	count(&rate, &ncs, 309, 100);
	rates_are(&rate, 0, 0);
	bin_is(&rate, 10, 101, 10100);
	count(&rate, &ncs, 310, 100);
	rates_are(&rate, 93.2308, 9323.0769);
	bin_is(&rate, 310, 1, 100);

	run(&three, &ncs, 77, 1, 3, 100);
	count(&three, &ncs, 77 + 320, 60);
	rates_are(&three, 2.7551, 275.5102);
	bin_is(&three, 77 + 320, 1, 60);
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
		run(&rate, &ncs, 1 + 10 * done, 10, 30 * ramp[i].bins + 1 - done, 1000);
		done = 30 * ramp[i].bins + 1;
		ck_assert_double_eq_tol(rate.packets_per_hour, ramp[i].packets, 1e-4);
		ck_assert_double_eq_tol(rate.bytes_per_hour, 1000 * rate.packets_per_hour, 1e-6);
	}
}
END_TEST

START_TEST(test_ncs_steady)
{
	struct wc_rate rate = {0};

	run(&rate, &ncs, 0, 10, 31, 1000);
	rates_are(&rate, 360, 360000);
	run(&rate, &ncs, 310, 10, 30, 1000);
	rates_are(&rate, 360, 360000);
	bin_is(&rate, 600, 1, 1000);
}
END_TEST

START_TEST(test_ncs_gaps)
{
	struct wc_rate fixed_point = known(360, 360000, 30, 30000);
	struct wc_rate hour = known(360, 360000, 1, 1000);
	struct wc_rate day = known(360, 360000, 2, 2000);
	struct wc_rates rates;

	count(&fixed_point, &ncs, 310, 1000);
	rates_are(&fixed_point, 360, 360000);
	/* Without a packet the ancestor's rate stands still. */
	ck_assert(wc_rate_read(&hour, &ncs, at(3610, 0), &rates));
	ck_assert_double_eq(rates.packets, 360);
	ck_assert_double_eq(rates.connections, 360);
	count(&hour, &ncs, 3610, 60);
	rates_are(&hour, 180.5, 180500);
	count(&day, &ncs, 86410, 60);
	rates_are(&day, 14.48, 14480);
}
END_TEST

START_TEST(test_default_first_window)
{
	struct wc_rate rate = {0};
	struct wc_rates rates;

	count(&rate, &fixed, 10, 100);
	run(&rate, &fixed, 11, 1, 99, 100);
	count(&rate, &fixed, 309, 100);
	rates_are(&rate, 0, 0);
	count(&rate, &fixed, 310, 100);
	rates_are(&rate, 1212, 121200);
	/* At the very time at which a bin opens, nothing of it has a rate yet. */
	ck_assert(wc_rate_read(&rate, &fixed, at(310, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 1212, 1e-9);
	ck_assert_double_eq_tol(rates.bytes, 121200, 1e-9);
}
END_TEST

START_TEST(test_default_decays_when_read)
{
	struct wc_rate rate = known(360, 360000, 1, 1000), before = rate;
	struct wc_rates rates;

	ck_assert(wc_rate_read(&rate, &fixed, at(3610, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 180.5, 1e-9);
	ck_assert_double_eq_tol(rates.bytes, 180500, 1e-6);
	ck_assert_mem_eq(&rate, &before, sizeof(rate));
	/* A clock that went back takes nothing away. */
	ck_assert(wc_rate_read(&rate, &fixed, at(0, 0), &rates));
	ck_assert_double_eq(rates.packets, 360);
}
END_TEST

START_TEST(test_default_known)
{
	struct wc_rate rate = {0}, never = {0};
	struct wc_rates rates = {1, 1, 1};

	ck_assert(!wc_rate_read(&never, &fixed, INT64_MAX, &rates));
	ck_assert_double_eq(rates.packets, 0);
	ck_assert_int_lt(wc_rate_opened(&never), 0);
	for (int i = 0; i < 6; i++)
		count_packet(&rate, &fixed, at(10 * i, 0), 500, i % 2 == 0);
	ck_assert(!wc_rate_read(&rate, &fixed, at(60, -1), &rates));
	ck_assert(wc_rate_read(&rate, &fixed, at(60, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 360, 1e-9);
	ck_assert_double_eq_tol(rates.connections, 180, 1e-9);
	ck_assert_double_eq_tol(rates.bytes, 180000, 1e-9);
	/* A burst, then silence: the true average since it was first seen. */
	ck_assert(wc_rate_read(&rate, &fixed, at(7200, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 3, 1e-9);
}
END_TEST

/* A packet every ten seconds, told by intervals of @length: the rate is 360 an hour all along. */
static void steady_intervals(int64_t length)
{
	struct wc_rate rate = {0};
	struct wc_rates rates;
	int known_from = 0;

	for (int64_t start = 0; start < 4 * 3600; start += length) {
		int64_t end = start + length;
		uint64_t packets = (uint64_t)((end + 9) / 10 - (start + 9) / 10);
		struct wc_rate_delta delta = {packets, packets, 1000 * packets};
		/* An interval that is no multiple of ten seconds has one packet more or less. */
		double tolerance = length % 10 ? 3600.0 / (double)(end < 300 ? end : 300) : 1e-6;

		wc_rate_add(&rate, &delta, at(start, 0), at(end, 0));
		if (!wc_rate_read(&rate, &fixed, at(end, 0), &rates)) {
			ck_assert_int_lt(end, 60);
			continue;
		}
		known_from = known_from ? known_from : (int)end;
		ck_assert_double_eq_tol(rates.packets, 360, tolerance);
		ck_assert_double_eq(rates.connections, rates.packets);
		ck_assert_double_eq_tol(rates.bytes, 1000 * rates.packets, 1e-6);
	}
	ck_assert_int_eq(known_from, (int)((59 + length) / length * length));
}

START_TEST(test_interval_lengths)
{
	static const int64_t lengths[] = {1, 7, 10, 60, 70, 250, 290, 300, 310, 900, 3600, 7200};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		steady_intervals(lengths[i]);
}
END_TEST

START_TEST(test_interval_bins)
{
	struct wc_rate rate = {0};
	const struct wc_rate_delta seven = {7, 1, 700}, none = {0};
	struct wc_rates rates;

	/* Bins end with the interval that reaches 300 s: at 350 s, with intervals of 70 s. */
	for (int64_t i = 0; i < 4; i++)
		wc_rate_add(&rate, &seven, at(70 * i, 0), at(70 * i + 70, 0));
	bin_is(&rate, 0, 28, 2800);
	wc_rate_add(&rate, &seven, at(280, 0), at(350, 0));
	bin_is(&rate, 350, 0, 0);
	rates_are(&rate, 360, 36000);
	/* A day of silence, told or not told, is the same, and so is a machine that slept. */
	wc_rate_add(&rate, &none, at(350, 0), at(420, 0));
	bin_is(&rate, 350, 0, 0);
	wc_rate_add(&rate, &seven, at(350 + 86400, 0), at(350 + 86410, 0));
	bin_is(&rate, 350 + 86400, 7, 700);
	rates_are(&rate, 14.4, 1440);
	ck_assert(wc_rate_read(&rate, &fixed, at(350 + 90000, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, (14.4 + 7) / 2, 1e-9);
}
END_TEST

START_TEST(test_interval_over_a_day)
{
	struct wc_rate rate = {0};
	const struct wc_rate_delta day = {8640, 0, 8640}, more = {8640, 0, 0};
	const struct wc_rate_delta backwards = {1, 1, 1};

	wc_rate_add(&rate, &day, at(0, 0), at(86400, 0));
	rates_are(&rate, 360, 360);
	wc_rate_add(&rate, &more, at(86400, 0), at(2 * 86400, 0));
	rates_are(&rate, 360, 360.0 * 3600 / 90000);
	wc_rate_add(&rate, &backwards, at(300000, 0), at(299999, 0));
	bin_is(&rate, 2 * 86400, 0, 0);
}
END_TEST

/* What a host's rate is by the definition, from all its packets' times. */
static double model(const int64_t *times_ns, int count, int64_t now_ns)
{
	double rate = 0;
	int64_t begin = times_ns[0];
	int in_bin = 0;
	bool first = true;

	for (int i = 0; i < count; i++) {
		if (times_ns[i] - begin >= WC_RATE_BIN) {
			double d = (double)(times_ns[i] - begin) / 1e9;

			rate = first ? in_bin * 3600 / d : (rate + in_bin) * 3600 / (3600 + d);
			first = false;
			begin = times_ns[i];
			in_bin = 0;
		}
		in_bin++;
	}
	if (first)
		return in_bin * 3600 / ((double)(now_ns - begin) / 1e9);
	return (rate + in_bin) * 3600 / (3600 + (double)(now_ns - begin) / 1e9);
}

START_TEST(test_random_packets)
{
	static int64_t times_ns[2000];
	struct wc_rates rates;

	srandom(4);
	for (int round = 0; round < 200; round++) {
		int packets = 1 + (int)(random() % 2000);
		int64_t now_ns = at(random() % 100, random() % WC_RATE_SECOND), end_ns;
		struct wc_rate rate = {0};

		for (int i = 0; i < packets; i++) {
			times_ns[i] = now_ns;
			count_packet(&rate, &fixed, now_ns, 100, false);
			now_ns += random() % (round % 2 ? 3 : 300) * WC_RATE_SECOND +
				  random() % WC_RATE_SECOND;
		}
		end_ns = now_ns + 60 * WC_RATE_SECOND;
		ck_assert(wc_rate_read(&rate, &fixed, end_ns, &rates));
		ck_assert_double_eq_tol(rates.packets, model(times_ns, packets, end_ns), 1e-6);
		ck_assert_double_eq_tol(rates.bytes, 100 * rates.packets, 1e-4);
	}
}
END_TEST

START_TEST(test_odd_times)
{
	struct wc_rate rate = {0}, end = {0};
	struct wc_rates rates;

	/* No time, and a time before 1970, count; the first window waits for a time. */
	count_packet(&rate, &fixed, INT64_MIN, 10, false);
	count_packet(&rate, &fixed, -5, 10, false);
	ck_assert_int_lt(wc_rate_opened(&rate), 0);
	count_packet(&rate, &fixed, at(0, 0), 10, false);
	count_packet(&rate, &fixed, INT64_MIN, 10, false);
	count_packet(&rate, &fixed, at(-1000, 0), 10, false);
	bin_is(&rate, 0, 5, 50);
	ck_assert(wc_rate_read(&rate, &fixed, at(3600, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 5, 1e-9);

	/* The end of time. */
	count_packet(&end, &fixed, 0, 1, false);
	count_packet(&end, &fixed, INT64_MAX, 1, false);
	count_packet(&end, &fixed, INT64_MAX, 1, false);
	ck_assert(wc_rate_read(&end, &fixed, INT64_MAX, &rates));
	ck_assert(isfinite(rates.packets) && rates.packets >= 0);
	ck_assert(wc_rate_read(&end, &fixed, INT64_MIN, &rates));
	ck_assert(isfinite(rates.packets));
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

		count(&rate, &ncs, now + cases[i].opened, 60);
		ck_assert(wc_rate_is_old(&rate, at(now, 999999999)) == cases[i].old);
	}
	ck_assert(!wc_rate_is_old(&never, INT64_MAX));
}
END_TEST

static void all_run(struct wc_rate_all *all, int64_t from, int packets, uint32_t bytes)
{
	for (int i = 0; i < packets; i++)
		wc_rate_all_count(all, at(from + i, 999999999), bytes);
}

START_TEST(test_all)
{
	struct wc_rate_all all;

	wc_rate_all_start(&all, at(0, 5));
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

	wc_rate_all_start(&all, at(0, 0));
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
		test_first_packets,
		test_ncs_first_bin,
		test_ncs_later_host,
		test_ncs_ramp,
		test_ncs_steady,
		test_ncs_gaps,
		test_default_first_window,
		test_default_decays_when_read,
		test_default_known,
		test_interval_lengths,
		test_interval_bins,
		test_interval_over_a_day,
		test_random_packets,
		test_odd_times,
		test_purge,
		test_all,
		test_all_slow,
		NULL,
	};

	return suite_run("rates", tests, 60);
}
