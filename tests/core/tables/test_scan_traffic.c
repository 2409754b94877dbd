/*
 * Scanners that must be found, and busy hosts that must not: what each sends and
 * receives in an hour or so, as the frames of its kind would be counted.
 */
#include <stdlib.h>

#include "scan_world.h"
#include "suite.h"

static struct world world;

static void setup(void)
{
	world_start(&world);
	srandom(8);
}

/* True for about @percent of the calls. */
static bool chance(int percent)
{
	return random() % 100 < percent;
}

static void in_between(uint32_t value, double low, double high)
{
	ck_assert_double_ge(value, low);
	ck_assert_double_le(value, high);
}

/* nmap -sS: a thousand ports in random order, ten of them open. */
START_TEST(test_vertical)
{
	for (int i = 0; i < 1000; i++) {
		world_syn(&world, 1, (uint16_t)(i * 7919 % 1000 + 1));
		if (i % 100 == 0)
			world_answer(&world, WC_SCAN_TCP);
		else
			world_refusal(&world, WC_SCAN_TCP);
		world_pass(&world, 0.001);
	}
	world_pass(&world, 600);
	ck_assert_int_eq(world.reports, 1);
	ck_assert_uint_eq(world.evidence.attempts, 1000);
	ck_assert_uint_eq(world.evidence.port_changes, 999);
	ck_assert_uint_eq(world.evidence.refused, 990);
	ck_assert_uint_eq(world.evidence.unanswered, 0);
	ck_assert_uint_eq(world.evidence.distinct_hosts, 1);
	in_between(world.evidence.distinct_ports, 500, 1000);
}
END_TEST

/* The same against a firewall that drops, every port tried twice; nmap -sF looks like this, too. */
START_TEST(test_vertical_filtered)
{
	for (int i = 0; i < 2000; i++) {
		world_syn(&world, 1, (uint16_t)(i / 2));
		world_pass(&world, 0.02);
	}
	world_pass(&world, 600);
	/* Four intervals of it; the first is judged with the second, and the last may yet be
	 * answered. */
	ck_assert_int_eq(world.reports, 3);
	ck_assert_uint_eq(world.evidence.attempts, 2000);
	in_between(world.evidence.unanswered, 1498, 1502);
	ck_assert_uint_eq(world.evidence.port_changes, 999);
}
END_TEST

/* One port of a /24: twelve accept, thirty refuse, the others are not there. */
START_TEST(test_horizontal)
{
	for (uint64_t host = 1; host < 255; host++) {
		world_syn(&world, host, 22);
		if (host % 20 == 0)
			world_answer(&world, WC_SCAN_TCP);
		else if (host % 8 == 0)
			world_refusal(&world, WC_SCAN_TCP);
	}
	world_pass(&world, 600);
	ck_assert_int_eq(world.reports, 1);
	ck_assert_uint_eq(world.evidence.attempts, 254);
	ck_assert_uint_eq(world.evidence.port_changes, 0);
	ck_assert_uint_eq(world.evidence.refused, 25);
	ck_assert_uint_eq(world.evidence.unanswered, 217);
	ck_assert_uint_eq(world.evidence.distinct_ports, 1);
	in_between(world.evidence.distinct_hosts, 130, 254);
}
END_TEST

/* A large sweep is shown within the sketch's error, up to its end. */
START_TEST(test_wide)
{
	for (uint64_t host = 0; host < 20000; host++) {
		world_syn(&world, host, 445);
		world_pass(&world, 0.02);
	}
	world_pass(&world, 20);
	ck_assert_uint_eq(world.evidence.attempts, 20000);
	in_between(world.evidence.distinct_hosts, 8000, 20000);
}
END_TEST

static void slow_scan(double step_s, bool refused, double hours)
{
	setup();
	for (int attempts = (int)(hours * 3600 / step_s); attempts > 0; attempts--) {
		world_syn(&world, 1, (uint16_t)random());
		if (refused)
			world_refusal(&world, WC_SCAN_TCP);
		world_pass(&world, step_s);
	}
	world_pass(&world, 60);
}

/* nmap -T2 and -T1, and as slow as the threshold allows. */
START_TEST(test_slow)
{
	static const double steps_s[] = {0.4, 15, 60, 160};
	double start_s = world.now_s;

	for (size_t i = 0; i < sizeof(steps_s) / sizeof(*steps_s); i++) {
		for (int refused = 0; refused < 2; refused++) {
			slow_scan(steps_s[i], refused, 3);
			ck_assert_int_gt(world.reports, 1);
			ck_assert_double_le(world.first_report_s - start_s,
					    steps_s[i] < 100 ? steps_s[i] * 23 + 20 : 7200);
		}
	}
	/* Ten an hour are not enough. */
	slow_scan(360, false, 24);
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

/* nmap -sU: the kernel of the victim tells of one closed port a second, and a few are open. */
START_TEST(test_udp)
{
	for (int i = 0; i < 1000; i++) {
		world_datagram(&world, 1, (uint16_t)(i + 1));
		if (i % 5 == 0)
			world_refusal(&world, WC_SCAN_UDP);
		else if (i % 100 == 7)
			world_answer(&world, WC_SCAN_UDP);
		world_pass(&world, 0.2);
	}
	world_pass(&world, 20);
	/* Twenty intervals; after two of them just under half is known to be in vain. */
	ck_assert_int_eq(world.reports, 18);
	in_between(world.evidence.attempts, 998, 1000);
	ck_assert_uint_eq(world.evidence.refused, 200);
	in_between(world.evidence.unanswered, 736, 742);
}
END_TEST

/* A desktop that scans while it downloads and looks at pages. */
START_TEST(test_scan_behind_traffic)
{
	for (int i = 0; i < 500; i++) {
		world_syn(&world, 1, (uint16_t)i);
		world_refusal(&world, WC_SCAN_TCP);
		for (int n = 0; n < 20; n++) {
			world_datagram(&world, 2, 443);
			world_answer(&world, WC_SCAN_UDP);
		}
		if (i % 2) {
			world_syn(&world, 100 + (uint64_t)i, 443);
			world_answer(&world, WC_SCAN_TCP);
		}
		world_pass(&world, 0.1);
	}
	ck_assert_int_ge(world.reports, 4);
}
END_TEST

/* Fifty queries a second to thousands of servers; some are dead, some slow. */
START_TEST(test_resolver)
{
	for (int i = 0; i < 3600 * 5; i++) {
		for (int n = 0; n < 10; n++) {
			world_datagram(&world, (uint64_t)(random() % 5000), 53);
			if (chance(85))
				world_answer(&world, WC_SCAN_UDP);
			else if (chance(10))
				world_refusal(&world, WC_SCAN_UDP);
		}
		if (chance(10)) {
			world_syn(&world, (uint64_t)(random() % 5000), 53);
			world_answer(&world, WC_SCAN_TCP);
		}
		world_pass(&world, 0.2);
	}
	ck_assert_uint_gt(world.scan.counts.attempts[WC_SCAN_UDP], 170000);
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

/* The other end of it: a server only answers, and tries nothing but its own upstream. */
START_TEST(test_dns_server)
{
	for (int i = 0; i < 100000; i++) {
		if (i % 10 == 0) {
			world_datagram(&world, (uint64_t)(random() % 13), 53);
			world_answer(&world, WC_SCAN_UDP);
		}
		/* Now and then a client is gone when the answer comes. */
		if (i % 50 == 0)
			world_refusal(&world, WC_SCAN_UDP);
		world_pass(&world, 0.02);
	}
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

/* Pages with many hosts behind them, most over TCP, some over QUIC; an upload by QUIC. */
START_TEST(test_web_client)
{
	for (int page = 0; page < 360; page++) {
		for (int i = 0; i < 15; i++) {
			uint64_t host = (uint64_t)(random() % 400);

			world_datagram(&world, 1000, 53);
			world_datagram(&world, 1000, 53);
			world_answer(&world, WC_SCAN_UDP);
			world_answer(&world, WC_SCAN_UDP);
			if (chance(30)) {
				for (int n = 0; n < 30; n++)
					world_datagram(&world, host, 443);
				for (int n = 0; n < 60; n++)
					world_answer(&world, WC_SCAN_UDP);
				continue;
			}
			world_syn(&world, host, chance(95) ? 443 : 80);
			if (chance(92))
				world_answer(&world, WC_SCAN_TCP);
			else if (chance(30))
				world_refusal(&world, WC_SCAN_TCP);
		}
		for (int n = 0; n < 2000; n++) {
			world_datagram(&world, 2000, 443);
			if (n % 20 == 0)
				world_answer(&world, WC_SCAN_UDP);
		}
		world_pass(&world, 10);
	}
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

/* Two thousand clients behind one address, a tenth of whose attempts fail. */
START_TEST(test_nat_gateway)
{
	static const uint16_t ports[] = {443, 443, 443, 443, 80, 993, 22, 5222, 8883, 25};

	for (int i = 0; i < 36000; i++) {
		for (int n = 0; n < 20; n++) {
			world_syn(&world, (uint64_t)(random() % 30000), ports[random() % 10]);
			if (chance(90))
				world_answer(&world, WC_SCAN_TCP);
			else if (chance(50))
				world_refusal(&world, WC_SCAN_TCP);
		}
		for (int n = 0; n < 20; n++) {
			world_datagram(&world, (uint64_t)(random() % 3000),
				       chance(50)   ? 443
				       : chance(90) ? 53
						    : 123);
			if (chance(90))
				world_answer(&world, WC_SCAN_UDP);
		}
		world_pass(&world, 0.1);
	}
	ck_assert_uint_gt(world.scan.counts.attempts[WC_SCAN_TCP], 700000);
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

/* Log lines and figures to collectors that never answer, names asked for each line. */
START_TEST(test_log_sender)
{
	for (int i = 0; i < 36000; i++) {
		world_datagram(&world, 1, 514);
		world_datagram(&world, 2, 8125);
		world_datagram(&world, 3, 53);
		world_answer(&world, WC_SCAN_UDP);
		world_pass(&world, 0.1);
	}
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

/* A mail server, a third of whose peers are gone, and a monitor of three hundred services. */
START_TEST(test_servers)
{
	for (int i = 0; i < 3600; i++) {
		world_syn(&world, (uint64_t)(random() % 2000), 25);
		if (!chance(33))
			world_answer(&world, WC_SCAN_TCP);
		world_pass(&world, 1);
	}
	ck_assert_int_eq(world.reports, 0);

	setup();
	for (int i = 0; i < 60 * 300; i++) {
		world_syn(&world, (uint64_t)(i % 300) / 3, (uint16_t)(i % 300));
		if (i % 300 < 290)
			world_answer(&world, WC_SCAN_TCP);
		world_pass(&world, 0.2);
	}
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

/* A client whose one server is gone goes on trying, but nothing else. */
START_TEST(test_dead_server)
{
	for (int i = 0; i < 3600; i++) {
		world_syn(&world, 1, 443);
		world_datagram(&world, 2, 123);
		world_pass(&world, 1);
	}
	/* It changes ports only by the stream's one attempt. */
	ck_assert_uint_eq(world.scan.counts.port_changes, 2);
	ck_assert_int_eq(world.reports, 0);
}
END_TEST

int main(void)
{
	const TTest *const loud[] = {
		test_vertical, test_vertical_filtered,   test_horizontal, test_wide, test_slow,
		test_udp,      test_scan_behind_traffic,
	};
	const TTest *const quiet[] = {
		test_resolver,   test_dns_server, test_web_client,  test_nat_gateway,
		test_log_sender, test_servers,    test_dead_server,
	};
	Suite *suite = suite_create("scan traffic");
	TCase *found = tcase_create("found"), *not_found = tcase_create("not found");
	SRunner *runner = srunner_create(suite);
	int failed;

	for (size_t i = 0; i < sizeof(loud) / sizeof(*loud); i++)
		tcase_add_test(found, loud[i]);
	for (size_t i = 0; i < sizeof(quiet) / sizeof(*quiet); i++)
		tcase_add_test(not_found, quiet[i]);
	tcase_add_checked_fixture(found, setup, NULL);
	tcase_add_checked_fixture(not_found, setup, NULL);
	tcase_set_timeout(found, 60);
	tcase_set_timeout(not_found, 120);
	suite_add_tcase(suite, found);
	suite_add_tcase(suite, not_found);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
