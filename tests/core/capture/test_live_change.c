/* A live source gets another filter while frames come: each is judged by one of the two. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "live_bed.h"
#include "wirecensus/error.h"

#define EACH_SORT (FILTER_TAGS_COUNT * FILTER_FRAMES)

/* Puts @text, NULL for none, in place of the filter. */
static int change(const char *text, bool payload, struct wc_error *error)
{
	struct wc_options options = {.filter = (char *)(uintptr_t)text};
	struct wc_source_rule rule = {.payload = payload};
	int failed = wc_filter_open(&rule.filter, &options, error);

	ck_assert_int_eq(failed, 0);
	failed = bed.source->ops->refilter(bed.source, &rule, bed_take, &bed.seen, error);
	if (failed) {
		wc_filter_free(rule.filter);
		return failed;
	}
	wc_filter_free(bed.filter);
	bed.filter = rule.filter;
	return 0;
}

/* Sends every sort of frame, and returns how many of them @text lets through. */
static uint64_t send_all(const char *text)
{
	struct wc_options options = {.filter = (char *)(uintptr_t)text};
	struct wc_filter *file;
	uint64_t passed = 0;

	ck_assert_int_eq(wc_filter_open(&file, &options, NULL), 0);
	if (file)
		ck_assert_int_eq(wc_filter_prepare(file, WC_LINK_ETHERNET, 1, NULL), 0);
	for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++)
		for (int sort = 0; sort < FILTER_FRAMES; sort++) {
			struct frame frame;
			struct wc_frame source_frame;

			filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
			source_frame = filter_source_frame(&frame, WC_LINK_ETHERNET);
			bed_send("va", &frame, 1);
			passed += !file || wc_filter_pass(file, &source_frame);
		}
	wc_filter_free(file);
	return passed;
}

static const char *const filters[] = {NULL, "tcp or arp", "vlan 10 and udp", "not tcp",
				      "ip protochain 6"}; /* which no kernel takes */
#define FILTERS (sizeof(filters) / sizeof(*filters))

/* From each filter to each, with frames of the first in the ring that nobody has read. */
START_TEST(a_frame_is_judged_by_the_filter_that_it_met)
{
	const char *before = filters[(size_t)_i / FILTERS], *after = filters[(size_t)_i % FILTERS];
	uint64_t expected, told;

	bed_enter();
	bed_witness();
	bed.options.filter = (char *)(uintptr_t)before;
	bed_open("vb", false);
	expected = send_all(before);
	bed_await_witness(EACH_SORT);
	bed.source->ops->stats(bed.source, &bed.stats);
	told = bed.stats.received;
	ck_assert_int_eq(change(after, false, NULL), 0);
	bed.source->ops->stats(bed.source, &bed.stats);
	ck_assert_uint_eq(bed.seen.frames, expected);
	ck_assert_uint_eq(bed.stats.received, expected);
	ck_assert_uint_ge(bed.stats.received, told);
	expected += send_all(after);
	bed_drain(expected);
	ck_assert_msg(bed.seen.frames == expected, "\"%s\", \"%s\": %u and not %u", before, after,
		      (unsigned)bed.seen.frames, (unsigned)expected);
	ck_assert_uint_eq(bed.stats.received, expected);
	ck_assert_uint_eq(bed.stats.lost_kernel, 0);
	bed_close();
}
END_TEST

START_TEST(more_is_captured_for_the_payload_filter)
{
	static const uint32_t captured[] = {146, 512, 146};
	struct frame frame;

	bed_enter();
	bed_open("vb", false);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	frame_append(&frame, 1000);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(change(NULL, i == 1, NULL), 0);
		bed_send("va", &frame, 1);
		bed_drain(i + 1);
		ck_assert_uint_eq(bed.seen.captured_last, captured[i]);
	}
	bed_close();
}
END_TEST

START_TEST(what_has_no_meaning_changes_nothing)
{
	struct wc_error error = {""};
	unsigned news;

	bed_enter();
	bed.options.filter = (char *)(uintptr_t) "arp";
	bed_open("vb", false);
	news = bed.source->news;
	ck_assert_int_eq(change("ifindex 3", false, &error), WC_INVALID);
	ck_assert_msg(strstr(error.text, "ifindex 3") != NULL, "%s", error.text);
	ck_assert_uint_eq(bed.source->news, news);
	bed_send_sort("va", FILTER_BARE, 0, 5);
	bed_send_sort("va", FILTER_BARE, 11, 3);
	bed_drain(3);
	ck_assert_uint_eq(bed.seen.frames, 3);
	bed_close();
}
END_TEST

START_TEST(describe_follows)
{
	char text[1000];
	unsigned news;

	bed_enter();
	bed_open("vb", false);
	news = bed.source->news;
	ck_assert_int_eq(change("port 53", true, NULL), 0);
	ck_assert_uint_gt(bed.source->news, news);
	bed.source->ops->describe(bed.source, text, sizeof(text));
	ck_assert_msg(strstr(text, "filter: port 53\ncapture length: 512 bytes") != NULL, "%s",
		      text);
	bed_close();
}
END_TEST

/* Sends in a process of its own, until its pipe is closed; returns how many it has sent. */
static pid_t start_sender(int *stop, int *count)
{
	int stopping[2], counting[2];
	pid_t child;

	ck_assert_int_eq(pipe(stopping), 0);
	ck_assert_int_eq(pipe2(counting, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		struct frame frame;
		uint64_t sent = 0;
		char ignored;

		close(stopping[1]);
		fcntl(stopping[0], F_SETFL, O_NONBLOCK);
		filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 2);
		while (read(stopping[0], &ignored, 1) < 0) {
			bed_send("va", &frame, 16);
			sent += 16;
		}
		_exit(write(counting[1], &sent, sizeof(sent)) == sizeof(sent) ? 0 : 1);
	}
	close(stopping[0]);
	close(counting[1]);
	*stop = stopping[1];
	*count = counting[0];
	return child;
}

/* How many frames have come so far, of which the ring may still have some. */
static uint64_t frames_come(void)
{
	bed.source->ops->stats(bed.source, &bed.stats);
	return bed.stats.taken + bed.stats.pending + bed.stats.lost_kernel;
}

/* Waits for the sender, whom a busy machine may keep from running. */
static void await_more(uint64_t frames)
{
	for (unsigned waited = 0; frames_come() <= frames; waited++) {
		ck_assert_uint_lt(waited, BED_WATCHDOG_MS);
		bed_pause_ms(1);
	}
}

/* All of these let the sender's frames through: none is counted twice, or not at all. */
START_TEST(no_frame_is_lost_under_load)
{
	static const char *const passing[] = {NULL, "udp port 53", "not arp", "ip protochain 17"};
	uint64_t sent, received = 0;
	int stop, count;
	pid_t child;

	bed_enter();
	bed_open("vb", false);
	child = start_sender(&stop, &count);
	for (int i = 0; i < 200 || frames_come() <= 1000; i++) {
		await_more(frames_come()); /* each filter meets some */
		for (int runs = 0; runs < 20; runs++)
			bed.source->ops->run(bed.source, 64, bed_take, &bed.seen, NULL);
		ck_assert_int_eq(change(passing[i % 4], i & 4, NULL), 0);
		bed.source->ops->stats(bed.source, &bed.stats);
		ck_assert_uint_ge(bed.stats.received, received);
		received = bed.stats.received;
	}
	close(stop);
	ck_assert_int_eq(read(count, &sent, sizeof(sent)), sizeof(sent));
	waitpid(child, NULL, 0);
	bed_drain(sent);
	ck_assert_uint_gt(sent, 1000);
	ck_assert_uint_eq(bed.stats.received, sent);
	ck_assert_uint_eq(bed.seen.frames + bed.stats.lost_kernel, sent);
	bed_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("live_change");
	TCase *cases = tcase_create("live_change");

	tcase_add_loop_test(cases, a_frame_is_judged_by_the_filter_that_it_met, 0,
			    (int)(FILTERS * FILTERS));
	tcase_add_test(cases, more_is_captured_for_the_payload_filter);
	tcase_add_test(cases, what_has_no_meaning_changes_nothing);
	tcase_add_test(cases, describe_follows);
	tcase_add_test(cases, no_frame_is_lost_under_load);
	suite_add_tcase(suite, cases);
	return bed_main(suite);
}
