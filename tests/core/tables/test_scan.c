/* Judging a source: what is counted, and when it is judged. */
#include <string.h>

#include "scan_world.h"
#include "suite.h"

START_TEST(test_attempt_flags)
{
	static const uint8_t attempts[] = {0x02, 0xc2, 0x01, 0x00, 0x29, 0x0a};
	static const uint8_t others[] = {0x10, 0x12, 0x18, 0x11, 0x04, 0x14, 0x06};

	for (size_t i = 0; i < sizeof(attempts); i++)
		ck_assert(wc_scan_is_attempt(attempts[i]));
	for (size_t i = 0; i < sizeof(others); i++)
		ck_assert(!wc_scan_is_attempt(others[i]));
}
END_TEST

START_TEST(test_port_changes)
{
	static const uint16_t ports[] = {0, 0, 80, 80, 443, 80, 0};
	struct wc_scan scan = {0};

	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++)
		wc_scan_attempt(&scan, i % 2, 1, ports[i]);
	ck_assert_uint_eq(scan.counts.port_changes, 4);
	ck_assert_uint_eq(scan.counts.attempts[WC_SCAN_TCP], 4);
	ck_assert_uint_eq(scan.counts.attempts[WC_SCAN_UDP], 3);
	ck_assert_uint_eq(wc_sketch_count(&scan.hosts), 1);
	ck_assert_uint_eq(wc_sketch_count(&scan.ports), 3);
}
END_TEST

START_TEST(test_streams)
{
	struct wc_scan scan = {0};

	/* Three streams at once are three attempts, however many frames they have. */
	for (int i = 0; i < 1000; i++)
		for (uint64_t host = 0; host < WC_SCAN_RECENT; host++)
			wc_scan_datagram(&scan, world_hash(host), 443);
	ck_assert_uint_eq(scan.counts.attempts[WC_SCAN_UDP], 3);
	/* The same host at another port is another target, and pushes out the oldest. */
	wc_scan_datagram(&scan, world_hash(2), 53);
	wc_scan_datagram(&scan, world_hash(2), 443);
	wc_scan_datagram(&scan, world_hash(1), 443);
	ck_assert_uint_eq(scan.counts.attempts[WC_SCAN_UDP], 4);
	wc_scan_datagram(&scan, world_hash(0), 443);
	ck_assert_uint_eq(scan.counts.attempts[WC_SCAN_UDP], 5);
	/* A target whose fingerprint is 0 is not taken for an empty place. */
	memset(&scan, 0, sizeof(scan));
	wc_scan_datagram(&scan, 7, 7);
	ck_assert_uint_eq(scan.counts.attempts[WC_SCAN_UDP], 1);
}
END_TEST

START_TEST(test_threshold)
{
	struct world world;

	for (int ports = 20; ports <= 21; ports++) {
		world_start(&world);
		for (int i = 0; i < ports; i++) {
			world_syn(&world, 1, (uint16_t)(1000 + i));
			world_refusal(&world, WC_SCAN_TCP);
		}
		world_pass(&world, 10);
		/* Twenty-one ports are twenty changes. */
		ck_assert_int_eq(world.reports, ports == 21);
	}
	ck_assert_uint_eq(world.evidence.attempts, 21);
	ck_assert_uint_eq(world.evidence.port_changes, 20);
	ck_assert_uint_eq(world.evidence.refused, 21);
	ck_assert_uint_eq(world.evidence.unanswered, 0);
	ck_assert_uint_eq(world.evidence.distinct_hosts, 1);
}
END_TEST

START_TEST(test_half)
{
	struct world world;

	/* Of 100 attempts some are accepted; at fifty the other fifty are just half. */
	for (int accepted = 50; accepted <= 51; accepted++) {
		world_start(&world);
		for (int i = 0; i < 100; i++) {
			world_syn(&world, 1, (uint16_t)i);
			if (i < accepted)
				world_answer(&world, WC_SCAN_TCP);
			else if (i % 2)
				world_refusal(&world, WC_SCAN_TCP);
		}
		world_pass(&world, 30);
		ck_assert_int_eq(world.reports, accepted == 50);
	}
}
END_TEST

/* Tries @hosts once each, in vain; returns how often that is reported. */
static int sweep(uint64_t first, uint64_t hosts)
{
	struct world world;

	world_start(&world);
	for (uint64_t i = 0; i < hosts; i++)
		world_syn(&world, first + i, 22);
	world_pass(&world, 30);
	return world.reports;
}

START_TEST(test_threshold_of_hosts)
{
	int found = 0;

	for (uint64_t i = 0; i < 2000; i++) {
		ck_assert_int_eq(sweep(i * 1000, 19), 0);
		found += sweep(i * 1000, 20);
		ck_assert_int_eq(sweep(i * 1000, 30), 1);
	}
	ck_assert_int_ge(found, 1985);
	ck_assert_int_le(found, 2000);
}
END_TEST

START_TEST(test_late_answers)
{
	struct world world;

	/* Attempts at the end of an interval, each answered in the next. */
	world_start(&world);
	for (int round = 0; round < 10; round++) {
		world_pass(&world, 9.9);
		for (int i = 0; i < 50; i++)
			world_syn(&world, (uint64_t)round * 50 + (uint64_t)i, (uint16_t)i);
		world_pass(&world, 0.1);
		for (int i = 0; i < 50; i++)
			world_answer(&world, WC_SCAN_TCP);
	}
	world_pass(&world, 100);
	ck_assert_int_eq(world.reports, 0);

	/* No answer at all: judged one interval later, and once. */
	world_start(&world);
	for (int i = 0; i < 50; i++)
		world_syn(&world, (uint64_t)i, 22);
	world_pass(&world, 10);
	ck_assert_int_eq(world.reports, 0);
	world_pass(&world, 10);
	ck_assert_int_eq(world.reports, 1);
	ck_assert_uint_eq(world.evidence.unanswered, 50);
	world_pass(&world, 3600);
	ck_assert_int_eq(world.reports, 1);
}
END_TEST

START_TEST(test_more_answers_than_attempts)
{
	struct world world;

	/* A stream's answers say nothing about TCP. */
	world_start(&world);
	for (int i = 0; i < 100; i++) {
		world_syn(&world, 1, (uint16_t)i);
		for (int n = 0; n < 50; n++)
			world_answer(&world, WC_SCAN_UDP);
	}
	world_pass(&world, 20);
	ck_assert_int_eq(world.reports, 1);
	ck_assert_uint_eq(world.evidence.attempts, 100);
	ck_assert_uint_eq(world.evidence.unanswered, 100);
}
END_TEST

START_TEST(test_once_an_interval)
{
	struct world world;

	world_start(&world);
	for (int i = 0; i < 1000; i++) {
		world_syn(&world, 1, (uint16_t)i);
		world_refusal(&world, WC_SCAN_TCP);
		world_pass(&world, 0.1);
	}
	world_pass(&world, 1000);
	ck_assert_int_eq(world.reports, 10);
	ck_assert_uint_eq(world.evidence.attempts, 1000);
}
END_TEST

START_TEST(test_plain)
{
	struct world world;

	/* An ordinary conversation with two ports, all of it answered. */
	world_start(&world);
	world.rule.mode = WC_SCAN_PLAIN;
	for (int i = 0; i < 20; i++)
		world_syn(&world, 1, i % 2 ? 80 : 443);
	world_pass(&world, 10);
	ck_assert_int_eq(world.reports, 0);
	world_syn(&world, 1, 443);
	world_pass(&world, 10);
	ck_assert_int_eq(world.reports, 1);
	ck_assert_uint_eq(world.evidence.port_changes, 20);
	ck_assert_uint_eq(world.evidence.unanswered, 0);
	/* Hosts do not count. */
	world_start(&world);
	world.rule.mode = WC_SCAN_PLAIN;
	for (uint64_t host = 0; host < 1000; host++)
		world_syn(&world, host, 443);
	world_pass(&world, 100);
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

START_TEST(test_merge)
{
	struct wc_scan all = {0}, parts[3] = {0}, merged = {0};

	for (int i = 0; i < 300; i++) {
		uint64_t host = world_hash((uint64_t)i % 70);

		wc_scan_attempt(&all, WC_SCAN_TCP, host, (uint16_t)i);
		wc_scan_attempt(&parts[i % 3], WC_SCAN_TCP, host, (uint16_t)i);
		wc_scan_answer(&all, WC_SCAN_UDP, i % 5 == 0);
		wc_scan_answer(&parts[i % 3], WC_SCAN_UDP, i % 5 == 0);
	}
	for (int i = 0; i < 3; i++)
		wc_scan_merge(&merged, &parts[i]);
	ck_assert_mem_eq(&merged.hosts, &all.hosts, sizeof(all.hosts));
	ck_assert_mem_eq(&merged.ports, &all.ports, sizeof(all.ports));
	/* Each worker's first attempt is no change. */
	merged.counts.port_changes += 2;
	ck_assert_mem_eq(&merged.counts, &all.counts, sizeof(all.counts));
}
END_TEST

START_TEST(test_ignored)
{
	static const char *const networks[] = {"192.0.2.7", "198.51.100.0/24", "2001:db8::/32"};
	static const struct {
		const char *address;
		bool ignored;
	} cases[] = {{"192.0.2.7", true},     {"192.0.2.8", false},      {"198.51.100.255", true},
		     {"198.51.101.0", false}, {"2001:db8::1", true},     {"2001:db9::", false},
		     {"::c000:207", false},   {"::ffff:c000:207", false}};
	struct wc_network items[3];
	const struct wc_networks ignored = {items, 3}, none = {0};

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(wc_network_parse(&items[i], networks[i], NULL), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct wc_address address;

		ck_assert_int_eq(wc_address_parse(&address, cases[i].address, NULL), 0);
		ck_assert(wc_scan_is_ignored(&ignored, &address) == cases[i].ignored);
		ck_assert(!wc_scan_is_ignored(&none, &address));
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_attempt_flags,
		test_port_changes,
		test_streams,
		test_threshold,
		test_half,
		test_threshold_of_hosts,
		test_late_answers,
		test_more_answers_than_attempts,
		test_once_an_interval,
		test_plain,
		test_merge,
		test_ignored,
		NULL,
	};

	return suite_run("scan", tests, 120);
}
