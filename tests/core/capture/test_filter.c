#include <check.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "filter_expression.h"
#include "filter_frames.h"
#include "filter_opened.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* Without the word vlan: seen without tags. */
static const char *const plain[] = {
	"ip",
	"ip6",
	"arp",
	"not arp",
	"tcp",
	"udp",
	"icmp or icmp6",
	"tcp port 80",
	"port 53",
	"not port 53",
	"udp portrange 5000-6000",
	"host 192.0.2.1",
	"src host 192.0.2.1 and not dst port 80",
	"dst host 2001:db8::2",
	"src net 10.0.0.0/8",
	"ip6 src net fe80::/10",
	"net 192.168.0.0/16",
	"ip proto 47",
	"ip6 proto 0",
	"tcp[13] & 2 != 0",
	"tcp[tcpflags] == tcp-syn",
	"greater 200",
	"less 100",
	"len > 100 and ip",
	"ip[8] = 64",
	"(tcp or udp) and (port 80 or port 53)",
	"ip protochain 6",
	"ip6 protochain 6",
	"udp[200] = 0",
};

/* With it: seen as they are. */
static const char *const tagged[] = {
	"vlan",
	"not vlan",
	"vlan 10",
	"vlan 20",
	"vlan 10 and vlan 20",
	"vlan and ip",
	"vlan or ip",
	"tcp port 80 or vlan 10",
	"(vlan and tcp port 80) or udp",
	"vlan 10 and not tcp",
};

/* libpcap's own verdict, from a program compiled here; -1 if there is none for the link. */
static int verdict(const char *expression, int dlt, const struct frame *frame)
{
	struct pcap_pkthdr header = {.caplen = (unsigned)frame->size, .len = (unsigned)frame->size};
	pcap_t *pcap = pcap_open_dead(dlt, 262144);
	struct bpf_program program;
	int result = -1;

	if (pcap_compile(pcap, &program, expression, 0, PCAP_NETMASK_UNKNOWN) == 0) {
		result = pcap_offline_filter(&program, &header, frame->bytes) != 0;
		pcap_freecode(&program);
	}
	pcap_close(pcap);
	return result;
}

static void compare(const char *expression, bool as_it_is, int i)
{
	struct wc_filter *filter = filter_opened(expression, false, NULL);
	struct frame frame, bare;
	struct wc_error error;

	for (enum filter_tags tags = 0; tags < FILTER_TAGS_COUNT; tags++) {
		for (int sort = 0; sort < FILTER_FRAMES; sort++) {
			struct wc_frame source;
			int expected;

			if (!filter_frame(&frame, filter_links[i].link, tags, sort))
				continue;
			filter_frame(&bare, filter_links[i].link, FILTER_BARE, sort);
			expected =
				verdict(expression, filter_links[i].dlt, as_it_is ? &frame : &bare);
			if (expected < 0)
				continue;
			ck_assert_msg(wc_filter_prepare(filter, filter_links[i].link,
							filter_links[i].dlt, &error) == 0,
				      "%s", error.text);
			source = filter_source_frame(&frame, filter_links[i].link);
			ck_assert_msg(wc_filter_pass(filter, &source) == expected,
				      "\"%s\", link type %d, tags %d, sort %d: not %d", expression,
				      filter_links[i].dlt, (int)tags, sort, expected);
			source.origin = WC_ORIGIN_RECEIVED;
			ck_assert_int_eq(wc_filter_pass_tagged(filter, &source),
					 tags == FILTER_BARE ? true : expected);
		}
	}
	wc_filter_free(filter);
}

START_TEST(without_the_word_vlan_tags_are_not_seen)
{
	for (int i = 0; i < FILTER_LINKS; i++)
		compare(plain[_i], false, i);
}
END_TEST

START_TEST(with_the_word_vlan_frames_are_seen_as_they_are)
{
	for (int i = 0; i < FILTER_LINKS; i++)
		compare(tagged[_i], true, i);
}
END_TEST

START_TEST(four_tags_are_removed_and_a_fifth_is_an_ethertype)
{
	struct wc_filter *filter = filter_opened("ether proto 0x8100", false, NULL);
	struct frame frame;
	struct wc_frame source;

	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_ETHERNET, DLT_EN10MB, NULL), 0);
	for (int tags = 1; tags <= 5; tags++) {
		frame_start(&frame);
		frame_ethernet(&frame, 0x8100);
		for (int tag = 1; tag <= tags; tag++)
			frame_tag(&frame, 7, tag < tags ? 0x8100 : 0x0800);
		frame_append(&frame, 60);
		source = filter_source_frame(&frame, WC_LINK_ETHERNET);
		ck_assert_int_eq(wc_filter_pass(filter, &source), tags == 5);
	}
	wc_filter_free(filter);
}
END_TEST

START_TEST(a_cut_frame_is_judged_as_libpcap_judges_it)
{
	static const char *const expressions[] = {"ip", "not ip", "vlan", "not vlan",
						  "ether proto 0x8100"};

	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		struct wc_filter *filter = filter_opened(expressions[i], false, NULL);
		struct frame frame;

		ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_ETHERNET, DLT_EN10MB, NULL), 0);
		/* Cut within the tag or before: there is nothing to remove. */
		for (size_t size = 0; size < 18; size++) {
			struct wc_frame source;

			filter_frame(&frame, WC_LINK_ETHERNET, FILTER_VLAN, 0);
			frame.size = size;
			source = filter_source_frame(&frame, WC_LINK_ETHERNET);
			ck_assert_int_eq(wc_filter_pass(filter, &source),
					 verdict(expressions[i], DLT_EN10MB, &frame));
			ck_assert_int_eq(wc_filter_pass_tagged(filter, &source),
					 verdict(expressions[i], DLT_EN10MB, &frame));
		}
		wc_filter_free(filter);
	}
}
END_TEST

START_TEST(bsd_loopback_is_read_in_both_byte_orders_and_all_dialects)
{
	static const struct {
		uint8_t family[4];
		bool ip, ip6;
	} rows[] = {
		{{2, 0, 0, 0}, true, false},  {{0, 0, 0, 2}, true, false},
		{{10, 0, 0, 0}, false, true}, {{0, 0, 0, 24}, false, true},
		{{28, 0, 0, 0}, false, true}, {{0, 0, 0, 30}, false, true},
		{{7, 0, 0, 0}, false, false},
	};
	struct wc_filter *ip = filter_opened("ip", false, NULL),
			 *ip6 = filter_opened("ip6", false, NULL);
	struct frame frame;
	struct wc_frame source;

	ck_assert_int_eq(wc_filter_prepare(ip, WC_LINK_NULL, DLT_LOOP, NULL), 0);
	ck_assert_int_eq(wc_filter_prepare(ip6, WC_LINK_NULL, DLT_LOOP, NULL), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		filter_frame(&frame, WC_LINK_NULL, FILTER_BARE, rows[i].ip6 ? 7 : 0);
		memcpy(frame.bytes, rows[i].family, 4);
		source = filter_source_frame(&frame, WC_LINK_NULL);
		ck_assert_int_eq(wc_filter_pass(ip, &source), rows[i].ip);
		ck_assert_int_eq(wc_filter_pass(ip6, &source), rows[i].ip6);
		ck_assert_mem_eq(frame.bytes, rows[i].family, 4);
	}
	wc_filter_free(ip);
	wc_filter_free(ip6);
}
END_TEST

START_TEST(the_word_vlan_is_a_word)
{
	static const char *const with[] = {"vlan",         "not vlan 5",
					   "(vlan)",       "ip or(vlan&&tcp)",
					   "vlan\tand ip", "host vlan-1 and vlan"};
	static const char *const without[] = {"",
					      "host vlan-1",
					      "host vlan.example",
					      "host my-vlan",
					      "host vlans",
					      "host \\vlan",
					      "avlan"};

	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		ck_assert_msg(wc_expression_says_vlan(with[i]), "%s", with[i]);
	for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
		ck_assert_msg(!wc_expression_says_vlan(without[i]), "%s", without[i]);
}
END_TEST

START_TEST(no_options_make_no_filter)
{
	ck_assert_ptr_null(filter_opened(NULL, false, NULL));
	ck_assert_ptr_null(filter_opened("", false, NULL));
	ck_assert_ptr_null(filter_opened(" \n", false, NULL));
}
END_TEST

START_TEST(a_wrong_expression_is_quoted_with_the_reason)
{
	static const char *const wrong[] = {"tcp prot 80", "tcp) or (udp", "ip and arp",
					    "ip broadcast", "port 70000"};
	static const char *const words[] = {"syntax error", "syntax error",
					    "expression rejects all packets", "netmask not known",
					    "illegal port number 70000 > 65535"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct wc_options options = {0};
		struct wc_filter *filter;
		struct wc_error error = {""};

		options.filter = (char *)(uintptr_t)wrong[i];
		ck_assert_int_eq(wc_filter_open(&filter, &options, &error), WC_INVALID);
		ck_assert_ptr_null(filter);
		ck_assert_msg(strstr(error.text, wrong[i]) && strstr(error.text, words[i]) &&
				      strstr(error.text, "pcap-filter(7)"),
			      "%s", error.text);
	}
}
END_TEST

START_TEST(an_expression_may_be_for_some_links_only)
{
	struct wc_filter *filter = filter_opened("ether host 02:00:00:00:00:01", false, NULL);
	struct wc_error error;

	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_ETHERNET, DLT_EN10MB, &error), 0);
	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_RAW, 101, &error), WC_INVALID);
	ck_assert_msg(strstr(error.text, "link type 101 (RAW)"), "%s", error.text);
	wc_filter_free(filter);
}
END_TEST

START_TEST(what_no_frame_of_a_link_can_be_is_refused_there)
{
	struct wc_filter *filter = filter_opened("arp", false, NULL);
	struct frame frame;
	struct wc_frame source;

	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_RAW4, DLT_IPV4, NULL), 0);
	filter_frame(&frame, WC_LINK_RAW4, FILTER_BARE, 0);
	source = filter_source_frame(&frame, WC_LINK_RAW4);
	ck_assert(!wc_filter_pass(filter, &source));
	wc_filter_free(filter);
}
END_TEST

START_TEST(a_file_does_not_tell_which_way_frames_went)
{
	struct wc_filter *filter = filter_opened("outbound and tcp", false, NULL);
	struct frame frame;
	struct wc_frame source;
	struct wc_error error;

	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_ETHERNET, DLT_EN10MB, &error),
			 WC_INVALID);
	ck_assert_msg(strstr(error.text, "inbound, outbound"), "%s", error.text);
	ck_assert_int_eq(wc_filter_prepare_live(filter, WC_LINK_ETHERNET, DLT_EN10MB, &error), 0);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_VLAN, 0);
	source = filter_source_frame(&frame, WC_LINK_ETHERNET);
	source.origin = WC_ORIGIN_SENT;
	ck_assert(wc_filter_pass(filter, &source));
	source.origin = WC_ORIGIN_RECEIVED;
	ck_assert(!wc_filter_pass(filter, &source));
	wc_filter_free(filter);
	filter = filter_opened("ifindex 3", false, NULL);
	ck_assert_int_eq(wc_filter_prepare_live(filter, WC_LINK_ETHERNET, DLT_EN10MB, &error),
			 WC_INVALID);
	ck_assert_msg(strstr(error.text, "ifindex"), "%s", error.text);
	wc_filter_free(filter);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filter");
	TCase *verdicts = tcase_create("verdicts"), *texts = tcase_create("texts");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(verdicts, without_the_word_vlan_tags_are_not_seen, 0,
			    sizeof(plain) / sizeof(plain[0]));
	tcase_add_loop_test(verdicts, with_the_word_vlan_frames_are_seen_as_they_are, 0,
			    sizeof(tagged) / sizeof(tagged[0]));
	tcase_add_test(verdicts, four_tags_are_removed_and_a_fifth_is_an_ethertype);
	tcase_add_test(verdicts, a_cut_frame_is_judged_as_libpcap_judges_it);
	tcase_add_test(verdicts, bsd_loopback_is_read_in_both_byte_orders_and_all_dialects);
	tcase_add_test(verdicts, what_no_frame_of_a_link_can_be_is_refused_there);
	tcase_add_test(verdicts, a_file_does_not_tell_which_way_frames_went);
	tcase_add_test(texts, the_word_vlan_is_a_word);
	tcase_add_test(texts, no_options_make_no_filter);
	tcase_add_test(texts, a_wrong_expression_is_quoted_with_the_reason);
	tcase_add_test(texts, an_expression_may_be_for_some_links_only);
	suite_add_tcase(suite, verdicts);
	suite_add_tcase(suite, texts);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
