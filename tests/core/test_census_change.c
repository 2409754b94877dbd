/* Other options for a census that counts live traffic: nothing is lost, all or nothing changes. */
#include <check.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "namespace.h"
#include "recipe.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define CHANGES     30
#define WATCHDOG_MS 20000

static struct wc_options options;
static struct wc_census *census;
static int sender;

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void set(const char *name, const char *text)
{
	struct wc_error error = {""};
	const struct wc_option *option = wc_option_find(name, WC_SCOPE_DAEMON);

	ck_assert_ptr_nonnull(option);
	ck_assert_msg(wc_options_set(&options, option, name, text, &error) == 0, "%s", error.text);
}

static void set_match(const char *text)
{
	free(options.match);
	options.match = NULL;
	if (text)
		set("match", text);
}

/* What can count here. */
static const char *const engines[] = {"pcap", "kernel", "ring"};

/* "va" to send on and "vb" to count, which has the address 192.0.2.1, with @engine. */
static void enter(const char *engine)
{
	ck_assert(namespace_enter());
	ck_assert(
		namespace_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1 "
			      "net.ipv6.conf.all.disable_ipv6=1 2>/dev/null; "
			      "ip link add va type veth peer name vb && "
			      "ip address add 192.0.2.1/24 dev vb && "
			      "ip link set va arp off && ip link set vb arp off && "
			      "ip link set va up && ip link set vb up && "
			      "for link in va vb; do "
			      "until ip link show $link | grep -q 'state UP'; do sleep 0.01; done; "
			      "done"));
	sender = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(wc_options_init(&options, NULL), 0);
	set("engine", engine);
}

static void start(const char *interface)
{
	struct wc_error error = {""};
	int failed = wc_census_open_waiting(&census, "office", interface, &options, &error);

	/* Whether the kernel takes its programs is not for this test to say. */
	if (failed && options.engine == WC_ENGINE_KERNEL) {
		printf("%s\n", error.text);
		set("engine", "pcap");
		failed = wc_census_open_waiting(&census, "office", interface, &options, &error);
	}
	ck_assert_msg(!failed, "%s", error.text);
	ck_assert_int_eq(wc_census_start(census, &error), 0);
}

static void end(void)
{
	wc_census_free(census);
	wc_options_free(&options);
	close(sender);
}

static void send_frames(const char *text, int times)
{
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_halen = 6};
	struct recipe recipe;

	recipe_build(&recipe, text);
	address.sll_ifindex = (int)if_nametoindex("va");
	for (int i = 0; i < times; i++)
		ck_assert_int_eq(sendto(sender, recipe.frame.bytes, recipe.captured, 0,
					(struct sockaddr *)&address, sizeof(address)),
				 (ssize_t)recipe.captured);
}

static struct wc_snapshot *snapshot(void)
{
	struct wc_snapshot *made = NULL;

	ck_assert_int_eq(wc_census_snapshot(census, &made, NULL), 0);
	return made;
}

/* Takes snapshots until @frames have been counted since the start; returns the last one. */
static struct wc_snapshot *counted(uint64_t frames)
{
	struct wc_snapshot *made = snapshot();

	for (unsigned waited = 0; made->total.frames < frames; waited += 5) {
		ck_assert_uint_lt(waited, WATCHDOG_MS);
		wc_snapshot_free(made);
		pause_ms(5);
		made = snapshot();
	}
	ck_assert_uint_eq(made->total.frames, frames);
	return made;
}

static void reconfigure(void)
{
	struct wc_error error = {""};

	ck_assert_msg(wc_census_check(census, &options, &error) == 0, "%s", error.text);
	ck_assert_msg(wc_census_reconfigure(census, &options, &error) == 0, "%s", error.text);
}

/* Each round has other options, all of which let the sender's frames through, or reject them. */
static void vary(int round)
{
	static const char *const filters[] = {"", "udp port 53", "not arp", "ip protochain 17"};
	static const char *const matches[] = {NULL, "nothing like it", "\\x00\\x00"};

	set("filter", filters[round % 4]);
	set_match(matches[round % 3]);
	set("fold_internet", round % 5 ? "yes" : "no");
	set("idle", round % 2 ? "1h" : "2h");
	set("scanner_mode", round % 7 ? "default" : "plain");
	set("local_address", round % 2 ? "192.0.2.77" : "192.0.2.78");
}

/* Sends in a process of its own from a byte in the pipe to its end, and says how many. */
static pid_t make_sender(int *pipe_to, int *count)
{
	int told[2], counting[2];
	pid_t child;

	ck_assert_int_eq(pipe2(told, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(counting, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		uint64_t sent = 0;
		char ignored;

		close(told[1]);
		if (read(told[0], &ignored, 1) < 0)
			_exit(1);
		fcntl(told[0], F_SETFL, O_NONBLOCK);
		for (; read(told[0], &ignored, 1) < 0; sent += 8) {
			send_frames("eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 53 / "
				    "zeros 30",
				    8);
			pause_ms(0);
		}
		_exit(write(counting[1], &sent, sizeof(sent)) == sizeof(sent) ? 0 : 1);
	}
	close(told[0]);
	close(counting[1]);
	*pipe_to = told[1];
	*count = counting[0];
	return child;
}

/* What the design promises of every interval; @pending is what the last one left. */
static void add_up(struct wc_snapshot *made, uint64_t *pending, uint64_t *interval)
{
	const struct wc_totals *delta = &made->delta;

	ck_assert_uint_eq(made->interval, ++*interval);
	ck_assert_uint_eq(delta->received + *pending,
			  delta->frames + delta->lost_kernel + made->pending);
	ck_assert_uint_eq(wc_totals_sum(delta).packets + delta->rejected.packets, delta->frames);
	ck_assert_uint_eq(wc_totals_sum(&made->total).packets + made->total.rejected.packets,
			  made->total.frames);
	*pending = made->pending;
	wc_snapshot_free(made);
}

/* Takes pictures until the sender is heard, whom a loaded machine may keep from running. */
static void await_traffic(bool rejected, uint64_t *pending, uint64_t *interval)
{
	for (unsigned waited = 0, heard = 0; !heard; waited++) {
		struct wc_snapshot *made = snapshot();

		heard = (rejected ? made->total.rejected.packets : made->total.frames) > 0;
		add_up(made, pending, interval);
		ck_assert_uint_lt(waited, 10000);
		pause_ms(1);
	}
}

START_TEST(what_was_sent_is_counted_whatever_changes)
{
	uint64_t sent, pending = 0, interval = 0;
	struct wc_snapshot *last;
	int stop, count;
	pid_t child;

	enter(engines[_i]);
	set("filter", "not arp");
	child = make_sender(&stop, &count);
	start("vb");
	ck_assert_int_eq(write(stop, "g", 1), 1);
	await_traffic(false, &pending, &interval);
	for (int round = 0; round < CHANGES; round++) {
		vary(round);
		reconfigure();
		if (round % 4 == 0)
			add_up(snapshot(), &pending, &interval);
	}
	set_match("nothing like it");
	reconfigure();
	await_traffic(true, &pending, &interval);
	close(stop);
	ck_assert_int_eq(read(count, &sent, sizeof(sent)), sizeof(sent));
	waitpid(child, NULL, 0);
	add_up(snapshot(), &pending, &interval);
	last = snapshot();
	ck_assert_uint_gt(sent, 100);
	ck_assert_uint_gt(last->total.rejected.packets, 0);
	ck_assert_uint_eq(last->total.received, sent);
	ck_assert_uint_eq(last->total.frames + last->total.lost_kernel + last->pending, sent);
	wc_snapshot_free(last);
	end();
}
END_TEST

START_TEST(all_or_nothing)
{
	static const char *const wrong[][2] = {{"filter", "tcp port"}, {"filter", "ifindex 3"}};
	struct wc_error error = {""};

	enter(engines[_i]);
	set("filter", "udp");
	start("vb");
	for (int i = 0; i < 2; i++) {
		set("local_address", "198.51.100.9");
		set(wrong[i][0], wrong[i][1]);
		ck_assert_int_eq(wc_census_check(census, &options, &error), WC_INVALID);
		ck_assert_msg(strstr(error.text, wrong[i][1]) != NULL, "%s", error.text);
		ck_assert_int_eq(wc_census_reconfigure(census, &options, &error), WC_INVALID);
	}
	send_frames("eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 80 S 1", 3);
	send_frames("eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 53", 5);
	{
		struct wc_snapshot *made = counted(5);

		ck_assert_uint_eq(made->total.directions[WC_DIRECTION_IN].packets, 5);
		wc_snapshot_free(made);
	}
	end();
}
END_TEST

/* Each takes effect with the next frame, and rows go on. */
START_TEST(each_takes_effect)
{
	static const char *const frame =
		"eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 50000 / zeros 5";
	struct wc_snapshot *made;

	enter(engines[_i]);
	start("vb");
	send_frames(frame, 2);
	made = counted(2);
	ck_assert_uint_eq(made->conversation_rows, 1);
	ck_assert_uint_eq(made->conversations[0].port, 40000); /* the lower port */
	wc_snapshot_free(made);

	set("serve", "udp/50000");
	set("fold_internet", "yes");
	set("local_address", "198.51.100.9");
	reconfigure();
	send_frames(frame, 3);
	made = counted(5);
	ck_assert_uint_eq(made->conversation_rows, 1);
	ck_assert_uint_eq(made->conversations[0].port, 50000);
	ck_assert_uint_eq(made->total.directions[WC_DIRECTION_IN].packets, 2);
	ck_assert_uint_eq(made->total.directions[WC_DIRECTION_LOCAL].packets, 3);
	ck_assert_uint_eq(made->port_rows, 2); /* the same port, both ways */
	ck_assert_uint_eq(made->ports[0].total.all.packets, 2);
	wc_snapshot_free(made);

	wc_services_free(&options.serve);
	wc_addresses_free(&options.local_address);
	set_match("zz");
	reconfigure();
	send_frames(frame, 4);
	made = counted(9);
	ck_assert_uint_eq(made->total.rejected.packets, 4);
	wc_snapshot_free(made);

	set_match(NULL);
	reconfigure();
	send_frames(frame, 1);
	made = counted(10);
	ck_assert_uint_eq(made->conversations[0].port, 40000);
	ck_assert_uint_eq(made->conversations[0].client.version, 4);
	ck_assert_uint_eq(made->conversations[0].server.version, 0); /* the internet */
	ck_assert_uint_eq(made->total.directions[WC_DIRECTION_IN].packets, 3);
	ck_assert_uint_eq(made->total.gone_ns, 0);
	wc_snapshot_free(made);
	end();
}
END_TEST

START_TEST(what_needs_a_restart_is_named)
{
	static const char *const others[][2] = {
		{"interface", "eth7"},  {"engine", "pcap"},
		{"attach", "tcx"},      {"drop_echo", "yes"},
		{"promiscuous", "yes"}, {"snaplen", "100"},
		{"buffer", "1M"},       {"five_tuple", "yes"},
		{"conversations", "9"}, {"hosts", "9"},
		{"rate_mode", "ncs"},   {"filter", "udp"},
		{"idle", "5"},          {"serve", "udp/9"},
		{"local_net", "::/0"},  {"scanner_mode", "plain"},
	};
	const struct wc_option *found[20];
	struct wc_options now;

	ck_assert_int_eq(wc_options_init(&now, NULL), 0);
	ck_assert_int_eq(wc_options_init(&options, NULL), 0);
	ck_assert_uint_eq(wc_census_restarts(&now, &options, found, 20), 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		set(others[i][0], others[i][1]);
	ck_assert_uint_eq(wc_census_restarts(&now, &options, found, 2), 11);
	ck_assert_uint_eq(wc_census_restarts(&options, &now, found, 20), 11);
	for (size_t i = 0; i < 11; i++)
		ck_assert_msg(strcmp(found[i]->name, others[i][0]) == 0, "%s", found[i]->name);
	ck_assert_uint_eq(wc_census_restarts(&options, &options, found, 20), 0);
	wc_options_free(&now);
	wc_options_free(&options);
}
END_TEST

START_TEST(a_file_is_read_as_it_was_opened)
{
	struct wc_error error = {""};
	char path[] = "/tmp/wirecensus-XXXXXX";
	int file = mkstemp(path);
	static const uint32_t head[6] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 1};

	ck_assert_int_eq(write(file, head, sizeof(head)), sizeof(head));
	ck_assert_int_eq(wc_options_init(&options, NULL), 0);
	ck_assert_int_eq(wc_census_open_file(&census, "file", path, &options, &error), 0);
	ck_assert_int_eq(wc_census_check(census, &options, &error), WC_INVALID);
	ck_assert_int_eq(wc_census_reconfigure(census, &options, &error), WC_INVALID);
	ck_assert_msg(strstr(error.text, path) != NULL, "%s", error.text);
	wc_census_free(census);
	wc_options_free(&options);
	close(file);
	unlink(path);
}
END_TEST

static struct wc_census_state await_state(bool present)
{
	struct wc_census_state state;

	wc_census_state(census, &state);
	for (unsigned waited = 0; state.present != present; waited++) {
		ck_assert_uint_lt(waited, WATCHDOG_MS);
		pause_ms(1);
		wc_census_state(census, &state);
	}
	return state;
}

/* Read by this thread while the other one counts. */
START_TEST(the_state_can_be_asked_for)
{
	struct wc_census_state state;
	struct timespec now;
	char text[2000];

	enter(engines[_i]);
	start("vc");
	clock_gettime(CLOCK_REALTIME, &now);
	wc_census_state(census, &state);
	ck_assert_str_eq(state.engine, options.engine == WC_ENGINE_PCAP   ? "pcap"
				       : options.engine == WC_ENGINE_RING ? "ring"
									  : "kernel");
	ck_assert(!state.present);
	ck_assert_int_le(state.gone_since_ns / 1000000000, now.tv_sec);
	ck_assert_int_gt(state.gone_since_ns / 1000000000, now.tv_sec - 60);
	wc_census_describe(census, text, sizeof(text));
	ck_assert_msg(strstr(text, "interface: vc, which is not there and waited for\n") &&
			      strstr(text, "addresses: ") && strstr(text, "memory: at most "),
		      "%s", text);
	ck_assert(namespace_run("ip link del va && ip link add va type veth peer name vc && "
				"ip link set va up && ip link set vc up"));
	state = await_state(true);
	ck_assert_int_eq(state.gone_since_ns, WC_TIME_UNKNOWN);
	wc_census_describe(census, text, sizeof(text));
	ck_assert_msg(strstr(text, "interface: vc, index ") != NULL, "%s", text);
	set("filter", "port 53");
	reconfigure();
	wc_census_describe(census, text, sizeof(text));
	ck_assert_msg(strstr(text, "filter: port 53\n") != NULL, "%s", text);
	ck_assert(namespace_run("ip link del vc"));
	await_state(false);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("census_change");
	TCase *live = tcase_create("live"), *others = tcase_create("others");
	SRunner *runner;
	int failed;

	if (!namespace_possible()) {
		puts("network namespaces cannot be made here, or ip(8) is missing");
		return 77;
	}
	tcase_set_timeout(live, 300);
	tcase_add_loop_test(live, what_was_sent_is_counted_whatever_changes, 0,
			    sizeof(engines) / sizeof(*engines));
	tcase_add_loop_test(live, all_or_nothing, 0, sizeof(engines) / sizeof(*engines));
	tcase_add_loop_test(live, each_takes_effect, 0, sizeof(engines) / sizeof(*engines));
	tcase_add_loop_test(live, the_state_can_be_asked_for, 0,
			    sizeof(engines) / sizeof(*engines));
	tcase_add_test(others, what_needs_a_restart_is_named);
	tcase_add_test(others, a_file_is_read_as_it_was_opened);
	suite_add_tcase(suite, live);
	suite_add_tcase(suite, others);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
