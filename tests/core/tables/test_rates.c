/*
 * Hourly rates as this program has them. The random tests compare with a model that keeps
 * every packet.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rating.h"
#include "suite.h"

START_TEST(test_default_first_window)
{
	struct wc_rate rate = {0};
	struct wc_rates rates;

	rating_count(&rate, &rating_fixed, 10, 100);
	rating_run(&rate, &rating_fixed, 11, 1, 99, 100);
	rating_count(&rate, &rating_fixed, 309, 100);
	rating_is(&rate, 0, 0);
	rating_count(&rate, &rating_fixed, 310, 100);
	rating_is(&rate, 1212, 121200);
	/* At the very time at which a bin opens, nothing of it has a rate yet. */
	ck_assert(wc_rate_read(&rate, &rating_fixed, rating_at(310, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 1212, 1e-9);
	ck_assert_double_eq_tol(rates.bytes, 121200, 1e-9);
}
END_TEST

START_TEST(test_default_decays_when_read)
{
	struct wc_rate rate = rating_known(360, 360000, 1, 1000), before = rate;
	struct wc_rates rates;

	ck_assert(wc_rate_read(&rate, &rating_fixed, rating_at(3610, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 180.5, 1e-9);
	ck_assert_double_eq_tol(rates.bytes, 180500, 1e-6);
	ck_assert_mem_eq(&rate, &before, sizeof(rate));
	/* A clock that went back takes nothing away. */
	ck_assert(wc_rate_read(&rate, &rating_fixed, rating_at(0, 0), &rates));
	ck_assert_double_eq(rates.packets, 360);
}
END_TEST

START_TEST(test_default_known)
{
	struct wc_rate rate = {0}, never = {0};
	struct wc_rates rates = {1, 1, 1};

	ck_assert(!wc_rate_read(&never, &rating_fixed, INT64_MAX, &rates));
	ck_assert_double_eq(rates.packets, 0);
	ck_assert_int_lt(wc_rate_opened(&never), 0);
	for (int i = 0; i < 6; i++)
		rating_packet(&rate, &rating_fixed, rating_at(10 * i, 0), 500, i % 2 == 0);
	ck_assert(!wc_rate_read(&rate, &rating_fixed, rating_at(60, -1), &rates));
	ck_assert(wc_rate_read(&rate, &rating_fixed, rating_at(60, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 360, 1e-9);
	ck_assert_double_eq_tol(rates.connections, 180, 1e-9);
	ck_assert_double_eq_tol(rates.bytes, 180000, 1e-9);
	/* A burst, then silence: the true average since it was first seen. */
	ck_assert(wc_rate_read(&rate, &rating_fixed, rating_at(7200, 0), &rates));
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

		wc_rate_add(&rate, &delta, rating_at(start, 0), rating_at(end, 0));
		if (!wc_rate_read(&rate, &rating_fixed, rating_at(end, 0), &rates)) {
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
		wc_rate_add(&rate, &seven, rating_at(70 * i, 0), rating_at(70 * i + 70, 0));
	rating_bin_is(&rate, 0, 28, 2800);
	wc_rate_add(&rate, &seven, rating_at(280, 0), rating_at(350, 0));
	rating_bin_is(&rate, 350, 0, 0);
	rating_is(&rate, 360, 36000);
	/* A day of silence, told or not told, is the same, and so is a machine that slept. */
	wc_rate_add(&rate, &none, rating_at(350, 0), rating_at(420, 0));
	rating_bin_is(&rate, 350, 0, 0);
	wc_rate_add(&rate, &seven, rating_at(350 + 86400, 0), rating_at(350 + 86410, 0));
	rating_bin_is(&rate, 350 + 86400, 7, 700);
	rating_is(&rate, 14.4, 1440);
	ck_assert(wc_rate_read(&rate, &rating_fixed, rating_at(350 + 90000, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, (14.4 + 7) / 2, 1e-9);
}
END_TEST

START_TEST(test_interval_over_a_day)
{
	struct wc_rate rate = {0};
	const struct wc_rate_delta day = {8640, 0, 8640}, more = {8640, 0, 0};
	const struct wc_rate_delta backwards = {1, 1, 1};

	wc_rate_add(&rate, &day, rating_at(0, 0), rating_at(86400, 0));
	rating_is(&rate, 360, 360);
	wc_rate_add(&rate, &more, rating_at(86400, 0), rating_at(2 * 86400, 0));
	rating_is(&rate, 360, 360.0 * 3600 / 90000);
	wc_rate_add(&rate, &backwards, rating_at(300000, 0), rating_at(299999, 0));
	rating_bin_is(&rate, 2 * 86400, 0, 0);
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
		int64_t now_ns = rating_at(random() % 100, random() % WC_RATE_SECOND), end_ns;
		struct wc_rate rate = {0};

		for (int i = 0; i < packets; i++) {
			times_ns[i] = now_ns;
			rating_packet(&rate, &rating_fixed, now_ns, 100, false);
			now_ns += random() % (round % 2 ? 3 : 300) * WC_RATE_SECOND +
				  random() % WC_RATE_SECOND;
		}
		end_ns = now_ns + 60 * WC_RATE_SECOND;
		ck_assert(wc_rate_read(&rate, &rating_fixed, end_ns, &rates));
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
	rating_packet(&rate, &rating_fixed, INT64_MIN, 10, false);
	rating_packet(&rate, &rating_fixed, -5, 10, false);
	ck_assert_int_lt(wc_rate_opened(&rate), 0);
	rating_packet(&rate, &rating_fixed, rating_at(0, 0), 10, false);
	rating_packet(&rate, &rating_fixed, INT64_MIN, 10, false);
	rating_packet(&rate, &rating_fixed, rating_at(-1000, 0), 10, false);
	rating_bin_is(&rate, 0, 5, 50);
	ck_assert(wc_rate_read(&rate, &rating_fixed, rating_at(3600, 0), &rates));
	ck_assert_double_eq_tol(rates.packets, 5, 1e-9);

	/* The end of time. */
	rating_packet(&end, &rating_fixed, 0, 1, false);
	rating_packet(&end, &rating_fixed, INT64_MAX, 1, false);
	rating_packet(&end, &rating_fixed, INT64_MAX, 1, false);
	ck_assert(wc_rate_read(&end, &rating_fixed, INT64_MAX, &rates));
	ck_assert(isfinite(rates.packets) && rates.packets >= 0);
	ck_assert(wc_rate_read(&end, &rating_fixed, INT64_MIN, &rates));
	ck_assert(isfinite(rates.packets));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_default_first_window,
		test_default_decays_when_read,
		test_default_known,
		test_interval_lengths,
		test_interval_bins,
		test_interval_over_a_day,
		test_random_packets,
		test_odd_times,
		NULL,
	};

	return suite_run("rates", tests, 60);
}
