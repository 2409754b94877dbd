/* From frames to rows of scanners: on whose row an attempt and an answer count, and when it is
 * said. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "flows.h"
#include "suite.h"
#include "wirecensus/options.h"

#define SOURCE  "198.51.100.9"
#define TARGET  "192.0.2.1"
#define SOURCE6 "2001:db8:f::9"
#define TARGET6 "2001:db8::1"

/* Counts a frame of @from to @to; @form is the recipe behind "ip4 FROM TO ". */
static void frame(struct flows *flows, const char *from, const char *to, const char *form)
{
	int version = strchr(from, ':') ? 6 : 4;
	char recipe[300];

	snprintf(recipe, sizeof(recipe), "eth %s / ip%d %s %s %s", version == 4 ? "0800" : "86dd",
		 version, from, to, form);
	flows_frame(flows, recipe, 1);
}

static void tcp(struct flows *flows, const char *from, const char *to, unsigned from_port,
		unsigned to_port, const char *flags)
{
	char form[60];

	snprintf(form, sizeof(form), "6 / tcp %u %u %s", from_port, to_port, flags);
	frame(flows, from, to, form);
}

static void udp(struct flows *flows, const char *from, const char *to, unsigned from_port,
		unsigned to_port)
{
	char form[60];

	snprintf(form, sizeof(form), "17 / udp %u %u", from_port, to_port);
	frame(flows, from, to, form);
}

/* @from says that nobody is at the UDP port to which @to sent from its own. */
static void unreachable(struct flows *flows, const char *from, const char *to, unsigned own,
			unsigned port)
{
	bool six = strchr(from, ':');
	char form[200];

	snprintf(form, sizeof(form), "%s / quote / ip%d %s %s 17 / udp %u %u",
		 six ? "58 / icmp 1 4" : "1 / icmp 3 3", six ? 6 : 4, to, from, own, port);
	frame(flows, from, to, form);
}

/* Tries @count ports from @first up by TCP. */
static void knock(struct flows *flows, const char *from, const char *to, unsigned first,
		  unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		tcp(flows, from, to, 40000, first + i, "S 1");
}

static struct flows in_a_file(void)
{
	return (struct flows){.rules = {.file = true, .rates_by_frame = true}};
}

static void assert_evidence(const struct wc_scanner_row *row, unsigned attempts, unsigned changes,
			    unsigned refused, unsigned unanswered)
{
	ck_assert_ptr_nonnull(row);
	ck_assert_uint_eq(row->attempts, attempts);
	ck_assert_uint_eq(row->port_changes, changes);
	ck_assert_uint_eq(row->refused, refused);
	ck_assert_uint_eq(row->unanswered, unanswered);
}

static void scan_by_tcp(struct flows *flows, const char *from, const char *to)
{
	knock(flows, from, to, 1, 30);
	for (unsigned port = 1; port <= 20; port++)
		tcp(flows, to, from, port, 40000, "RA 0");
	for (unsigned port = 21; port <= 25; port++)
		tcp(flows, to, from, port, 40000, "SA 9");
	/* An abort, an ACK and a reset say nothing of an attempt. */
	tcp(flows, to, from, 26, 40000, "RA 7");
	tcp(flows, to, from, 27, 40000, "A 7");
	tcp(flows, from, to, 40000, 28, "R 7");
}

START_TEST(by_tcp)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	scan_by_tcp(&flows, SOURCE, TARGET);
	scan_by_tcp(&flows, SOURCE6, TARGET6);
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 2);
	assert_evidence(flows_scanner(&flows, SOURCE), 30, 29, 20, 5);
	assert_evidence(flows_scanner(&flows, SOURCE6), 30, 29, 20, 5);
	ck_assert_uint_eq(flows_scanner(&flows, SOURCE)->distinct_hosts, 1);
	ck_assert_uint_ge(flows_scanner(&flows, SOURCE)->distinct_ports, 20);
	ck_assert_int_eq(flows_scanner(&flows, SOURCE)->first_seen_ns, 1000000 * FLOWS_SECOND);
	flows_end(&flows);
}
END_TEST

static void scan_by_udp(struct flows *flows, const char *from, const char *to)
{
	for (unsigned port = 1; port <= 30; port++)
		udp(flows, from, to, 40000, port);
	for (unsigned port = 1; port <= 12; port++)
		unreachable(flows, to, from, 40000, port);
	for (unsigned port = 13; port <= 15; port++)
		udp(flows, to, from, port, 40000);
}

START_TEST(by_udp)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	scan_by_udp(&flows, SOURCE, TARGET);
	scan_by_udp(&flows, SOURCE6, TARGET6);
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 2);
	assert_evidence(flows_scanner(&flows, SOURCE), 30, 29, 12, 15);
	assert_evidence(flows_scanner(&flows, SOURCE6), 30, 29, 12, 15);
	flows_end(&flows);
}
END_TEST

/* FIN, NULL and Xmas probes are attempts; ACK probes are none. */
START_TEST(other_probes)
{
	static const char *const probes[] = {"F 1", "- 1", "FPU 1", "A 1", "R 1", "RA 0", "SA 1"};

	for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); i++) {
		struct flows flows = in_a_file();

		flows_begin(&flows);
		for (unsigned port = 1; port <= 30; port++)
			tcp(&flows, SOURCE, TARGET, 40000, port, probes[i]);
		flows_collect(&flows, 0);
		ck_assert_uint_eq(flows.snapshot.scanner_rows, i < 3);
		if (i < 3)
			assert_evidence(flows_scanner(&flows, SOURCE), 30, 29, 0, 30);
		flows_end(&flows);
	}
}
END_TEST

/* One port of many hosts. */
START_TEST(horizontal)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	for (unsigned host = 1; host <= 100; host++) {
		char target[20];

		snprintf(target, sizeof(target), "10.0.0.%u", host);
		tcp(&flows, SOURCE, target, 40000, 22, "S 1");
	}
	flows_collect(&flows, 0);
	assert_evidence(flows_scanner(&flows, SOURCE), 100, 0, 0, 100);
	ck_assert_uint_ge(flows_scanner(&flows, SOURCE)->distinct_hosts, 60);
	ck_assert_uint_eq(flows_scanner(&flows, SOURCE)->distinct_ports, 1);
	flows_end(&flows);
}
END_TEST

/* Who answers all, or asks one port of one host, or too few, is none. */
START_TEST(not_reported)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	for (unsigned port = 1; port <= 60; port++) {
		tcp(&flows, "10.0.0.1", TARGET, 40000, port, "S 1");
		tcp(&flows, TARGET, "10.0.0.1", port, 40000, "SA 1");
		tcp(&flows, "10.0.0.2", TARGET, 40000 + port, 22, "S 1");
		tcp(&flows, TARGET, "10.0.0.2", 22, 40000 + port, "RA 0");
	}
	knock(&flows, "10.0.0.3", TARGET, 1, 20);
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 0);
	knock(&flows, "10.0.0.3", TARGET, 21, 1);
	flows_collect(&flows, 0);
	assert_evidence(flows_scanner(&flows, "10.0.0.3"), 21, 20, 0, 21);
	flows_end(&flows);
}
END_TEST

/* Who answers too late is refused, and tried nothing by that. */
START_TEST(refused_answers)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	for (unsigned i = 1; i <= 40; i++) {
		char other[16];

		snprintf(other, sizeof(other), "10.0.1.%u", i);
		udp(&flows, SOURCE, other, 40000, 53);
		udp(&flows, other, SOURCE, 53, 40000);
		udp(&flows, SOURCE, TARGET, 53, 50000 + i);
		unreachable(&flows, TARGET, SOURCE, 53, 50000 + i);
	}
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 0);
	flows_end(&flows);
}
END_TEST

/* What is sent once more to a closed port is the same attempt, however often it is refused. */
START_TEST(refused_again)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	for (unsigned port = 1; port <= 30; port++) {
		for (int i = 0; i < 3; i++) {
			udp(&flows, SOURCE, TARGET, 40000, port);
			unreachable(&flows, TARGET, SOURCE, 40000, port);
		}
	}
	flows_collect(&flows, 0);
	assert_evidence(flows_scanner(&flows, SOURCE), 30, 29, 30, 0);
	flows_end(&flows);
}
END_TEST

/* Mode plain: port changes of all packets, answered or not, and of who answers, too. */
START_TEST(plain)
{
	struct flows flows = in_a_file();

	flows.rules.scan.mode = WC_SCAN_PLAIN;
	flows_begin(&flows);
	for (unsigned port = 1; port <= 21; port++) {
		tcp(&flows, SOURCE, TARGET, 40000, port, "A 1");
		tcp(&flows, TARGET, SOURCE, port, 40000, "RA 0");
		udp(&flows, "10.0.0.1", "10.0.0.2", 53, 40000 + port);
		unreachable(&flows, "10.0.0.2", "10.0.0.1", 40000, port);
		udp(&flows, "10.0.0.3", "10.0.0.4", 40000, port % 20);
	}
	udp(&flows, "10.0.0.3", "10.0.0.4", 40000, 1);
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 3);
	assert_evidence(flows_scanner(&flows, SOURCE), 21, 20, 0, 0);
	assert_evidence(flows_scanner(&flows, "10.0.0.1"), 21, 20, 0, 0);
	assert_evidence(flows_scanner(&flows, "10.0.0.3"), 22, 20, 0, 0);
	flows_end(&flows);
}
END_TEST

START_TEST(ignored)
{
	struct wc_network items[2];
	struct wc_networks never = {items, 2};
	struct flows flows = in_a_file();

	ck_assert_int_eq(wc_network_parse(&items[0], "10.0.0.0/24", NULL), 0);
	ck_assert_int_eq(wc_network_parse(&items[1], "2001:db8:f::/48", NULL), 0);
	flows.rules.never = &never;
	flows_begin(&flows);
	knock(&flows, "10.0.0.255", TARGET, 1, 30);
	knock(&flows, "10.0.1.0", TARGET, 1, 30);
	knock(&flows, SOURCE6, TARGET6, 1, 30);
	knock(&flows, "2001:db8:10::9", TARGET6, 1, 30);
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 2);
	ck_assert_ptr_nonnull(flows_scanner(&flows, "10.0.1.0"));
	ck_assert_ptr_nonnull(flows_scanner(&flows, "2001:db8:10::9"));
	flows_end(&flows);
}
END_TEST

/* Live: refused at once, unanswered an interval late; once an interval while it goes on. */
START_TEST(live)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	knock(&flows, SOURCE, TARGET, 1, 30);
	knock(&flows, "10.0.0.1", TARGET, 1, 30);
	for (unsigned port = 1; port <= 30; port++)
		tcp(&flows, TARGET, "10.0.0.1", port, 40000, "RA 0");
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 1);
	assert_evidence(flows_scanner(&flows, "10.0.0.1"), 30, 29, 30, 0);
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 1);
	assert_evidence(flows_scanner(&flows, SOURCE), 30, 29, 0, 30);
	for (unsigned i = 1; i <= 3; i++) {
		knock(&flows, SOURCE, TARGET, 100 * i, 1);
		flows_collect(&flows, 10);
		assert_evidence(flows_scanner(&flows, SOURCE), 30 + i, 29 + i, 0, 29 + i);
	}
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 0);
	flows_end(&flows);
}
END_TEST

/* An answer that comes in the next interval is in time. */
START_TEST(live_late_answers)
{
	struct flows flows = {.now_ns = 0};

	flows_begin(&flows);
	knock(&flows, SOURCE, TARGET, 1, 30);
	flows_collect(&flows, 10);
	for (unsigned port = 1; port <= 30; port++)
		tcp(&flows, TARGET, SOURCE, port, 40000, "SA 1");
	flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 0);
	flows_end(&flows);
}
END_TEST

/* A file is judged by the frames' times: an hour slides over it. */
START_TEST(slow_in_a_file)
{
	/* Seconds between two attempts, and how many of 30 lie in the last hour of bins. */
	static const struct {
		unsigned gap;
		bool found;
	} cases[] = {{60, true}, {120, true}, {400, false}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct flows flows = in_a_file();

		flows_begin(&flows);
		for (unsigned port = 1; port <= 30; port++) {
			knock(&flows, SOURCE, TARGET, port, 1);
			flows.now_ns += cases[i].gap * (uint64_t)FLOWS_SECOND;
		}
		flows_collect(&flows, 0);
		ck_assert_uint_eq(flows.snapshot.scanner_rows, cases[i].found);
		flows_end(&flows);
	}
}
END_TEST

/* Hosts and ports that were tried more than an hour ago are forgotten. */
START_TEST(forgotten_in_a_file)
{
	struct flows flows = in_a_file();

	flows_begin(&flows);
	for (unsigned i = 1; i <= 60; i++) {
		char target[20];

		snprintf(target, sizeof(target), "10.0.0.%u", i);
		tcp(&flows, SOURCE, target, 40000, i, "S 1");
		tcp(&flows, target, SOURCE, i, 40000, "SA 1");
	}
	flows.now_ns += 7200 * FLOWS_SECOND;
	for (int i = 0; i < 30; i++)
		tcp(&flows, SOURCE, TARGET, 40000, 22, "S 1");
	flows_collect(&flows, 0);
	ck_assert_uint_eq(flows.snapshot.scanner_rows, 0);
	flows_end(&flows);
}
END_TEST

/* What was found in the middle of a file is said at its end, whatever comes behind it. */
START_TEST(early_in_a_file)
{
	static const unsigned silences[] = {10, 700, 3000, 3700, 36000};

	for (size_t i = 0; i < sizeof(silences) / sizeof(*silences); i++) {
		for (int refused = 0; refused < 2; refused++) {
			struct flows flows = in_a_file();

			flows_begin(&flows);
			knock(&flows, SOURCE, TARGET, 1, 30);
			for (unsigned port = 1; refused && port <= 30; port++)
				tcp(&flows, TARGET, SOURCE, port, 40000, "RA 0");
			flows.now_ns += silences[i] * (uint64_t)FLOWS_SECOND;
			for (int times = 0; times < 3; times++) {
				tcp(&flows, SOURCE, TARGET, 40000, 443, "S 1");
				tcp(&flows, TARGET, SOURCE, 443, 40000, "SA 1");
				flows.now_ns += silences[i] * (uint64_t)FLOWS_SECOND;
			}
			flows_collect(&flows, 0);
			ck_assert_msg(flows.snapshot.scanner_rows == 1,
				      "%u s later, refused %d: %zu scanners", silences[i], refused,
				      flows.snapshot.scanner_rows);
			flows_end(&flows);
		}
	}
}
END_TEST

/* Freed and used again, a row knows nothing of who had it before. */
START_TEST(a_freed_row_forgets)
{
	struct flows flows = {.rules = {.idle_s = 20}};

	flows_begin(&flows);
	knock(&flows, SOURCE, TARGET, 1, 30);
	for (int i = 0; i < 4; i++)
		flows_collect(&flows, 10);
	ck_assert_uint_eq(flows.tables->hosts.table.used, 0);
	knock(&flows, SOURCE, TARGET, 50, 20);
	knock(&flows, "10.0.0.1", TARGET, 50, 20);
	for (int i = 0; i < 2; i++) {
		flows_collect(&flows, 10);
		ck_assert_uint_eq(flows.snapshot.scanner_rows, 0);
	}
	flows_end(&flows);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {by_tcp,
				      by_udp,
				      refused_answers,
				      refused_again,
				      other_probes,
				      horizontal,
				      not_reported,
				      plain,
				      ignored,
				      live,
				      live_late_answers,
				      slow_in_a_file,
				      forgotten_in_a_file,
				      early_in_a_file,
				      a_freed_row_forgets,
				      NULL};

	return suite_run("scanners", tests, 60);
}
