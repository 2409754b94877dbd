/* The plugin reads a daemon's control socket: values, restarts, and daemons that misbehave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fake_control.h"
#include "stub.h"
#include "suite.h"
#include "wirecensus/snapshot.h"

#define WATCHDOG_MS 30000

void module_register(void);

static char folder[40], path[60];

/* What the daemon counts: one port. */
static struct wc_port_row port;
static struct wc_snapshot served;

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void begin(void)
{
	oconfig_item_t *block = stub_item(NULL, "Plugin", "wirecensus"), *capture;

	snprintf(folder, sizeof(folder), "/tmp/wirecensus-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/control.sock", folder);
	stub_reset();
	module_register();
	stub_item(block, "ReportPorts", "udp/53");
	capture = stub_item(block, "Capture", "wan eth0");
	stub_item(capture, "Socket", path);
	ck_assert_int_eq(stub_callbacks.config(block), 0);
	stub_free(block);
	ck_assert_ptr_null(stub_line(0));
	port = (struct wc_port_row){.port = 53, .protocol = 17};
	served = (struct wc_snapshot){
		.capture = "wan eth0", .observer = "eth0", .ports = &port, .port_rows = 1};
}

static void end(void)
{
	ck_assert_int_eq(stub_callbacks.shutdown(), 0);
	rmdir(folder);
}

/* Ends an interval of the daemon, in which it has counted @packets. */
static void count(uint64_t packets, const char *instance)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	port.delta.all.packets = packets;
	port.total.all.packets += packets;
	port.total.all.bytes += 100 * packets;
	served.interval++;
	served.end_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	served.total.frames += packets;
	served.total.received += packets;
	served.total.classes[WC_CLASS_UDP].packets += packets;
	fake_control_serve(&served, instance);
}

/* The daemon is started anew: it has counted nothing. */
static void forget(void)
{
	served.interval = 0;
	served.total = (struct wc_totals){0};
	port.total = (struct wc_port_counts){.new = 0};
}

static void read_all(void)
{
	stub_reset();
	ck_assert_int_eq(stub_callbacks.read(), 0);
}

/* Reads until there are values. */
static void await_values(void)
{
	for (unsigned waited = 0; !stub_values(); waited += 20) {
		ck_assert_uint_lt(waited, WATCHDOG_MS);
		pause_ms(20);
		read_all();
	}
}

/* Reads until there are values, and the packets of UDP are these. */
static void expect(uint64_t packets)
{
	stub_reset();
	await_values();
	while (stub_number("wan_eth0/packets-udp") < packets) {
		stub_reset();
		await_values();
	}
	ck_assert_uint_eq(stub_number("wan_eth0/packets-udp"), packets);
	ck_assert_uint_eq(stub_number("wan_eth0/packets-udp-53-in"), packets);
	ck_assert_uint_eq(stub_number("wan_eth0/total_bytes-udp-53-in"), 100 * packets);
	ck_assert_uint_eq(stub_number("wan_eth0/packets-udp-other-in"), 0);
	ck_assert_uint_eq(stub_number("wan_eth0/packets-received"), packets);
}

/* Reads until a line is logged; then reads on, and there is none more. */
static void expect_one_line(const char *text)
{
	stub_reset();
	for (unsigned waited = 0; !stub_line(0); waited += 20) {
		ck_assert_uint_lt(waited, WATCHDOG_MS);
		pause_ms(20);
		read_all();
	}
	ck_assert_msg(strstr(stub_line(0), text) != NULL, "%s", stub_line(0));
	ck_assert_ptr_null(stub_line(1));
	for (int i = 0; i < 10; i++) {
		pause_ms(20);
		read_all();
		ck_assert_uint_eq(stub_values(), 0);
		ck_assert_ptr_null(stub_line(0));
	}
}

START_TEST(test_values_begin_with_the_first_look)
{
	begin();
	count(1000, "a");
	fake_control_start(path);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	expect(0);
	count(30, "a");
	expect(30);
	count(0, "a");
	expect(30);
	/* No new interval: no values, and nothing to be told. */
	for (int i = 0; i < 20; i++) {
		read_all();
		ck_assert_uint_eq(stub_values(), 0);
		ck_assert_ptr_null(stub_line(0));
		pause_ms(10);
	}
	ck_assert_ptr_null(stub_notification(0));
	count(5, "a");
	count(5, "a"); /* two intervals at once */
	expect(40);
	end();
	fake_control_stop();
}
END_TEST

START_TEST(test_a_restart_of_the_daemon)
{
	begin();
	count(1000, "a");
	fake_control_start(path);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	expect(0);
	count(30, "a");
	expect(30);
	fake_control_stop();
	expect_one_line("cannot be asked: No such file or directory");
	forget();
	count(7, "b");
	fake_control_start(path);
	stub_reset();
	await_values();
	ck_assert_ptr_nonnull(strstr(stub_line(0), "there are values again"));
	ck_assert_uint_eq(stub_number("wan_eth0/packets-udp"), 37);
	ck_assert_uint_eq(stub_number("wan_eth0/packets-udp-53-in"), 37);
	count(3, "b");
	expect(40);
	end();
	fake_control_stop();
}
END_TEST

START_TEST(test_a_daemon_that_comes_later)
{
	begin();
	ck_assert_int_eq(stub_callbacks.init(), 0);
	expect_one_line("capture wan_eth0: the daemon at ");
	count(1000, "a");
	fake_control_start(path);
	expect(0);
	count(1, "a");
	expect(1);
	end();
	fake_control_stop();
}
END_TEST

/* Reads go on while it does not answer: they would never return if they waited for it. */
START_TEST(test_a_daemon_that_hangs)
{
	unsigned asked;

	begin();
	count(0, "a");
	fake_control_start(path);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	expect(0);
	fake_control_behave(FAKE_HANGS);
	asked = fake_control_asked();
	for (unsigned waited = 0; fake_control_asked() == asked; waited++) {
		ck_assert_uint_lt(waited, WATCHDOG_MS);
		pause_ms(1);
	}
	for (int i = 0; i < 100; i++) {
		read_all();
		ck_assert_uint_eq(stub_values(), 0);
	}
	count(9, "a");
	fake_control_behave(FAKE_ANSWERS);
	expect(9);
	/* The end does not wait either. */
	fake_control_behave(FAKE_HANGS);
	end();
	fake_control_stop();
}
END_TEST

START_TEST(test_answers_that_are_none)
{
	static const struct {
		enum fake_manner manner;
		const char *line;
	} cases[] = {
		{FAKE_REFUSES, "answers: there is no capture of this name, but 2 others"},
		{FAKE_CUTS, "broke off its answer"},
		{FAKE_LIES, "the bytes are not those of a snapshot"},
		{FAKE_BOASTS, "answers with 1099511627776 bytes"},
		{FAKE_BABBLES, "gives no answer that is understood"},
	};

	begin();
	count(0, "a");
	fake_control_start(path);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	expect(0);
	fake_control_behave(cases[_i].manner);
	expect_one_line(cases[_i].line);
	fake_control_behave(FAKE_ANSWERS);
	count(11, "a");
	expect(11);
	end();
	fake_control_stop();
}
END_TEST

/* The state is told once, however often an interval is read. */
START_TEST(test_events_of_the_daemon)
{
	begin();
	count(0, "a");
	fake_control_start(path);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	expect(0);
	served.total.gone_ns += 500;
	count(0, "a");
	expect(0);
	ck_assert_ptr_nonnull(stub_notification(0));
	ck_assert_ptr_nonnull(strstr(stub_notification(0)->message, "eth0 is gone"));
	for (int i = 0; i < 20; i++) {
		read_all();
		ck_assert_ptr_null(stub_notification(0));
		pause_ms(10);
	}
	count(1, "a");
	expect(1);
	ck_assert_ptr_nonnull(strstr(stub_notification(0)->message, "eth0 is back"));
	end();
	fake_control_stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("socket");
	TCase *group = tcase_create("socket");
	SRunner *runner;
	int failed;

	tcase_set_timeout(group, 60);
	tcase_add_test(group, test_values_begin_with_the_first_look);
	tcase_add_test(group, test_a_restart_of_the_daemon);
	tcase_add_test(group, test_a_daemon_that_comes_later);
	tcase_add_test(group, test_a_daemon_that_hangs);
	tcase_add_loop_test(group, test_answers_that_are_none, 0, 5);
	tcase_add_test(group, test_events_of_the_daemon);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
