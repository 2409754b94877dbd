/* Other options for a census that counts live traffic: nothing is lost, all or nothing changes. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change_bed.h"
#include "namespace.h"
#include "wirecensus/error.h"

#define CHANGES 30

/* Takes snapshots until @frames have been counted since the start; returns the last one. */
static struct wc_snapshot *counted(uint64_t frames)
{
	struct wc_snapshot *made = change_snapshot();

	for (unsigned waited = 0; made->total.frames < frames; waited += 5) {
		ck_assert_uint_lt(waited, CHANGE_WATCHDOG_MS);
		wc_snapshot_free(made);
		change_pause_ms(5);
		made = change_snapshot();
	}
	ck_assert_uint_eq(made->total.frames, frames);
	return made;
}

/* Each round has other options, all of which let the sender's frames through, or reject them. */
static void vary(int round)
{
	static const char *const filters[] = {"", "udp port 53", "not arp", "ip protochain 17"};
	static const char *const matches[] = {NULL, "nothing like it", "\\x00\\x00"};

	change_set("filter", filters[round % 4]);
	change_set_match(matches[round % 3]);
	change_set("fold_internet", round % 5 ? "yes" : "no");
	change_set("idle", round % 2 ? "1h" : "2h");
	change_set("scanner_mode", round % 7 ? "default" : "plain");
	change_set("local_address", round % 2 ? "192.0.2.77" : "192.0.2.78");
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
			change_send_frames(
				"eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 53 / "
				"zeros 30",
				8);
			change_pause_ms(0);
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
		struct wc_snapshot *made = change_snapshot();

		heard = (rejected ? made->total.rejected.packets : made->total.frames) > 0;
		add_up(made, pending, interval);
		ck_assert_uint_lt(waited, 10000);
		change_pause_ms(1);
	}
}

START_TEST(what_was_sent_is_counted_whatever_changes)
{
	uint64_t sent, pending = 0, interval = 0;
	struct wc_snapshot *last;
	int stop, count;
	pid_t child;

	change_enter(change_engines[_i]);
	change_set("filter", "not arp");
	child = make_sender(&stop, &count);
	change_start("vb");
	ck_assert_int_eq(write(stop, "g", 1), 1);
	await_traffic(false, &pending, &interval);
	for (int round = 0; round < CHANGES; round++) {
		vary(round);
		change_reconfigure();
		if (round % 4 == 0)
			add_up(change_snapshot(), &pending, &interval);
	}
	change_set_match("nothing like it");
	change_reconfigure();
	await_traffic(true, &pending, &interval);
	close(stop);
	ck_assert_int_eq(read(count, &sent, sizeof(sent)), sizeof(sent));
	waitpid(child, NULL, 0);
	/* The last of them may still be between the two ends. */
	for (unsigned waited = 0; (last = change_snapshot())->total.received < sent; waited += 5) {
		ck_assert_uint_lt(waited, CHANGE_WATCHDOG_MS);
		add_up(last, &pending, &interval);
		change_pause_ms(5);
	}
	ck_assert_uint_gt(sent, 100);
	ck_assert_uint_gt(last->total.rejected.packets, 0);
	ck_assert_uint_eq(last->total.received, sent);
	ck_assert_uint_eq(last->total.frames + last->total.lost_kernel + last->pending, sent);
	wc_snapshot_free(last);
	change_end();
}
END_TEST

START_TEST(all_or_nothing)
{
	static const char *const wrong[][2] = {{"filter", "tcp port"}, {"filter", "ifindex 3"}};
	struct wc_error error = {""};

	change_enter(change_engines[_i]);
	change_set("filter", "udp");
	change_start("vb");
	for (int i = 0; i < 2; i++) {
		change_set("local_address", "198.51.100.9");
		change_set(wrong[i][0], wrong[i][1]);
		ck_assert_int_eq(wc_census_check(change_census, &change_options, &error),
				 WC_INVALID);
		ck_assert_msg(strstr(error.text, wrong[i][1]) != NULL, "%s", error.text);
		ck_assert_int_eq(wc_census_reconfigure(change_census, &change_options, &error),
				 WC_INVALID);
	}
	change_send_frames("eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 80 S 1", 3);
	change_send_frames("eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 53", 5);
	{
		struct wc_snapshot *made = counted(5);

		ck_assert_uint_eq(made->total.directions[WC_DIRECTION_IN].packets, 5);
		wc_snapshot_free(made);
	}
	change_end();
}
END_TEST

/* Each takes effect with the next frame, and rows go on. */
START_TEST(each_takes_effect)
{
	static const char *const frame =
		"eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 50000 / zeros 5";
	struct wc_snapshot *made;

	change_enter(change_engines[_i]);
	change_start("vb");
	change_send_frames(frame, 2);
	made = counted(2);
	ck_assert_uint_eq(made->conversation_rows, 1);
	ck_assert_uint_eq(made->conversations[0].port, 40000); /* the lower port */
	wc_snapshot_free(made);

	change_set("serve", "udp/50000");
	change_set("fold_internet", "yes");
	change_set("local_address", "198.51.100.9");
	change_reconfigure();
	change_send_frames(frame, 3);
	made = counted(5);
	ck_assert_uint_eq(made->conversation_rows, 1);
	ck_assert_uint_eq(made->conversations[0].port, 50000);
	ck_assert_uint_eq(made->total.directions[WC_DIRECTION_IN].packets, 2);
	ck_assert_uint_eq(made->total.directions[WC_DIRECTION_LOCAL].packets, 3);
	ck_assert_uint_eq(made->port_rows, 2); /* the same port, both ways */
	ck_assert_uint_eq(made->ports[0].total.all.packets, 2);
	wc_snapshot_free(made);

	wc_services_free(&change_options.serve);
	wc_addresses_free(&change_options.local_address);
	change_set_match("zz");
	change_reconfigure();
	change_send_frames(frame, 4);
	made = counted(9);
	ck_assert_uint_eq(made->total.rejected.packets, 4);
	wc_snapshot_free(made);

	change_set_match(NULL);
	change_reconfigure();
	change_send_frames(frame, 1);
	made = counted(10);
	ck_assert_uint_eq(made->conversations[0].port, 40000);
	ck_assert_uint_eq(made->conversations[0].client.version, 4);
	ck_assert_uint_eq(made->conversations[0].server.version, 0); /* the internet */
	ck_assert_uint_eq(made->total.directions[WC_DIRECTION_IN].packets, 3);
	ck_assert_uint_eq(made->total.gone_ns, 0);
	wc_snapshot_free(made);
	change_end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("census_change");
	TCase *live = tcase_create("live");
	SRunner *runner;
	int failed;

	if (!namespace_possible()) {
		puts("network namespaces cannot be made here, or ip(8) is missing");
		return 77;
	}
	tcase_set_timeout(live, 300);
	tcase_add_loop_test(live, what_was_sent_is_counted_whatever_changes, 0, CHANGE_ENGINES);
	tcase_add_loop_test(live, all_or_nothing, 0, CHANGE_ENGINES);
	tcase_add_loop_test(live, each_takes_effect, 0, CHANGE_ENGINES);
	suite_add_tcase(suite, live);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
