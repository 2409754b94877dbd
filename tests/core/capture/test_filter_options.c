/* A filter by options: no local sources, one destination. */
#include <check.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "cursor.h"
#include "filter.h"
#include "filter_frames.h"
#include "filter_opened.h"
#include "link.h"

/* By sort of filter_frames.c: what remains without local sources, and to an address. */
static const char excluded[] = "11001011001111";
static const char to_ipv4[] = "10100001111111"; /* 198.51.100.1 */
static const char to_ipv6[] = "11111111100111"; /* 2001:db8::2 */
static const char both[] = "10000001001111";    /* and no local sources, to 198.51.100.1 */

/* Which of all frames one is. */
struct which {
	enum wc_link link;
	int dlt;
	enum filter_tags tags;
	int sort;
};

/* What is expected of @filter and one frame. */
typedef void expectation(struct wc_filter *filter, const struct which *which,
			 const struct frame *frame, const void *user);

/* Prepares @filter for each link, and expects it of each frame that there is; then frees it. */
static void expect_of_all(struct wc_filter *filter, expectation *expected, const void *user)
{
	struct which which;
	struct frame frame;

	for (int i = 0; i < FILTER_LINKS; i++) {
		which.link = filter_links[i].link;
		which.dlt = filter_links[i].dlt;
		ck_assert_int_eq(wc_filter_prepare(filter, which.link, which.dlt, NULL), 0);
		for (which.tags = 0; which.tags < FILTER_TAGS_COUNT; which.tags++)
			for (which.sort = 0; which.sort < FILTER_FRAMES; which.sort++)
				if (filter_frame(&frame, which.link, which.tags, which.sort))
					expected(filter, &which, &frame, user);
	}
	wc_filter_free(filter);
}

static void expect_pass(struct wc_filter *filter, const struct which *which,
			const struct frame *frame, const void *user)
{
	struct wc_frame source = filter_source_frame(frame, which->link);
	const char *passes = user;

	ck_assert_msg(wc_filter_pass(filter, &source) == (passes[which->sort] == '1'),
		      "\"%s\", link type %d, tags %d, sort %d", wc_filter_text(filter), which->dlt,
		      (int)which->tags, which->sort);
}

static void expect(struct wc_filter *filter, const char *passes)
{
	expect_of_all(filter, expect_pass, passes);
}

START_TEST(options_drop_local_sources_and_other_destinations)
{
	expect(filter_opened(NULL, true, NULL), excluded);
	expect(filter_opened(NULL, false, "198.51.100.1"), to_ipv4);
	expect(filter_opened(NULL, false, "2001:db8::2"), to_ipv6);
	expect(filter_opened(" \t", true, "198.51.100.1"), both);
}
END_TEST

START_TEST(options_see_no_tags_even_where_the_filter_does)
{
	struct wc_filter *filter = filter_opened("vlan 10", true, NULL);
	struct frame frame;

	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_ETHERNET, DLT_EN10MB, NULL), 0);
	for (int sort = 0; sort < FILTER_FRAMES; sort++) {
		struct wc_frame source;

		filter_frame(&frame, WC_LINK_ETHERNET, FILTER_VLAN, sort);
		source = filter_source_frame(&frame, WC_LINK_ETHERNET);
		ck_assert_int_eq(wc_filter_pass(filter, &source), excluded[sort] == '1');
		filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, sort);
		source = filter_source_frame(&frame, WC_LINK_ETHERNET);
		ck_assert(!wc_filter_pass(filter, &source));
	}
	wc_filter_free(filter);
}
END_TEST

/* Joined as text, the second part would be looked for behind the label. */
START_TEST(a_word_that_moves_offsets_does_not_move_those_of_the_options)
{
	struct wc_filter *filter = filter_opened("not mpls", true, NULL);
	struct frame frame;
	struct wc_frame source;

	ck_assert_str_eq(wc_filter_text(filter) + strlen(wc_filter_text(filter)) - 10,
			 "fe80::/10)");
	ck_assert_int_eq(strncmp(wc_filter_text(filter), "(not mpls) and not (ip src net", 30), 0);
	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_ETHERNET, DLT_EN10MB, NULL), 0);
	for (int sort = 0; sort < FILTER_FRAMES; sort++) {
		filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, sort);
		source = filter_source_frame(&frame, WC_LINK_ETHERNET);
		ck_assert_int_eq(wc_filter_pass(filter, &source),
				 excluded[sort] == '1' && sort != 12);
	}
	wc_filter_free(filter);
}
END_TEST

/* Returns how many bytes of the frame have to be there to tell its addresses, if it has any. */
static size_t addresses_end(const struct wc_frame *frame)
{
	struct wc_cursor cursor = {frame->bytes, frame->bytes + frame->captured};
	int type = wc_link_step(&cursor, (enum wc_link)frame->link);
	size_t header = type == 0x0800 ? 20 : type == 0x86dd ? 40 : 0;

	return (size_t)(cursor.at - frame->bytes) + header;
}

static void expect_cut(struct wc_filter *filter, const struct which *which,
		       const struct frame *frame, const void *unused)
{
	struct wc_frame source = filter_source_frame(frame, which->link);
	size_t end = addresses_end(&source);
	bool whole = wc_filter_pass(filter, &source);

	(void)unused;
	for (uint32_t size = 0; size <= frame->size; size++) {
		source.captured = size;
		ck_assert_msg(wc_filter_pass(filter, &source) == (whole || size < end),
			      "\"%s\", link type %d, tags %d, sort %d, %u bytes",
			      wc_filter_text(filter), which->dlt, (int)which->tags, which->sort,
			      size);
	}
}

/* It is malformed, and none of what the options leave out. */
START_TEST(a_frame_without_all_of_its_addresses_passes)
{
	static const char *const to[] = {NULL, "198.51.100.1", "2001:db8::2"};

	expect_of_all(filter_opened(NULL, to[_i] == NULL, to[_i]), expect_cut, NULL);
}
END_TEST

START_TEST(an_expression_is_asked_about_it_all_the_same)
{
	struct wc_filter *filter = filter_opened("ip src host 192.0.2.1", true, NULL);
	struct frame frame;
	struct wc_frame source;

	ck_assert_int_eq(wc_filter_prepare(filter, WC_LINK_ETHERNET, DLT_EN10MB, NULL), 0);
	filter_frame(&frame, WC_LINK_ETHERNET, FILTER_BARE, 0);
	for (frame.size = 0; frame.size < 40; frame.size++) {
		source = filter_source_frame(&frame, WC_LINK_ETHERNET);
		ck_assert_int_eq(wc_filter_pass(filter, &source), frame.size >= 30);
	}
	wc_filter_free(filter);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filter_options");
	TCase *cases = tcase_create("cases");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(cases, options_drop_local_sources_and_other_destinations);
	tcase_add_test(cases, options_see_no_tags_even_where_the_filter_does);
	tcase_add_test(cases, a_word_that_moves_offsets_does_not_move_those_of_the_options);
	tcase_add_loop_test(cases, a_frame_without_all_of_its_addresses_passes, 0, 3);
	tcase_add_test(cases, an_expression_is_asked_about_it_all_the_same);
	tcase_set_timeout(cases, 120);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
