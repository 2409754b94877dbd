/* When somebody is told: loss above a bound, an interface gone and back. */
#include <stdlib.h>

#include "report.h"
#include "suite.h"
#include "watch.h"
#include "wirecensus/snapshot.h"

static struct wc_report report;
static struct wc_watch watch;
static struct wc_event events[WC_WATCH_EVENTS];

static void begin(void)
{
	wc_report_init(&report);
	watch = (struct wc_watch){.lossy = false};
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

int main(void)
{
	const TTest *const tests[] = {test_loss_above_the_bound,       test_loss_in_the_interface,
				      test_bounds_of_the_bound,        test_gone_and_back,
				      test_both_at_once_or_not_at_all, NULL};

	return suite_run("watch", tests, 10);
}
