/* The payload filter: offsets, tags, and frames that are too short. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "frames.h"
#include "link.h"
#include "match.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static struct wc_error error;

static struct wc_match *open_match(const char *match, const char *no_match, uint64_t offset)
{
	struct wc_options options = {0};
	struct wc_match *made = NULL;

	options.match = match ? strdup(match) : NULL;
	options.no_match = no_match ? strdup(no_match) : NULL;
	options.payload_offset = offset;
	ck_assert_msg(wc_match_open(&made, &options, &error) == WC_OK, "%s", error.text);
	free(options.match);
	free(options.no_match);
	return made;
}

static bool passes(const struct wc_match *match, const uint8_t *bytes, size_t size,
		   enum wc_link link)
{
	/* Of its very size, so that a sanitizer sees any byte read beyond it. */
	uint8_t *exact = malloc(size + !size);
	struct wc_frame frame = {
		.bytes = exact, .captured = (uint32_t)size, .length = 1514, .link = (uint8_t)link};
	bool pass;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, bytes, size);
	pass = wc_match_pass(match, &frame);
	free(exact);
	return pass;
}

/* Whether an Ethernet frame of UDP with this payload, behind 42 bytes of headers, is counted. */
static bool counted(const char *match, const char *no_match, uint64_t offset, const char *payload,
		    size_t size)
{
	struct wc_match *made = open_match(match, no_match, offset);
	struct frame frame;
	bool pass;

	frame_start(&frame);
	frame_ethernet(&frame, 0x0800);
	frame_ipv4(&frame, "192.0.2.1", "192.0.2.2", 17);
	frame_udp(&frame, 1000, 53);
	memcpy(frame_append(&frame, size), payload, size);
	frame_finish(&frame);
	ck_assert_uint_eq(frame.size, 42 + size);
	pass = passes(made, frame.bytes, frame.size, WC_LINK_ETHERNET);
	wc_match_free(made);
	return pass;
}

START_TEST(test_window)
{
	/* An 18-byte window from 42 on, and a needle of ten. */
	static const struct {
		const char *payload;
		bool counted;
	} cases[] = {{"xxSOMEdomainxx    ", true},
		     {"nothing           ", false},
		     {"        somedomain", true},
		     {"         somedomai", false}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ck_assert(counted("SomeDomain", NULL, 42, cases[i].payload, 18) ==
			  cases[i].counted);
	/* What begins before the offset is not looked at. */
	ck_assert(counted("SomeDomain", NULL, 44, "xxsomedomain", 12));
	ck_assert(!counted("SomeDomain", NULL, 45, "xxsomedomain", 12));
}
END_TEST

START_TEST(test_both)
{
	ck_assert(counted(NULL, "zzz", 42, "xxabcxx", 7));
	ck_assert(!counted(NULL, "zzz", 42, "xxZZZ", 5));
	ck_assert(counted("abc", "zzz", 42, "xxabcxx", 7));
	ck_assert(!counted("abc", "zzz", 42, "abczzz", 6));
	ck_assert(!counted("abc", "zzz", 42, "nothing", 7));
	ck_assert(!counted("abc", "abc", 42, "abc", 3));
}
END_TEST

START_TEST(test_binary)
{
	ck_assert(counted("somedomain", NULL, 42, "x\0somedomain", 12));
	ck_assert(counted("x\\x00some", NULL, 42, "x\0somedomain", 12));
	ck_assert(!counted("x\\x01some", NULL, 42, "x\0somedomain", 12));
	/* The header can be asked for, too: UDP to port 53. */
	ck_assert(counted("\\x00\\x35", NULL, 36, "", 0));
}
END_TEST

START_TEST(test_short_frames)
{
	static const uint8_t none[1];
	struct wc_match *wanted = open_match("a", NULL, 65535);
	struct wc_match *avoided = open_match(NULL, "a", 65535);

	ck_assert(!counted("a", NULL, 45, "aaa", 3));
	ck_assert(counted("a", NULL, 44, "aaa", 3));
	ck_assert(counted(NULL, "a", 45, "aaa", 3));
	ck_assert(!counted(NULL, "a", 44, "aaa", 3));
	ck_assert(!passes(wanted, none, 0, WC_LINK_ETHERNET));
	ck_assert(passes(avoided, none, 0, WC_LINK_ETHERNET));
	wc_match_free(wanted);
	wc_match_free(avoided);
}
END_TEST

START_TEST(test_tags)
{
	static const enum wc_link links[] = {WC_LINK_ETHERNET, WC_LINK_SLL, WC_LINK_SLL2};
	static const size_t payloads[] = {42, 44, 48}; /* where it begins, tags left out */

	for (size_t i = 0; i < 3; i++) {
		struct wc_match *here = open_match("payload", NULL, payloads[i]);
		struct wc_match *behind = open_match("payload", NULL, payloads[i] + 1);

		for (int tags = 0; tags <= WC_LINK_TAGS_MAX; tags++) {
			uint16_t type = tags ? 0x8100 : 0x0800;
			struct frame frame;

			frame_start(&frame);
			if (links[i] == WC_LINK_ETHERNET)
				frame_ethernet(&frame, type);
			else if (links[i] == WC_LINK_SLL)
				frame_sll(&frame, 0, type);
			else
				frame_sll2(&frame, 0, type);
			for (int tag = tags; tag-- > 0;)
				frame_tag(&frame, 7, tag ? 0x88a8 : 0x0800);
			frame_ipv4(&frame, "192.0.2.1", "192.0.2.2", 17);
			frame_udp(&frame, 1, 2);
			memcpy(frame_append(&frame, 7), "Payload", 7);
			frame_finish(&frame);
			ck_assert(passes(here, frame.bytes, frame.size, links[i]));
			ck_assert(!passes(behind, frame.bytes, frame.size, links[i]));
		}
		wc_match_free(here);
		wc_match_free(behind);
	}
}
END_TEST

/* Puts up to six tags where frames of @link have their type, if there is room. */
static void put_tags(uint8_t *bytes, size_t size, enum wc_link link)
{
	size_t type = link == WC_LINK_SLL ? 14 : link == WC_LINK_SLL2 ? 0 : 12;
	size_t tag = link == WC_LINK_SLL2 ? 20 : type + 2;

	if (size < type + 2)
		return;
	bytes[type] = 0x81;
	bytes[type + 1] = 0;
	for (long more = random() % 6; more-- && tag + 4 <= size; tag += 4) {
		bytes[tag + 2] = more ? 0x81 : 8;
		bytes[tag + 3] = 0;
	}
}

static void fill(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(random() % 4);
}

static bool is_behind(const uint8_t *find, size_t needle, const uint8_t *bytes, size_t size,
		      size_t offset)
{
	for (; offset + needle <= size; offset++)
		if (memcmp(bytes + offset, find, needle) == 0)
			return true;
	return false;
}

/* Any frame and any offset: as in a copy without tags. */
START_TEST(test_random)
{
	uint8_t bytes[700], copy[700], find[200];
	char text[4 * sizeof(find) + 1];
	int found = 0, rounds = 12000;

	srandom(9);
	for (int round = 0; round < rounds; round++) {
		enum wc_link link = (enum wc_link)(random() % (WC_LINK_NULL + 1));
		size_t size = (size_t)random() % (round % 2 ? 60 : sizeof(bytes)), left;
		size_t needle = 1 + (size_t)random() % (round % 3 ? 6 : sizeof(find));
		uint64_t offset = (uint64_t)(random() % 60);
		struct wc_match *wanted, *avoided;
		bool expected;

		fill(bytes, size);
		if (random() % 4)
			put_tags(bytes, size, link);
		left = size - wc_link_untag(copy, bytes, size, link);
		if (left == size)
			memcpy(copy, bytes, size);
		fill(find, needle);
		if (random() % 2 && left >= needle)
			memcpy(find, copy + (size_t)random() % (left - needle + 1), needle);
		for (size_t i = 0; i < needle; i++)
			snprintf(text + 4 * i, 5, "\\x%02x", find[i]);
		expected = is_behind(find, needle, copy, left, offset);
		wanted = open_match(text, NULL, offset);
		avoided = open_match(NULL, text, offset);
		ck_assert(passes(wanted, bytes, size, link) == expected);
		ck_assert(passes(avoided, bytes, size, link) != expected);
		wc_match_free(wanted);
		wc_match_free(avoided);
		found += expected;
	}
	ck_assert_int_gt(found, rounds / 4);
	ck_assert_int_lt(found, rounds * 3 / 4);
}
END_TEST

START_TEST(test_options)
{
	static char empty[] = "", wrong[] = "\\q", right[] = "x";
	struct wc_options options = {0};
	struct wc_match *match = (struct wc_match *)&options;

	ck_assert_int_eq(wc_match_open(&match, &options, &error), WC_OK);
	ck_assert_ptr_null(match);
	options.match = empty;
	ck_assert_int_eq(wc_match_open(&match, &options, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "match: '' is in every frame: write at least one byte");
	options.match = right;
	options.no_match = wrong;
	ck_assert_int_eq(wc_match_open(&match, &options, &error), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "no_match: '\\q' has a backslash"), error.text);
	ck_assert_ptr_null(match);
	wc_match_free(NULL);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_window, test_both,   test_binary,  test_short_frames,
				      test_tags,   test_random, test_options, NULL};

	return suite_run("match", tests, 60);
}
