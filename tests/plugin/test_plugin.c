/*
 * The plugin from register to shutdown, with a daemon that is a stub and with
 * real interfaces, in a network namespace of the test's own.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "namespace.h"
#include "stub.h"
#include "suite.h"

#define WATCHDOG_MS 20000

void module_register(void);

static void begin(void)
{
	ck_assert(namespace_enter());
	stub_reset();
	module_register();
}

static oconfig_item_t *new_block(void)
{
	return stub_item(NULL, "Plugin", "wirecensus");
}

static void configure(oconfig_item_t *block)
{
	ck_assert_int_eq(stub_callbacks.config(block), 0);
	stub_free(block);
}

/* A <Capture> of one interface. */
static void capture(oconfig_item_t *block, const char *name, const char *interface)
{
	stub_item(stub_item(block, "Capture", name), "Interface", interface);
}

static void read_all(void)
{
	stub_reset();
	ck_assert_int_eq(stub_callbacks.read(), 0);
}

static void end(void)
{
	ck_assert_int_eq(stub_callbacks.shutdown(), 0);
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* Sends @count datagrams of @size bytes to 127.0.0.1, to a port where somebody listens. */
static void send_udp(uint16_t port, unsigned count, size_t size)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
	char bytes[1000] = {0};

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&to, sizeof(to)), 0);
	for (unsigned i = 0; i < count; i++)
		ck_assert_int_eq(sendto(sender, bytes, size, 0, (struct sockaddr *)&to, sizeof(to)),
				 (ssize_t)size);
	close(sender);
	close(listener);
}

/* Tries to connect to 127.0.0.1; returns whether somebody accepts. */
static bool try_tcp(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int sender = socket(AF_INET, SOCK_STREAM, 0);
	bool accepted = !connect(sender, (struct sockaddr *)&to, sizeof(to));

	close(sender);
	return accepted;
}

/* On the loopback each frame is seen on its way out and on its way in, and counted once. */
START_TEST(test_values_are_what_was_sent)
{
	oconfig_item_t *block = new_block();

	begin();
	stub_more(stub_item(block, "ReportPorts", "udp/4000"), "tcp/4001");
	capture(block, "home", "lo");
	configure(block);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	read_all();
	ck_assert_uint_eq(stub_number("home/packets-udp-4000-local"), 0);
	ck_assert_uint_eq(stub_number("home/total_connections-tcp-4001-local-new"), 0);

	send_udp(4000, 30, 100);
	ck_assert(!try_tcp(4001));
	ck_assert(!try_tcp(4001));
	read_all();
	ck_assert_uint_eq(stub_number("home/packets-udp-4000-local"), 30);
	ck_assert_uint_eq(stub_number("home/total_bytes-udp-4000-local"), 30 * (100 + 42));
	ck_assert_uint_eq(stub_number("home/packets-udp"), 30);
	ck_assert_uint_eq(stub_number("home/packets-udp-other-local"), 0);
	ck_assert_uint_eq(stub_number("home/total_connections-tcp-4001-local-new"), 2);
	ck_assert_uint_eq(stub_number("home/total_connections-tcp-4001-local-refused"), 2);
	ck_assert_uint_eq(stub_number("home/packets-tcp"), 4);
	ck_assert_uint_eq(stub_number("home/packets-tcp-other-local"), 2);
	ck_assert_uint_eq(stub_number("home/packets-local"), 34);
	ck_assert_uint_eq(stub_number("home/packets-received"), 34);
	ck_assert_uint_eq(stub_number("home/packets-counted"), 34);
	ck_assert_uint_eq(stub_number("home/packets-lost-kernel"), 0);
	ck_assert(stub_gauge("home/queue_length-pending") == 0);
	ck_assert_ptr_null(stub_line(0));
	ck_assert_ptr_null(stub_notification(0));

	send_udp(4000, 5, 100);
	read_all();
	ck_assert_uint_eq(stub_number("home/packets-udp-4000-local"), 35);
	end();
}
END_TEST

START_TEST(test_without_any_block)
{
	begin();
	ck_assert(namespace_run("ip link add va type veth peer name vb && ip link set va up && "
				"ip link set vb up"));
	ck_assert_int_eq(stub_callbacks.init(), 0);
	read_all();
	ck_assert(stub_has("va/packets-tcp"));
	ck_assert(stub_has("vb/packets-tcp"));
	ck_assert(!stub_has("lo/packets-tcp"));
	ck_assert_uint_lt(stub_values(), 400);
	end();
}
END_TEST

START_TEST(test_names_of_several_interfaces)
{
	oconfig_item_t *block = new_block(), *both;

	begin();
	ck_assert(namespace_run("ip link add va type veth peer name vb && ip link set va up && "
				"ip link set vb up"));
	both = stub_item(block, "Capture", "both/here");
	stub_item(both, "Interface", "va");
	stub_item(both, "Interface", "vb");
	stub_item(both, "Interface", "vb");
	capture(block, "home", "lo");
	stub_item(block, "Capture", "all");
	configure(block);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	ck_assert_str_eq(stub_line(0), "capture both_here-vb: interface vb is left out, because "
				       "its series would have names that are taken");
	ck_assert_ptr_nonnull(strstr(stub_line(1), "MaxSeries 400 leaves no room"));
	read_all();
	ck_assert(stub_has("both_here-va/packets-tcp"));
	ck_assert(stub_has("both_here-vb/packets-tcp"));
	ck_assert(stub_has("home/packets-tcp"));
	ck_assert(stub_has("all-va/packets-tcp"));
	ck_assert(stub_has("all-vb/packets-tcp"));
	end();
}
END_TEST

/* A place to attach to that another engine has to do without is told, by the name it has here. */
START_TEST(test_declined)
{
	oconfig_item_t *block = new_block(), *home;

	begin();
	home = stub_item(block, "Capture", "home");
	stub_item(home, "Interface", "lo");
	stub_item(home, "Attach", "tcx");
	stub_item(home, "Filter", "udp");
	configure(block);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	ck_assert_ptr_eq(strstr(stub_line(0), "capture home: Attach: interface lo is counted by "
					      "engine ring, and not at tcx: "),
			 stub_line(0));
	end();
}
END_TEST

START_TEST(test_bad_ones_leave_the_others)
{
	oconfig_item_t *block = new_block(), *bad = stub_item(block, "Capture", "bad");

	begin();
	stub_item(bad, "Interface", "lo");
	stub_item(bad, "Filter", "port frog");
	capture(block, "good", "lo");
	configure(block);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	ck_assert_ptr_nonnull(strstr(stub_line(0), "capture bad: interface lo is not counted: "));
	ck_assert_ptr_nonnull(strstr(stub_line(0), "port frog"));
	ck_assert_ptr_null(stub_line(1));
	read_all();
	ck_assert(stub_has("good/packets-tcp"));
	ck_assert(!stub_has("bad/packets-tcp"));
	/* It is not told again. */
	ck_assert_ptr_null(stub_line(0));
	end();
}
END_TEST

START_TEST(test_nothing_usable)
{
	oconfig_item_t *block = new_block(), *bad = stub_item(block, "Capture", "bad");

	begin();
	stub_item(bad, "Interface", "lo");
	stub_item(bad, "Snaplen", "1");
	configure(block);
	stub_reset();
	ck_assert_int_ne(stub_callbacks.init(), 0);
	ck_assert_str_eq(stub_line(0), "there is nothing that can be counted");
	ck_assert_ptr_null(stub_line(1));
	/* The daemon may go on calling. */
	read_all();
	ck_assert_uint_eq(stub_values(), 0);
	end();
	end();
}
END_TEST

START_TEST(test_an_interface_that_comes_later)
{
	oconfig_item_t *block = new_block();

	begin();
	capture(block, "late", "va");
	configure(block);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	ck_assert_str_eq(stub_line(0), "capture late: there is no interface va: it is counted as "
				       "soon as it appears");
	read_all();
	ck_assert_uint_eq(stub_values(), 0);
	ck_assert_ptr_null(stub_line(0));
	ck_assert(namespace_run("ip link add va type veth peer name vb"));
	read_all();
	ck_assert_str_eq(stub_line(0), "capture late: interface va is counted now");
	read_all();
	ck_assert(stub_has("late/packets-tcp"));
	end();
}
END_TEST

/* Reads until a notification comes; returns it. */
static const notification_t *wait_for_notification(void)
{
	for (int ms = 0; ms < WATCHDOG_MS; ms += 100) {
		read_all();
		if (stub_notification(0))
			return stub_notification(0);
		pause_ms(100);
	}
	ck_abort_msg("no notification");
}

START_TEST(test_gone_and_back)
{
	oconfig_item_t *block = new_block();
	const notification_t *told;
	uint64_t before;

	begin();
	ck_assert(namespace_run("ip link add va type veth peer name vb && ip link set va up && "
				"ip link set vb up"));
	capture(block, "wan", "va");
	configure(block);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	pause_ms(300);
	read_all();
	before = stub_number("wan/packets-counted");
	ck_assert(namespace_run("ip link del va"));
	told = wait_for_notification();
	ck_assert_int_eq(told->severity, NOTIF_FAILURE);
	ck_assert_str_eq(told->host, "host");
	ck_assert_str_eq(told->plugin, "wirecensus");
	ck_assert_str_eq(told->plugin_instance, "wan");
	ck_assert_str_eq(told->message, "va is gone: it is counted again as soon as it is back");
	ck_assert_uint_ge(stub_number("wan/packets-counted"), before);

	ck_assert(namespace_run("ip link add va type veth peer name vb && ip link set va up && "
				"ip link set vb up"));
	told = wait_for_notification();
	ck_assert_int_eq(told->severity, NOTIF_OKAY);
	ck_assert_ptr_nonnull(strstr(told->message, "va is back, and counted"));
	ck_assert_uint_eq(stub_number("wan/total_events-restarts"), 1);
	ck_assert_uint_gt(stub_number("wan/total_time_in_ms-gone"), 0);
	end();
}
END_TEST

static void configure_home(void)
{
	oconfig_item_t *block = new_block();

	capture(block, "home", "lo");
	configure(block);
}

/* A daemon that calls things more often than it should. */
START_TEST(test_again_and_again)
{
	begin();
	module_register();
	for (int i = 0; i < 3; i++) {
		configure_home();
		ck_assert_int_eq(stub_callbacks.init(), 0);
		ck_assert_int_eq(stub_callbacks.init(), 0);
		read_all();
		ck_assert(stub_has("home/packets-tcp"));
		end();
		end();
		read_all();
		ck_assert_uint_eq(stub_values(), 0);
	}
}
END_TEST

static unsigned threads(void)
{
	DIR *folder = opendir("/proc/self/task");
	unsigned count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count - 2;
}

/* Waits, because a thread that was joined may be seen in /proc for a moment longer. */
static void wait_for_threads(unsigned count)
{
	for (int ms = 0; threads() != count && ms < WATCHDOG_MS; ms += 10)
		pause_ms(10);
	ck_assert_uint_eq(threads(), count);
}

/* In config there must be no threads yet: a daemon that forks would lose them. */
START_TEST(test_threads_are_made_in_init_and_joined_in_shutdown)
{
	unsigned before;

	begin();
	/* Once for nothing: with the first thread a sanitizer makes one of its own. */
	configure_home();
	ck_assert_int_eq(stub_callbacks.init(), 0);
	before = threads() - 1;
	end();

	wait_for_threads(before);
	configure_home();
	ck_assert_uint_eq(threads(), before);
	ck_assert_int_eq(stub_callbacks.init(), 0);
	ck_assert_uint_eq(threads(), before + 1);
	end();
	wait_for_threads(before);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_values_are_what_was_sent,
				      test_without_any_block,
				      test_declined,
				      test_names_of_several_interfaces,
				      test_bad_ones_leave_the_others,
				      test_nothing_usable,
				      test_an_interface_that_comes_later,
				      test_gone_and_back,
				      test_again_and_again,
				      test_threads_are_made_in_init_and_joined_in_shutdown,
				      NULL};

	if (!namespace_possible()) {
		printf("a network namespace cannot be made here\n");
		return 77;
	}
	return suite_run("plugin", tests, 60);
}
