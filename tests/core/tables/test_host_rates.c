/* The rates of hosts: live by interval, of files by frame, and as the ancestor has them. */
#include <check.h>
#include <stdio.h>

#include "flows.h"
#include "suite.h"

#define TOLERANCE 1e-4 /* of rates: the ancestor's are told to four places */

static void assert_rates(const struct flows *flows, const char *host, double packets,
			 double connections, double bytes)
{
	const struct wc_host_row *row = flows_host(flows, host);

	ck_assert(row->rates_known);
	ck_assert_double_eq_tol(row->packets_per_hour, packets, TOLERANCE);
	ck_assert_double_eq_tol(row->connections_per_hour, connections, TOLERANCE);
	ck_assert_double_eq_tol(row->bytes_per_hour, bytes, TOLERANCE);
}

/* Live, rates come from intervals: sent and received, a connection being a new one. */
START_TEST(live_rates)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	for (int interval = 1; interval <= 90; interval++) {
		flows_talk(&flows, 1, 2, false, 9);
		flows_talk(&flows, 2, 1, true, 1);
		flows_collect(&flows, 10);
		if (interval < 6)
			ck_assert(!flows_host(&flows, "10.0.0.1")->rates_known);
		else
			assert_rates(&flows, "10.0.0.1", 3600, 360, 360 * (9 * 42 + 54));
	}
	/* Silence: after an hour, half of it. */
	flows_collect(&flows, 3600);
	assert_rates(&flows, "10.0.0.1", 1800, 180, 180 * (9 * 42 + 54));
	flows_end(&flows);
}
END_TEST

/* Counts a frame of @bytes, @seconds behind the start, for 10.0.1.1. */
static void at(struct flows *flows, unsigned seconds, unsigned bytes)
{
	char recipe[100];

	flows->now_ns = (1000000 + (uint64_t)seconds) * FLOWS_SECOND;
	snprintf(recipe, sizeof(recipe),
		 "eth 0800 / ip4 10.0.1.1 192.0.2.1 6 / tcp 40000 80 S 1 / wire %u", bytes);
	flows_frame(flows, recipe, 1);
}

/* The same traffic in both modes, and how its rates differ: rows 12 and 13 of host-rates.md. */
static void a_hundred_packets(struct flows *flows, enum wc_rate_mode mode, bool file)
{
	flows->rules.rates_by_frame = true;
	flows->rules.rate_mode = mode;
	flows->rules.file = file;
	flows_begin(flows);
	flows_talk(flows, 1, 2, false, 1);
	for (unsigned i = 0; i < 100; i++)
		at(flows, 10 + i + (i == 99), 100);
	at(flows, 309, 100);
	flows_collect(flows, 0);
}

START_TEST(rates_of_a_file)
{
	struct flows flows = {.now_ns = 0};

	a_hundred_packets(&flows, WC_RATE_DEFAULT, true);
	assert_rates(&flows, "10.0.1.1", 101 * 3600 / 299.0, 101 * 3600 / 299.0,
		     10100 * 3600 / 299.0);
	at(&flows, 310, 100);
	flows_collect(&flows, 0);
	assert_rates(&flows, "10.0.1.1", 1212, 1212, 121200);
	flows_end(&flows);
}
END_TEST

START_TEST(rates_of_the_ancestor)
{
	for (int file = 0; file < 2; file++) {
		struct flows flows = {.now_ns = 0};

		a_hundred_packets(&flows, WC_RATE_NCS, file);
		assert_rates(&flows, "10.0.1.1", 0, 0, 0);
		at(&flows, 310, 100);
		flows_collect(&flows, 0);
		assert_rates(&flows, "10.0.1.1", 93.2308, 93.2308, 9323.0769);
		flows_end(&flows);
	}
}
END_TEST

/* Row 15: a host that was not there in the first second ramps up from 0. */
START_TEST(ramp_of_the_ancestor)
{
	static const struct {
		unsigned bins;
		double rate;
	} cases[] = {{1, 27.6923},   {2, 53.2544},   {3, 76.8503},  {6, 137.2951},
		     {12, 222.2292}, {24, 307.2756}, {48, 352.2781}};
	struct flows flows = {.rules = {.rates_by_frame = true, .rate_mode = WC_RATE_NCS}};
	unsigned second = 1;

	flows_begin(&flows);
	flows_talk(&flows, 1, 2, false, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (; second <= 1 + 300 * cases[i].bins; second += 10)
			at(&flows, second, 1000);
		flows_collect(&flows, 0);
		ck_assert_double_eq_tol(flows_host(&flows, "10.0.1.1")->packets_per_hour,
					cases[i].rate, TOLERANCE);
		ck_assert_double_eq_tol(flows_host(&flows, "10.0.1.1")->bytes_per_hour,
					1000 * cases[i].rate, 1000 * TOLERANCE);
	}
	flows_end(&flows);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		live_rates, rates_of_a_file, rates_of_the_ancestor, ramp_of_the_ancestor, NULL,
	};

	return suite_run("host_rates", tests, 60);
}
