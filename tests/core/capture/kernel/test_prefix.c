/*
 * Expressions of pcap-filter(7) in front of the program, frame by frame against
 * libpcap's own machine, which the decoder's frames pass.
 */
#include <check.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "filter_frames.h"
#include "frames.h"
#include "program.h"
#include "twins.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static const char *const expressions[] = {
	"ip",
	"ip6",
	"not arp",
	"tcp",
	"udp or icmp or icmp6",
	"tcp port 80",
	"not port 53",
	"udp portrange 5000-6000",
	"host 192.0.2.1",
	"src host 192.0.2.1 and not dst port 80",
	"dst host 2001:db8::2",
	"src net 10.0.0.0/8",
	"ip6 src net fe80::/10",
	"not net 192.168.0.0/16 and not port 22",
	"ip proto 47",
	"tcp[13] & 2 != 0",
	"tcp[tcpflags] == tcp-syn",
	"tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420",
	"greater 200",
	"less 100",
	"len > 100 and ip",
	"ip[8] = 64",
	"ip[ip[8] - 70:1] < 255",
	"ip[0] / (ip[1] + 1) > 3",
	"ip[0] / ip[1] > 3",
	"ip[0] % ip[6] = 3",
	"(ip[0] << ip[8]) = 0",
	"(ip[2:2] >> ip[9]) = 0",
	"ip[2:2] * ip[8] - ip[9] > 1000",
	"(ip[8] ^ ip[9]) | 1 != 0",
	"udp[200] = 0",
	"ether multicast",
	"ether[0] & 1 = 0 and ether proto 0x0806",
	"ether host 02:00:00:00:00:01",
	"vlan",
	"not vlan",
	"vlan 10 and vlan 20",
	"tcp port 80 or vlan 10",
	"mpls",
	"inbound",
	"outbound",
};
#define EXPRESSIONS (int)(sizeof(expressions) / sizeof(*expressions))

static struct wc_filter *opened(const struct wc_options *options, bool live)
{
	struct wc_filter *filter = NULL;
	struct wc_error error = {""};

	ck_assert_msg(wc_filter_open(&filter, options, &error) == 0, "%s", error.text);
	ck_assert_msg((live ? wc_filter_prepare_live : wc_filter_prepare)(filter, WC_LINK_ETHERNET,
									  DLT_EN10MB, &error) == 0,
		      "%s", error.text);
	return filter;
}

/* Every frame of every sort with every tag, whole and cut. */
static void feed_all(struct twins *twins)
{
	struct frame frame;

	for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++)
		for (int sort = 0; sort < FILTER_FRAMES; sort++) {
			if (!filter_frame(&frame, WC_LINK_ETHERNET, tags, sort))
				continue;
			twins_feed(twins, frame.bytes, frame.size, WC_ORIGIN_RECEIVED);
			for (size_t size = 1; size < frame.size && size < 64; size += 3)
				twins_feed(twins, frame.bytes, size, WC_ORIGIN_RECEIVED);
		}
}

static void compare(const struct wc_options *options, const char *name)
{
	struct twins twins = {.rules = {.conversations = 4096, .hosts = 4096}};
	struct wc_filter *filter = opened(options, true);

	twins_open(&twins, WC_LINK_ETHERNET, filter, 0);
	feed_all(&twins);
	twins_compare(&twins, name, 10);
	twins_close(&twins);
	wc_filter_free(filter);
}

START_TEST(what_libpcap_lets_pass_is_counted)
{
	struct wc_options options = {.filter = (char *)(uintptr_t)expressions[_i]};

	compare(&options, expressions[_i]);
}
END_TEST

START_TEST(with_our_own_part_of_the_filter)
{
	struct wc_options options = {.exclude_local_sources = true,
				     .filter = (char *)(uintptr_t) "not port 53"};

	ck_assert_int_eq(wc_address_parse(&options.to, "198.51.100.1", NULL), 0);
	compare(&options, "exclude_local_sources and to");
}
END_TEST

START_TEST(with_our_own_part_alone)
{
	struct wc_options options = {.exclude_local_sources = true};

	compare(&options, "exclude_local_sources");
}
END_TEST

START_TEST(a_filter_with_a_loop_is_refused_with_a_reason)
{
	struct wc_options options = {.filter = (char *)(uintptr_t) "ip protochain 6"};
	struct wc_filter *filter = opened(&options, false);
	const struct wc_rules rules = {.conversations = 16};
	const struct wc_kernel_setup setup = {.rules = &rules, .filter = filter};
	struct wc_kernel_program *program = NULL;
	struct wc_error error = {""};

	ck_assert_int_eq(wc_kernel_program_open(&program, &setup, &error), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "'ip protochain 6' cannot run"));
	wc_filter_free(filter);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("prefix");
	TCase *group = tcase_create("prefix");
	SRunner *runner;
	int failed;

	twins_need();
	tcase_add_loop_test(group, what_libpcap_lets_pass_is_counted, 0, EXPRESSIONS);
	tcase_add_test(group, with_our_own_part_of_the_filter);
	tcase_add_test(group, with_our_own_part_alone);
	tcase_add_test(group, a_filter_with_a_loop_is_refused_with_a_reason);
	tcase_set_timeout(group, 300);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
