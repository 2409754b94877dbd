/* The kernel runs the programs: over datagrams of a socket pair, which needs no privilege. */
#include <check.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "filter.h"
#include "filter_frames.h"
#include "filter_kernel.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static struct wc_filter *opened(const char *expression, bool exclude)
{
	struct wc_options options = {.exclude_local_sources = exclude};
	struct wc_filter *filter;

	options.filter = (char *)(uintptr_t)expression;
	ck_assert_int_eq(wc_filter_open(&filter, &options, NULL), 0);
	ck_assert_int_eq(wc_filter_prepare_live(filter, WC_LINK_ETHERNET, DLT_EN10MB, NULL), 0);
	return filter;
}

/* A socket pair whose second end runs the program for @plan. Returns false if the kernel refuses.
 */
static bool attach(int pair[2], const struct wc_kernel_plan *plan)
{
	static struct sock_filter code[WC_KERNEL_MAX];
	struct sock_fprog program = {wc_kernel_program(code, plan), code};

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair), 0);
	return program.len != 0 &&
	       setsockopt(pair[1], SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

/* How many bytes the kernel lets through, -1 for none at all. */
static int kernel(int pair[2], const struct frame *frame)
{
	static uint8_t bytes[FRAME_ROOM];
	ssize_t size;

	ck_assert_int_eq(send(pair[0], frame->bytes, frame->size, 0), (ssize_t)frame->size);
	size = recv(pair[1], bytes, sizeof(bytes), 0);
	ck_assert(size >= 0 || errno == EAGAIN);
	return (int)size;
}

static void detach(int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

static const char *const expressions[] = {
	NULL,
	"tcp port 80",
	"not port 53",
	"arp or ip6",
	"udp[200] = 0",
	"len > 100 and ip",
	"vlan 10",
	"not vlan",
	"tcp port 80 or vlan 10",
	"vlan 10 and vlan 20 and udp",
	"host 192.0.2.1 and (tcp or icmp) and not port 443",
	"ip[8] = 64 or (vlan and arp)",
	"inbound",
};

/* What the kernel and we let through together is what a file's filter lets through. */
START_TEST(kernel_and_filter_agree)
{
	bool exclude = _i & 1;
	const char *expression = expressions[_i / 2];
	struct wc_filter *filter = expression || exclude ? opened(expression, exclude) : NULL;
	struct wc_kernel_plan plan = {
		.fitting = WC_KERNEL_FITTING, .link = WC_LINK_ETHERNET, .filter = filter};
	struct frame frame;
	int pair[2];

	ck_assert(attach(pair, &plan));
	for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++) {
		for (int sort = 0; sort < FILTER_FRAMES; sort++) {
			struct wc_frame source;
			bool expected;
			int size;

			filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
			source = filter_source_frame(&frame, WC_LINK_ETHERNET);
			source.origin = WC_ORIGIN_RECEIVED;
			expected = !filter || wc_filter_pass(filter, &source);
			size = kernel(pair, &frame);
			/* A tag is in the frame here, so that it is never the kernel's to judge. */
			ck_assert(tags == FILTER_BARE || size == (int)frame.size);
			if (size >= 0)
				source.captured = (uint32_t)size;
			ck_assert_msg((size >= 0 &&
				       (!filter || wc_filter_pass_tagged(filter, &source))) ==
					      expected,
				      "\"%s\", tags %d, sort %d: %d bytes", expression, (int)tags,
				      sort, size);
		}
	}
	detach(pair);
	wc_filter_free(filter);
}
END_TEST

/* By sort of filter_frames.c: whether the frame is copied whole. */
static const char whole[] = "00000000010000";

static void expect_lengths(const struct wc_kernel_plan *plan, enum wc_link link)
{
	struct frame frame;
	int pair[2], tried = 0;

	ck_assert(attach(pair, plan));
	for (int sort = 0; sort < FILTER_FRAMES; sort++) {
		bool all;
		int size;

		if (!filter_frame(&frame, link, FILTER_BARE, sort))
			continue;
		all = whole[sort] == '1' || sort == 10; /* ICMPv6, and hop-by-hop options */
		frame_append(&frame, 1000);
		size = kernel(pair, &frame);
		ck_assert_msg(size == (all ? (int)frame.size : WC_KERNEL_FITTING),
			      "link %d, sort %d: %d bytes", (int)link, sort, size);
		tried++;
	}
	ck_assert_int_ge(tried, 11);
	detach(pair);
}

START_TEST(as_much_is_copied_as_the_decoder_reads)
{
	struct wc_filter *filter = opened("len > 0", false);

	ck_assert_int_eq(wc_filter_prepare_live(filter, WC_LINK_RAW, DLT_RAW, NULL), 0);
	ck_assert_int_eq(WC_KERNEL_FITTING, 146);
	expect_lengths(
		&(struct wc_kernel_plan){.fitting = WC_KERNEL_FITTING, .link = WC_LINK_ETHERNET},
		WC_LINK_ETHERNET);
	expect_lengths(&(struct wc_kernel_plan){.fitting = WC_KERNEL_FITTING, .link = WC_LINK_RAW},
		       WC_LINK_RAW);
	expect_lengths(&(struct wc_kernel_plan){.fitting = WC_KERNEL_FITTING,
						.link = WC_LINK_ETHERNET,
						.filter = filter},
		       WC_LINK_ETHERNET);
	expect_lengths(&(struct wc_kernel_plan){.fitting = WC_KERNEL_FITTING,
						.link = WC_LINK_RAW,
						.filter = filter},
		       WC_LINK_RAW);
	wc_filter_free(filter);
}
END_TEST

START_TEST(a_given_length_is_for_all_frames)
{
	struct wc_filter *filter = opened("len > 0", false);
	struct wc_kernel_plan plans[] = {
		{.fitting = WC_KERNEL_FITTING, .link = WC_LINK_ETHERNET, .snaplen = 60},
		{.fitting = WC_KERNEL_FITTING,
		 .link = WC_LINK_ETHERNET,
		 .snaplen = 60,
		 .filter = filter},
		{.fitting = WC_KERNEL_FITTING,
		 .link = WC_LINK_ETHERNET,
		 .snaplen = 60,
		 .filter = filter,
		 .here = true},
	};
	struct frame frame;
	int pair[2];

	for (size_t i = 0; i < 3; i++) {
		ck_assert(attach(pair, &plans[i]));
		for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++)
			for (int sort = 0; sort < FILTER_FRAMES; sort++) {
				filter_frame(&frame, WC_LINK_ETHERNET, tags, sort);
				ck_assert_int_eq(kernel(pair, &frame),
						 frame.size < 60 ? (int)frame.size : 60);
			}
		detach(pair);
	}
	wc_filter_free(filter);
}
END_TEST

static void expect_cut(const struct wc_kernel_plan *plan, int pair[2], struct frame *frame)
{
	size_t size = frame->size < 80 ? frame->size : 80;

	for (frame->size = 1; frame->size <= size; frame->size++) {
		struct wc_frame source = filter_source_frame(frame, plan->link);
		bool passes = !plan->filter || wc_filter_pass(plan->filter, &source);

		ck_assert_int_eq(kernel(pair, frame), passes ? (int)frame->size : -1);
		ck_assert(!passes || !plan->filter || wc_filter_pass_tagged(plan->filter, &source));
	}
}

/* A load beyond the end would refuse a malformed frame, which is to be counted. */
START_TEST(no_frame_is_lost_for_being_short)
{
	static const enum wc_link links[] = {WC_LINK_ETHERNET, WC_LINK_RAW};
	struct wc_filter *filters[] = {NULL, opened(NULL, true)};
	struct frame frame;
	int pair[2];

	ck_assert_int_eq(wc_filter_prepare_live(filters[1], WC_LINK_RAW, DLT_RAW, NULL), 0);
	for (size_t i = 0; i < 4; i++) {
		struct wc_kernel_plan plan = {.fitting = WC_KERNEL_FITTING,
					      .link = links[i % 2],
					      .filter = filters[i / 2]};

		ck_assert(attach(pair, &plan));
		for (int sort = 0; sort < FILTER_FRAMES; sort++)
			if (filter_frame(&frame, plan.link, FILTER_BARE, sort))
				expect_cut(&plan, pair, &frame);
		detach(pair);
	}
	wc_filter_free(filters[1]);
}
END_TEST

/* The kernel refuses a loop, so all frames come whole, to be judged here. */
START_TEST(a_program_that_the_kernel_refuses_is_left_out)
{
	struct wc_filter *filter = opened("ip protochain 6", false);
	struct wc_kernel_plan plan = {
		.fitting = WC_KERNEL_FITTING, .link = WC_LINK_ETHERNET, .filter = filter};
	struct frame frame;
	int pair[2];

	ck_assert(!attach(pair, &plan));
	detach(pair);
	plan.here = true;
	ck_assert(attach(pair, &plan));
	for (int sort = 0; sort < FILTER_FRAMES; sort++) {
		filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, sort);
		ck_assert_int_eq(kernel(pair, &frame), (int)frame.size);
	}
	detach(pair);
	wc_filter_free(filter);
}
END_TEST

static bool cooked(const char *expression)
{
	static struct sock_filter code[WC_KERNEL_MAX];
	struct wc_filter *filter = opened(expression, false);
	struct wc_kernel_plan plan = {.fitting = WC_KERNEL_FITTING,
				      .link = WC_LINK_SLL,
				      .cooked = true,
				      .filter = filter};
	bool fits;

	ck_assert_int_eq(wc_filter_prepare_live(filter, WC_LINK_SLL, DLT_LINUX_SLL, NULL), 0);
	fits = wc_kernel_program(code, &plan) != 0;
	wc_filter_free(filter);
	return fits;
}

START_TEST(a_cooked_socket_knows_two_fields_of_the_header)
{
	ck_assert(cooked("tcp port 80"));
	ck_assert(cooked("inbound and arp"));
	ck_assert(cooked("ip6 and ip6[6] = 58"));
	ck_assert(!cooked("link[2:2] = 1"));
	ck_assert(!cooked("len > 100"));
	ck_assert(!cooked("greater 100"));
}
END_TEST

START_TEST(a_program_that_is_too_long_is_not_cut)
{
	static struct sock_filter code[WC_KERNEL_MAX];
	char *expression = calloc(2100, 20), *end = expression;
	struct wc_kernel_plan plan = {.fitting = WC_KERNEL_FITTING, .link = WC_LINK_ETHERNET};

	for (int i = 0; i < 2100; i++)
		end += sprintf(end, "%sip[%d]=%d", i ? " or " : "", 20 + i % 1400, i % 200);
	plan.filter = opened(expression, false);
	ck_assert_int_eq(wc_kernel_program(code, &plan), 0);
	plan.here = true;
	ck_assert_int_eq(wc_kernel_program(code, &plan), 1);
	wc_filter_free(plan.filter);
	free(expression);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filter_kernel");
	TCase *cases = tcase_create("cases");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(cases, kernel_and_filter_agree, 0,
			    2 * sizeof(expressions) / sizeof(expressions[0]));
	tcase_add_test(cases, as_much_is_copied_as_the_decoder_reads);
	tcase_add_test(cases, a_given_length_is_for_all_frames);
	tcase_add_test(cases, no_frame_is_lost_for_being_short);
	tcase_add_test(cases, a_program_that_the_kernel_refuses_is_left_out);
	tcase_add_test(cases, a_cooked_socket_knows_two_fields_of_the_header);
	tcase_add_test(cases, a_program_that_is_too_long_is_not_cut);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
