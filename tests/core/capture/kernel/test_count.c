/*
 * Every stack of headers, every case of decoding, and mixes of them by chance, counted
 * by the program in the kernel and by the decoder: all rows are the same.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "recipe.h"
#include "stacks.h"
#include "suite.h"
#include "twins.h"
#include "wirecensus/options.h"

/* Frames of all sorts: who asks, who answers, and what is neither. */
static const char *const sorts[] = {
	"eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 443 S 7",
	"eth 0800 / ip4 192.0.2.1 198.51.100.9 6 / tcp 443 40000 SA 7",
	"eth 0800 / ip4 192.0.2.1 198.51.100.9 6 / tcp 444 40000 RA 0",
	"eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 443 PA 7 / zeros 100",
	"eth 0800 / ip4 192.0.2.1 198.51.100.9 6 / tcp 8443 40000 SA 7",
	"eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 8443 A 7",
	"eth 0800 / ip4 10.1.2.3 192.0.2.1 6 / tcp 5000 5000 A 7",
	"eth 0800 / ip4 192.0.2.1 192.0.2.2 6 / tcp 5000 5000 FA 7",
	"eth 0800 / ip4 203.0.113.5 203.0.113.4 6 / tcp 7000 7000 A 7",
	"eth 86dd / ip6 2001:db8:f::9 2001:db8::1 6 / tcp 40000 443 SEC 7",
	"eth 86dd / ip6 2001:db8::1 2001:db8:f::9 17 / udp 53 3333",
	"eth 86dd / ip6 fe80::1 2001:db8::2 17 / udp 546 547",
	"eth 0800 / ip4 192.0.2.1 224.0.0.5 89 / zeros 20",
	"eth 0800 / ip4 192.0.2.1 239.1.1.1 17 / udp 1 2",
	"eth 0800 / ip4 198.51.100.9 192.0.2.255 17 / udp 137 137",
	"eth 0800 / ip4 198.51.100.9 255.255.255.255 17 / udp 68 67",
	"eth 0800 / ip4 198.51.100.9 192.0.2.1 1 / icmp 8 0 / zeros 56",
	("eth 0800 / ip4 192.0.2.1 198.51.100.9 1 / icmp 3 3 / quote"
	 " / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 9"),
	("eth 0800 / ip4 192.0.2.1 198.51.100.9 1 / icmp 3 3 / quote"
	 " / ip4 198.51.100.9 192.0.2.1 17 / udp 53 40000"),
	("eth 0800 / ip4 198.51.100.9 192.0.2.1 1 / icmp 3 3 / quote"
	 " / ip4 192.0.2.1 198.51.100.9 17 / udp 137 137"),
	"eth 0800 / ip4 192.0.2.1 198.51.100.9 17 / fragment4 100 1 / zeros 100",
	"eth 8100 / tag 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 9",
	"eth 0806 / zeros 28",
	"eth 88cc / zeros 40",
	"eth 0026 / zeros 38",
	"eth 0800 / zeros 10",
};
#define SORTS (sizeof(sorts) / sizeof(*sorts))

static uint32_t draw(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32);
}

static void feed(struct twins *twins, const char *text, enum wc_origin origin)
{
	struct recipe recipe;

	recipe_build(&recipe, text);
	if (recipe.captured && recipe.captured <= TWINS_FRAME_MAX)
		twins_feed(twins, recipe.frame.bytes, recipe.captured, origin);
}

/* At a socket, by tcx, by XDP. */
#define PLACES 3

/* One stack at a time, so that a difference is named; some at once where it is the same code. */
static void compare_stacks(enum wc_link link, int attach)
{
	struct twins twins = {.rules = {.conversations = 4096, .hosts = 4096},
			      .attach = (enum wc_attach)attach};

	twins_open(&twins, link, NULL, 0);
	for (size_t i = 0; i < stack_count; i++) {
		if (stacks[i].link != link)
			continue;
		feed(&twins, stacks[i].recipe, WC_ORIGIN_RECEIVED);
		feed(&twins, stacks[i].recipe, WC_ORIGIN_OTHER);
		if (attach != WC_ATTACH_SOCKET)
			feed(&twins, stacks[i].recipe, WC_ORIGIN_SENT);
		if (attach == WC_ATTACH_SOCKET || i % 16 == 0)
			twins_compare(&twins, stacks[i].recipe, 1);
	}
	twins_compare(&twins, "the last stacks", 1);
	twins_close(&twins);
}

START_TEST(every_stack_of_headers_on_ethernet)
{
	compare_stacks(WC_LINK_ETHERNET, _i);
}
END_TEST

START_TEST(every_stack_of_headers_on_raw_links)
{
	compare_stacks(WC_LINK_RAW, WC_ATTACH_SOCKET);
}
END_TEST

/* Cut at every byte. */
START_TEST(every_cut)
{
	struct twins twins = {.rules = {.conversations = 4096, .hosts = 4096},
			      .attach = (enum wc_attach)_i};

	twins_open(&twins, WC_LINK_ETHERNET, NULL, 0);
	for (size_t i = 0; i < SORTS; i++) {
		struct recipe recipe;

		recipe_build(&recipe, sorts[i]);
		for (size_t size = 1; size <= recipe.captured; size++)
			twins_feed(&twins, recipe.frame.bytes, size, WC_ORIGIN_RECEIVED);
		twins_compare(&twins, sorts[i], 1);
	}
	twins_close(&twins);
}
END_TEST

/* Some bytes of a frame are changed: headers that contradict themselves, and other hosts. */
static void feed_mutant(struct twins *twins)
{
	struct recipe recipe;
	size_t size;

	recipe_build(&recipe, sorts[draw() % SORTS]);
	size = recipe.captured;
	for (uint32_t changes = draw() % 3; changes; changes--)
		recipe.frame.bytes[draw() % (size < 60 ? size : 60)] ^= (uint8_t)(1 << draw() % 8);
	if (draw() % 16 == 0)
		size = 1 + draw() % size;
	twins_feed(twins, recipe.frame.bytes, size,
		   draw() % 4 ? WC_ORIGIN_RECEIVED : WC_ORIGIN_OTHER);
}

static const struct wc_rules mixes[] = {
	{.conversations = 65536, .hosts = 65536, .scan.threshold = 20},
	{.conversations = 65536, .hosts = 65536, .five_tuple = true, .scan.threshold = 20},
	{.conversations = 65536, .hosts = 65536, .fold_internet = true, .scan.threshold = 5},
	{.conversations = 65536, .hosts = 65536, .scan = {WC_SCAN_PLAIN, 20}},
	{.conversations = 65536},
	{.hosts = 65536, .scan.threshold = 20},
	{.conversations = 0},
};

/* Rules by rules, everywhere; at a socket with slices that processors share, too. */
START_TEST(mixes_by_chance)
{
	for (unsigned processors = 0; processors <= (_i % PLACES ? 0 : 64); processors += 64) {
		struct twins twins = {.rules = mixes[_i / PLACES],
				      .attach = (enum wc_attach)(_i % PLACES)};

		twins_open(&twins, WC_LINK_ETHERNET, NULL, processors);
		for (int interval = 0; interval < 4; interval++) {
			for (int i = 0; i < 2000; i++)
				feed_mutant(&twins);
			twins_compare(&twins, "a mix", 10);
		}
		twins_close(&twins);
	}
}
END_TEST

/* As many as a chain may have are stepped over, and one more is too many. */
START_TEST(chains_of_extension_headers)
{
	struct twins twins = {.rules = {.conversations = 16, .hosts = 16},
			      .attach = (enum wc_attach)_i};
	static const unsigned lengths[] = {1, 2, 16, 17, 255, 256, 257};
	uint8_t frame[14 + 40 + 8 * 257 + 20] = {0};
	char name[64];

	frame[12] = 0x86;
	frame[13] = 0xdd;
	frame[14] = 0x60;
	frame[14 + 23] = 1;    /* from ::1 */
	frame[14 + 39] = 0x80; /* to ::80 */
	twins_open(&twins, WC_LINK_ETHERNET, NULL, 0);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		uint8_t *last = frame + 14 + 40 + 8 * (lengths[i] - 1);

		frame[14 + 6] = 60;
		for (unsigned header = 0; header < lengths[i]; header++)
			frame[14 + 40 + 8 * header] = 60;
		*last = 17;
		last[8 + 3] = 53; /* to port 53 */
		snprintf(name, sizeof(name), "%u headers", lengths[i]);
		twins_feed(&twins, frame, (size_t)(last + 16 - frame), WC_ORIGIN_RECEIVED);
		twins_feed(&twins, frame, (size_t)(last + 11 - frame), WC_ORIGIN_RECEIVED);
		twins_feed(&twins, frame, (size_t)(last + 7 - frame), WC_ORIGIN_RECEIVED);
		last[8 + 3] = 0;
		twins_compare(&twins, name, 1);
	}
	twins_close(&twins);
	ck_assert_uint_eq(twins.handed_over, 0);
}
END_TEST

/* More hosts and conversations than there is room for. */
START_TEST(tables_that_are_full)
{
	for (unsigned processors = 0; processors <= 64; processors += 64) {
		struct twins twins = {.rules = {.conversations = 8, .hosts = 8, .five_tuple = true},
				      .attach = (enum wc_attach)_i};

		twins_open(&twins, WC_LINK_ETHERNET, NULL, processors);
		for (int interval = 0; interval < 2; interval++) {
			for (int i = 0; i < 2000; i++) {
				char text[128];

				snprintf(text, sizeof(text),
					 "eth 0800 / ip4 198.51.%u.%u 192.0.2.1 6 / tcp %u 443 S 7",
					 draw() % 100, draw() % 250, 1024 + draw() % 60000);
				feed(&twins, text, WC_ORIGIN_RECEIVED);
			}
			twins_overflow(&twins, 10);
		}
		twins_close(&twins);
	}
}
END_TEST

/* All frames come by one processor of four, and find room as if it were the only one. */
START_TEST(small_tables_on_one_processor)
{
	struct twins twins = {.rules = {.conversations = 1024, .hosts = 1024}};

	twins_open(&twins, WC_LINK_ETHERNET, NULL, 4);
	for (int i = 0; i < 400; i++) {
		char text[128];

		snprintf(text, sizeof(text),
			 "eth 0800 / ip4 198.51.%d.%d 192.0.2.1 6 / tcp 9 443 S 7", i / 200,
			 i % 200 + 1);
		feed(&twins, text, WC_ORIGIN_RECEIVED);
	}
	twins_compare(&twins, "one processor", 1);
	twins_close(&twins);
}
END_TEST

/* More than there is room for, one after the other: those that are idle make room. */
START_TEST(idle_rows_are_used_again)
{
	for (unsigned processors = 0; processors <= 64; processors += 64) {
		struct twins twins = {
			.rules = {.conversations = 1024, .hosts = 1024, .idle_s = 10}};

		twins_open(&twins, WC_LINK_ETHERNET, NULL, processors);
		for (int interval = 0; interval < 40; interval++) {
			for (int i = 0; i < 40; i++) {
				char text[128];

				snprintf(text, sizeof(text),
					 "eth 0800 / ip4 %u.%u.%u.9 192.0.2.1 6 / tcp 9 443 S 7",
					 draw() % 80 + 11, draw() % 256, draw() % 256);
				feed(&twins, text, WC_ORIGIN_RECEIVED);
			}
			twins_compare(&twins, "an interval", 10);
		}
		twins_close(&twins);
	}
}
END_TEST

/* What the kernel merged counts as what was on the wire: all but the last are full. */
static void compare_merged(const char *headers, size_t payload, size_t segment, bool told)
{
	struct twins twins = {.rules = {.conversations = 16, .hosts = 16}};
	struct wc_frame parts[4];
	struct recipe whole[1], part[4];
	char text[256];
	size_t count = 0;

	snprintf(text, sizeof(text), "%s / zeros %zu", headers, payload);
	recipe_build(whole, text);
	for (size_t left = payload; left; count++) {
		size_t size = left < segment ? left : segment;

		snprintf(text, sizeof(text), "%s / zeros %zu", headers, size);
		recipe_build(&part[count], text);
		parts[count] = (struct wc_frame){
			.bytes = part[count].frame.bytes,
			.captured = part[count].captured,
			.length = part[count].captured,
			.link = WC_LINK_ETHERNET,
			.origin = WC_ORIGIN_RECEIVED,
		};
		left -= size;
	}
	twins_open(&twins, WC_LINK_ETHERNET, NULL, 0);
	twins_feed_merged(&twins, whole->frame.bytes, whole->captured, told ? (uint32_t)count : 0,
			  (uint32_t)segment, parts, count);
	twins_compare(&twins, headers, 1);
	twins_close(&twins);
}

START_TEST(merged_frames_count_as_on_the_wire)
{
	static const char *const headers[] = {
		"eth 0800 / ip4 198.51.100.9 192.0.2.1 6 / tcp 40000 443 A 7",
		"eth 0800 / ip4 198.51.100.9 192.0.2.1 17 / udp 40000 443",
		"eth 86dd / ip6 2001:db8:f::9 2001:db8::1 6 / tcp 40000 443 A 7",
	};

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		compare_merged(headers[i], 1000, 300, true);
		compare_merged(headers[i], 1000, 300, false);
		compare_merged(headers[i], 900, 300, false);
		compare_merged(headers[i], 300, 300, true);
	}
}
END_TEST

int main(void)
{
	const TTest *const everywhere[] = {every_stack_of_headers_on_ethernet, every_cut,
					   chains_of_extension_headers, tables_that_are_full, NULL};
	Suite *suite = suite_create("count");
	TCase *group = tcase_create("count");
	SRunner *runner;
	int failed;

	twins_need();
	for (size_t i = 0; everywhere[i]; i++)
		tcase_add_loop_test(group, everywhere[i], 0, PLACES);
	tcase_add_loop_test(group, mixes_by_chance, 0, PLACES * sizeof(mixes) / sizeof(*mixes));
	tcase_add_test(group, every_stack_of_headers_on_raw_links);
	tcase_add_test(group, small_tables_on_one_processor);
	tcase_add_test(group, idle_rows_are_used_again);
	tcase_add_test(group, merged_frames_count_as_on_the_wire);
	tcase_set_timeout(group, 300);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
