/* What an hour of a source holds: its bins, its counters and its clock at their ends. */
#include "scan_world.h"
#include "suite.h"

START_TEST(test_hour)
{
	struct world world;

	/* Whatever the phase of the bins, 50 minutes are held and 60 forgotten. */
	for (int phase = 0; phase < WC_SCAN_BIN_S; phase += 50) {
		world_start(&world);
		world_pass(&world, phase);
		for (int i = 0; i < 15; i++)
			world_syn(&world, 1, (uint16_t)i);
		world_pass(&world, 50 * 60 - 20);
		for (int i = 15; i < 30; i++)
			world_syn(&world, 1, (uint16_t)i);
		world_pass(&world, 20);
		ck_assert_int_eq(world.reports, 1);
		ck_assert_uint_eq(world.evidence.attempts, 30);
		world_pass(&world, 3600);
		world_syn(&world, 1, 1);
		world_pass(&world, 20);
		ck_assert_int_eq(world.reports, 1);
		for (int i = 0; i < 40; i++)
			world_syn(&world, 1, (uint16_t)i);
		world_pass(&world, 20);
		ck_assert_int_eq(world.reports, 2);
		ck_assert_uint_eq(world.evidence.attempts, 41);
	}
}
END_TEST

START_TEST(test_asleep)
{
	struct world world;

	/* An hour or more without an interval's end leaves nothing of what was before. */
	for (int bins = 0; bins < 3 * WC_SCAN_BINS; bins++) {
		world_start(&world);
		world.now_s += 77 * bins;
		for (int i = 0; i < 15; i++)
			world_syn(&world, 1, (uint16_t)i);
		world_judge(&world);
		world.now_s += (WC_SCAN_BINS + bins) * WC_SCAN_BIN_S;
		for (int i = 0; i < 15; i++)
			world_syn(&world, 1, (uint16_t)i);
		world_judge(&world);
		world.now_s += 10;
		world_judge(&world);
		ck_assert_int_eq(world.reports, 0);
	}
}
END_TEST

START_TEST(test_long_intervals)
{
	static const double lengths[] = {600, 3600, 86400};
	struct world world;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		world_start(&world);
		world.interval_s = lengths[i];
		world.next_s = world.now_s + lengths[i];
		for (int port = 0; port < 30; port++)
			world_syn(&world, 1, (uint16_t)port);
		world_pass(&world, lengths[i]);
		ck_assert_int_eq(world.reports, 1);
		ck_assert_uint_eq(world.evidence.unanswered, 30);
		world_pass(&world, 3 * lengths[i]);
		ck_assert_int_eq(world.reports, 1);
	}
}
END_TEST

START_TEST(test_wrapped_counters)
{
	struct world world;

	world_start(&world);
	world.scan.counts = (struct wc_scan_counts){{UINT32_MAX - 5, UINT32_MAX},
						    {UINT32_MAX - 3, UINT32_MAX},
						    UINT32_MAX,
						    UINT32_MAX - 7};
	world.history.before = world.scan.counts;
	for (int i = 0; i < 50; i++) {
		world_syn(&world, 1, (uint16_t)(i + 1));
		world_refusal(&world, WC_SCAN_TCP);
	}
	world_pass(&world, 10);
	ck_assert_int_eq(world.reports, 1);
	ck_assert_uint_eq(world.evidence.attempts, 50);
	ck_assert_uint_eq(world.evidence.port_changes, 50);
	ck_assert_uint_eq(world.evidence.refused, 50);
	ck_assert_uint_eq(world.evidence.unanswered, 0);
}
END_TEST

START_TEST(test_full_counters)
{
	const struct wc_scan_rule rule = {WC_SCAN_DEFAULT, 20};
	struct wc_scan_history history = {0};
	struct wc_scan_evidence evidence;
	struct wc_scan scan = {0};

	/* More in ten minutes than a bin can hold stays at its end. */
	for (uint64_t i = 1; i <= 4; i++) {
		scan.counts.attempts[WC_SCAN_TCP] += 3000000000u;
		scan.counts.port_changes += 3000000000u;
		wc_scan_judge(&history, &scan, &rule, 600 + i, true);
	}
	ck_assert(wc_scan_report(&history, &evidence));
	ck_assert_uint_eq(evidence.attempts, UINT32_MAX);
	ck_assert_uint_eq(evidence.unanswered, UINT32_MAX);
	ck_assert_uint_eq(evidence.port_changes, UINT32_MAX);
}
END_TEST

/* A file's source, judged only where it is due and at the end. */
static int file_reports(const uint64_t *times_s, int count, struct wc_scan_evidence *evidence)
{
	const struct wc_scan_rule rule = {WC_SCAN_DEFAULT, 20};
	struct wc_scan_history history = {0};
	struct wc_scan scan = {0};
	uint64_t seen_s = 0;

	for (int i = 0; i < count; i++) {
		if (wc_scan_is_due(&history, times_s[i])) {
			wc_scan_judge(&history, &scan, &rule, seen_s, false);
			wc_scan_clear(&scan);
		}
		ck_assert(!seen_s || !wc_scan_is_due(&history, seen_s));
		wc_scan_attempt(&scan, WC_SCAN_TCP, 1, (uint16_t)i);
		seen_s = times_s[i];
	}
	wc_scan_judge(&history, &scan, &rule, seen_s, true);
	return wc_scan_report(&history, evidence);
}

START_TEST(test_file)
{
	uint64_t times_s[60];
	struct wc_scan_evidence evidence;

	/* Thirty within the first hour of a day, then one each hour. */
	for (int i = 0; i < 53; i++)
		times_s[i] = 1700000000 + (uint64_t)(i < 30 ? i * 100 : (i - 29) * 3600);
	ck_assert(file_reports(times_s, 53, &evidence));
	ck_assert_uint_ge(evidence.unanswered, 24);
	ck_assert_uint_le(evidence.attempts, 31);
	/* The last of it in bins of their own, up to the end of the file. */
	ck_assert(file_reports(times_s, 30, &evidence));
	ck_assert_uint_eq(evidence.attempts, 30);
	ck_assert_uint_eq(evidence.unanswered, 30);
	/* The same number over a week. */
	for (int i = 0; i < 60; i++)
		times_s[i] = 1700000000 + (uint64_t)i * 10080;
	ck_assert(!file_reports(times_s, 60, &evidence));
	/* At one instant. */
	for (int i = 0; i < 60; i++)
		times_s[i] = 0;
	ck_assert(file_reports(times_s, 60, &evidence));
}
END_TEST

START_TEST(test_clock_backwards)
{
	const struct wc_scan_rule rule = {WC_SCAN_DEFAULT, 20};
	struct wc_scan_history history = {0};
	struct wc_scan_evidence evidence;
	struct wc_scan scan = {0};

	for (uint64_t i = 0; i < 30; i++) {
		wc_scan_attempt(&scan, WC_SCAN_TCP, 1, (uint16_t)i);
		wc_scan_judge(&history, &scan, &rule, 100000 - i * 1000, true);
	}
	ck_assert(wc_scan_report(&history, &evidence));
	ck_assert_uint_eq(evidence.attempts, 30);
	wc_scan_judge(&history, &scan, &rule, UINT64_MAX, true);
	wc_scan_attempt(&scan, WC_SCAN_TCP, 1, 99);
	wc_scan_judge(&history, &scan, &rule, 0, true);
	ck_assert(!wc_scan_report(&history, &evidence));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_hour,          test_asleep, test_long_intervals,  test_wrapped_counters,
		test_full_counters, test_file,   test_clock_backwards, NULL,
	};

	return suite_run("scan_hour", tests, 120);
}
