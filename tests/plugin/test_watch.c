/* When somebody is told: loss above a bound, an interface gone and back. */
#include <stdlib.h>

#include "report.h"
#include "suite.h"
#include "watch.h"
#include "wirecensus/address.h"
#include "wirecensus/snapshot.h"

static struct wc_report report;
static struct wc_watch watch;
static struct wc_event events[WC_WATCH_EVENTS];

static void begin(void)
{
	wc_report_init(&report);
	wc_watch_free(&watch);
}

/* One interval: frames received, lost by the kernel and by the interface; whether it was gone. */
static size_t interval(uint64_t received, uint64_t kernel, uint64_t interface, uint64_t gone_ns)
{
	struct wc_snapshot snapshot = {
		.observer = "eth0",
		.delta = {.received = received,
			  .lost_kernel = kernel,
			  .lost_interface = interface,
			  .gone_ns = gone_ns},
		.total = {.gone_ns = 2500000000},
	};

	return wc_watch_look(&watch, &report, &snapshot, events);
}

START_TEST(test_loss_above_the_bound)
{
	begin();
	ck_assert_uint_eq(interval(1000, 10, 0, 0), 0); /* one percent is not above */
	ck_assert_uint_eq(interval(1000, 11, 0, 0), 1);
	ck_assert_int_eq(events[0].severity, WC_SEVERITY_WARNING);
	ck_assert_str_eq(events[0].type, "packets");
	ck_assert_str_eq(events[0].what, "lost-kernel");
	ck_assert_str_eq(events[0].text, "eth0 lost 11 of 1000 frames, more than 1 %: a larger "
					 "Buffer or a narrower Filter helps");
	ck_assert_uint_eq(interval(1000, 900, 0, 0), 0); /* it goes on */
	ck_assert_uint_eq(interval(1000, 0, 0, 0), 1);
	ck_assert_int_eq(events[0].severity, WC_SEVERITY_OKAY);
	ck_assert_str_eq(events[0].text, "eth0 loses no more than 1 % of its frames again");
	ck_assert_uint_eq(interval(1000, 0, 0, 0), 0);
}
END_TEST

START_TEST(test_loss_in_the_interface)
{
	begin();
	ck_assert_uint_eq(interval(990, 0, 10, 0), 0);
	ck_assert_uint_eq(interval(990, 0, 11, 0), 1);
	ck_assert_str_eq(events[0].what, "lost-interface");
}
END_TEST

START_TEST(test_bounds_of_the_bound)
{
	begin();
	report.notify_loss = 0;
	ck_assert_uint_eq(interval(0, 0, 0, 0), 0);
	ck_assert_uint_eq(interval(UINT64_C(1) << 60, 1, 0, 0), 1);
	begin();
	report.notify_loss = 100;
	ck_assert_uint_eq(interval(1000, 1000, 0, 0), 0);
}
END_TEST

START_TEST(test_gone_and_back)
{
	begin();
	ck_assert_uint_eq(interval(5, 0, 0, 1), 1);
	ck_assert_int_eq(events[0].severity, WC_SEVERITY_FAILURE);
	ck_assert_str_eq(events[0].type, "total_time_in_ms");
	ck_assert_str_eq(events[0].what, "gone");
	ck_assert_str_eq(events[0].text, "eth0 is gone: it is counted again as soon as it is back");
	ck_assert_uint_eq(interval(0, 0, 0, 10000000000), 0);
	ck_assert_uint_eq(interval(3, 0, 0, 7), 0); /* it came back in this one */
	ck_assert_uint_eq(interval(3, 0, 0, 0), 1);
	ck_assert_int_eq(events[0].severity, WC_SEVERITY_OKAY);
	ck_assert_str_eq(events[0].text,
			 "eth0 is back, and counted; it was gone for 2.5 s since the start");
}
END_TEST

START_TEST(test_both_at_once_or_not_at_all)
{
	begin();
	ck_assert_uint_eq(interval(10, 10, 0, 5), 2);
	begin();
	report.notify_interface = false;
	ck_assert_uint_eq(interval(10, 10, 0, 5), 1);
	ck_assert_uint_eq(interval(10, 10, 0, 0), 0);
}
END_TEST

/* A snapshot with the scanners 192.0.2.@first and so on. */
static size_t scan(uint8_t first, size_t count)
{
	struct wc_scanner_row rows[10] = {{.attempts = 0}};
	struct wc_snapshot snapshot = {.observer = "eth0", .scanners = rows, .scanner_rows = count};

	for (uint8_t i = 0; i < count; i++) {
		uint8_t bytes[] = {192, 0, 2, (uint8_t)(first + i)};

		rows[i].address = wc_address_v4(bytes);
	}
	return wc_watch_look(&watch, &report, &snapshot, events);
}

START_TEST(test_scanners_are_told_once)
{
	begin();
	ck_assert_uint_eq(scan(1, 0), 0);
	ck_assert_uint_eq(scan(7, 1), 1);
	ck_assert_int_eq(events[0].severity, WC_SEVERITY_WARNING);
	ck_assert_str_eq(events[0].type, "count");
	ck_assert_str_eq(events[0].what, "scanners");
	ck_assert_str_eq(events[0].text, "eth0: scanning: 192.0.2.7");
	ck_assert_uint_eq(scan(7, 1), 0); /* it goes on */
	ck_assert_uint_eq(scan(7, 4), 1);
	ck_assert_str_eq(events[0].text, "eth0: scanning: 192.0.2.8, 192.0.2.9, 192.0.2.10");
	ck_assert_uint_eq(scan(11, 10), 1);
	ck_assert_str_eq(events[0].text,
			 "eth0: scanning: 192.0.2.11, 192.0.2.12, 192.0.2.13 and 7 more");
	ck_assert_uint_eq(scan(1, 0), 0);
	ck_assert_uint_eq(scan(7, 1), 1); /* anew */
	report.notify_scanners = false;
	ck_assert_uint_eq(scan(100, 1), 0);
	wc_watch_free(&watch);
	ck_assert_ptr_null(watch.scanners);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_loss_above_the_bound,
				      test_loss_in_the_interface,
				      test_bounds_of_the_bound,
				      test_gone_and_back,
				      test_both_at_once_or_not_at_all,
				      test_scanners_are_told_once,
				      NULL};

	return suite_run("watch", tests, 60);
}
