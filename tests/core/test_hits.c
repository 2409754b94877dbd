/* Rates of everything by the fixed rows 21 to 23 of the ancestor's arithmetic, in intervals. */
#include <stdlib.h>

#include "suite.h"
#include "wirecensus/hits.h"

#define SECOND    UINT64_C(1000000000)
#define TOLERANCE 1e-4

static struct wc_hits *hits;
static uint64_t now_s;

/* Counts intervals of a second up to @end_s, of which each has @packets of @bytes. */
static void until(uint64_t end_s, uint64_t packets, uint64_t bytes)
{
	for (; now_s < end_s; now_s++)
		wc_hits_add(hits, packets, packets * bytes, SECOND);
}

static void expect(double per_hour, double bytes_per_hour)
{
	struct wc_hits_rates rates = wc_hits_read(hits);

	ck_assert_double_eq_tol(rates.per_minute * 60, per_hour, TOLERANCE);
	ck_assert_double_eq_tol(rates.bytes_per_second * 3600, bytes_per_hour, TOLERANCE);
}

static void begin(void)
{
	hits = wc_hits_new();
	ck_assert_ptr_nonnull(hits);
	now_s = 0;
}

/* 100 packets of 500 bytes at 1 to 100 s, one at 299 and one at 300; 59 more, and one at 360. */
START_TEST(test_first_bins)
{
	begin();
	until(1, 0, 0);
	until(101, 1, 500);
	until(299, 0, 0);
	expect(0, 0);
	until(300, 1, 500);
	expect(1212, 606000);
	until(359, 1, 500);
	expect(1212, 606000);
	until(360, 1, 500);
	expect(1251.1475, 625573.7705);
	wc_hits_free(hits);
}
END_TEST

/* One of 100 bytes at 5, 100, 200, 400 and 1000 s: no rate before there are five. */
START_TEST(test_few)
{
	static const uint64_t times[] = {5, 100, 200, 400, 1000};

	begin();
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		until(times[i], 0, 0);
		expect(0, 0);
		until(times[i] + 1, 1, 100);
	}
	expect(17.9820, 1798.2018);
	wc_hits_free(hits);
}
END_TEST

/* Silence ends no bin; what follows it belongs to the next. */
START_TEST(test_silence)
{
	begin();
	until(300, 10, 100);
	expect(36000, 3600000);
	until(3900, 0, 0);
	expect(36000, 3600000);
	wc_hits_add(hits, 10, 1000, SECOND);
	expect(18000, 1800000);
	wc_hits_free(hits);
}
END_TEST

/* Intervals longer than a bin end one each. */
START_TEST(test_long_intervals)
{
	begin();
	wc_hits_add(hits, 3600, 360000, 3600 * SECOND);
	expect(3600, 360000);
	wc_hits_add(hits, 3600, 360000, 3600 * SECOND);
	expect(3600, 360000);
	wc_hits_free(hits);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_first_bins, test_few, test_silence, test_long_intervals,
				      NULL};

	return suite_run("hits", tests, 60);
}
