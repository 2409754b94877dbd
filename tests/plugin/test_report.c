/* The options outside <Capture>. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

static struct wc_report report;
static struct wc_error error;

static int set(const char *name, const char *text)
{
	return wc_report_set(&report, name, &text, 1, &error);
}

static void refused(const char *name, const char *text, const char *sentence)
{
	struct wc_report before = report;

	ck_assert_msg(set(name, text) == WC_INVALID, "%s took '%s'", name, text);
	ck_assert_str_eq(error.text, sentence);
	ck_assert_mem_eq(&before, &report, sizeof(report));
}

START_TEST(test_defaults)
{
	wc_report_init(&report);
	ck_assert(report.totals && report.services && report.protocols && report.ethertypes);
	ck_assert(report.loss && report.internet && report.conversations && report.hosts);
	ck_assert(report.scanners && report.notify_scanners);
	ck_assert(report.notify_interface);
	ck_assert_uint_eq(report.top, 10);
	ck_assert_uint_eq(report.max_series, 400);
	ck_assert_uint_eq(report.notify_loss, 1);
	ck_assert_uint_eq(report.directions, 15);
	ck_assert_uint_eq(report.port_count, 0);
}
END_TEST

START_TEST(test_flags_and_numbers)
{
	wc_report_init(&report);
	ck_assert_int_eq(set("ReportTotals", "false"), 0);
	ck_assert(!report.totals);
	ck_assert_int_eq(set("reporttotals", "On"), 0);
	ck_assert(report.totals);
	ck_assert_int_eq(set("ReportTop", "0"), 0);
	ck_assert_uint_eq(report.top, 0);
	ck_assert_int_eq(set("ReportTop", "100"), 0);
	ck_assert_uint_eq(report.top, 100);
	ck_assert_int_eq(set("MaxSeries", "10000"), 0);
	ck_assert_uint_eq(report.max_series, 10000);
	refused("ReportTop", "101", "ReportTop: '101' is not a whole number from 0 to 100");
	refused("ReportTop", "-1", "ReportTop: '-1' is not a whole number from 0 to 100");
	refused("ReportTop", "1.5", "ReportTop: '1.5' is not a whole number from 0 to 100");
	refused("ReportTop", "", "ReportTop: '' is not a whole number from 0 to 100");
	refused("MaxSeries", "18446744073709551617",
		"MaxSeries: '18446744073709551617' is not a whole number from 0 to 10000");
	refused("reportloss", "2", "ReportLoss: '2' is neither true nor false");
	refused("Report", "1", "Report is not an option");
}
END_TEST

START_TEST(test_directions_stand_for_themselves)
{
	const char *two[] = {"in", "Transit"};

	wc_report_init(&report);
	ck_assert_int_eq(wc_report_set(&report, "ReportDirections", two, 2, &error), 0);
	ck_assert_uint_eq(report.directions, 1u << WC_DIRECTION_IN | 1u << WC_DIRECTION_TRANSIT);
	ck_assert_int_eq(set("ReportDirections", "local"), 0);
	ck_assert_uint_eq(report.directions, 1u << WC_DIRECTION_LOCAL);
	refused("ReportDirections", "up",
		"ReportDirections: 'up' is not one of in, out, local, transit");
}
END_TEST

START_TEST(test_ports_add_up)
{
	const char *two[] = {"tcp/443", "UDP/53"};
	const char *bad[] = {"tcp/22", "tcp/65536"};

	wc_report_init(&report);
	ck_assert_int_eq(wc_report_set(&report, "ReportPorts", two, 2, &error), 0);
	ck_assert_int_eq(set("ReportPorts", "tcp/0"), 0);
	ck_assert_int_eq(set("ReportPorts", "udp/53"), 0);
	ck_assert_uint_eq(report.port_count, 3);
	ck_assert_uint_eq(report.ports[0].protocol, 6);
	ck_assert_uint_eq(report.ports[0].port, 443);
	ck_assert_uint_eq(report.ports[1].protocol, 17);
	ck_assert_uint_eq(report.ports[1].port, 53);
	ck_assert_uint_eq(report.ports[2].port, 0);
	ck_assert_int_eq(wc_report_set(&report, "ReportPorts", bad, 2, &error), WC_INVALID);
	ck_assert_uint_eq(report.port_count, 3);
	refused("ReportPorts", "443", "ReportPorts: '443' is not a port such as tcp/443 or udp/53");
	refused("ReportPorts", "tcp/",
		"ReportPorts: 'tcp/' is not a port such as tcp/443 or udp/53");
	refused("ReportPorts", "tcp/443x",
		"ReportPorts: 'tcp/443x' is not a port such as tcp/443 or udp/53");
}
END_TEST

START_TEST(test_too_many_ports)
{
	char text[16];

	wc_report_init(&report);
	for (int port = 1; port <= WC_REPORT_PORTS; port++) {
		snprintf(text, sizeof(text), "tcp/%d", port);
		ck_assert_int_eq(set("ReportPorts", text), 0);
	}
	ck_assert_int_eq(set("ReportPorts", "tcp/1"), 0);
	refused("ReportPorts", "tcp/9999",
		"ReportPorts: 'tcp/9999' is one too many: 256 are allowed");
}
END_TEST

START_TEST(test_number_of_values)
{
	const char *two[] = {"5", "6"};

	wc_report_init(&report);
	ck_assert_int_eq(wc_report_set(&report, "ReportTop", two, 2, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "ReportTop takes one value, not 2");
	ck_assert_int_eq(wc_report_set(&report, "ReportPorts", two, 0, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "ReportPorts takes one value or more, not 0");
}
END_TEST

START_TEST(test_names)
{
	size_t count = 0;

	wc_report_init(&report);
	for (; wc_report_name(count); count++) {
		set(wc_report_name(count), "?");
		/* Known, and its value refused. */
		ck_assert_ptr_nonnull(strstr(error.text, "'?'"));
	}
	ck_assert_uint_eq(count, 16);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_defaults,
				      test_flags_and_numbers,
				      test_directions_stand_for_themselves,
				      test_ports_add_up,
				      test_too_many_ports,
				      test_number_of_values,
				      test_names,
				      NULL};

	return suite_run("report", tests, 60);
}
