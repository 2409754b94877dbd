/* test_file_pcapng.c - pcapng files: blocks, sections, interfaces, and damage */

#include <check.h>
#include <string.h>
#include <unistd.h>

#include "reading.h"
#include "suite.h"
#include "wirecensus/snapshot.h"

#define ETHERNET 1
#define WLAN     105 /* not decoded */
#define RAW      101

#define NAMES      4
#define STATISTICS 5
#define JOURNAL    9
#define CUSTOM     0x00000bad

static struct capture capture;
static struct reading reading;
static uint8_t bytes[READING_SIZE];

static void start(bool big)
{
	capture_free(&capture);
	capture.big = big;
	capture_section(&capture);
}

/* A packet of frame @number, with @size bytes. */
static void add(size_t number, uint32_t interface, uint32_t size)
{
	capture_enhanced(&capture, interface, 1000000, size, reading_frame(bytes, number, size),
			 size);
}

/* A block that is none of the reader's business. */
static void add_other(uint32_t type, size_t size)
{
	size_t begin = capture_begin(&capture, type);

	capture_bytes(&capture, memset(bytes, 0xa5, size), size);
	capture_end(&capture, begin);
}

/* All that a file may hold, in one order of bytes. @ends gets the end of each block. */
static size_t all_blocks(bool big, size_t ends[static 16], size_t frames[static 16])
{
	size_t blocks = 0, count = 0;

#define BLOCK(add_it, frame)                                                                       \
	do {                                                                                       \
		add_it;                                                                            \
		count += (frame);                                                                  \
		ends[blocks] = capture.size;                                                       \
		frames[blocks++] = count;                                                          \
	} while (0)
	BLOCK(start(big), 0);
	BLOCK(capture_interface_ticks(&capture, ETHERNET, 9, 1), 0);
	BLOCK(add(0, 0, 5), 1);
	BLOCK(add_other(CUSTOM, 3), 0);
	BLOCK(add_other(NAMES, 8), 0);
	BLOCK(capture_simple(&capture, 7, reading_frame(bytes, 1, 7), 7), 1);
	BLOCK(add_other(JOURNAL, 6), 0);
	BLOCK(capture_packet(&capture, 0, 5, 99, reading_frame(bytes, 2, 6), 6), 1);
	BLOCK(add_other(STATISTICS, 0), 0);
	capture.big = !big;
	BLOCK(capture_section(&capture), 0);
	BLOCK(capture_interface(&capture, RAW, 0), 0);
	BLOCK(capture_interface(&capture, ETHERNET, 0), 0);
	BLOCK(add(3, 1, 0), 1);
#undef BLOCK
	return blocks;
}

START_TEST(test_all_blocks)
{
	for (int big = 0; big < 2; big++) {
		size_t ends[16], frames[16];

		all_blocks(big, ends, frames);
		reading_capture(&reading, &capture, capture.size);
		reading_assert_end(&reading, 4);
		ck_assert_uint_eq(reading.kept[0].captured, 5);
		ck_assert_uint_eq(reading.kept[0].length, 5);
		ck_assert_int_eq(reading.kept[0].time_ns, 1001000000);
		ck_assert_uint_eq(reading.kept[1].captured, 7);
		ck_assert_int_eq(reading.kept[1].time_ns, WC_TIME_UNKNOWN);
		ck_assert_uint_eq(reading.kept[2].captured, 6);
		ck_assert_uint_eq(reading.kept[2].length, 99);
		ck_assert_int_eq(reading.kept[2].time_ns, 1000000005);
		ck_assert_uint_eq(reading.kept[3].captured, 0);
		ck_assert_int_eq(reading.kept[3].time_ns, 1000000000);
		ck_assert_int_eq(reading.kept[3].link, WC_LINK_ETHERNET);
	}
}
END_TEST

/* Wherever a file is cut, the frames before are there, and a sentence unless it is between blocks.
 */
START_TEST(test_every_cut)
{
	for (int big = 0; big < 2; big++) {
		size_t ends[16], frames[16];
		size_t blocks = all_blocks(big, ends, frames), block = 0;

		for (size_t cut = 0; cut <= capture.size; cut++) {
			bool between = cut == ends[block];

			reading_capture(&reading, &capture, cut);
			if (cut < ends[0]) {
				ck_assert_int_eq(reading.status, WC_FAILED);
				ck_assert_str_ne(reading.error.text, "");
			} else if (between) {
				reading_assert_end(&reading, frames[block]);
			} else {
				reading_assert_damage(&reading, frames[block - 1],
						      "it ends within ");
			}
			if (between && block + 1 < blocks)
				block++;
		}
	}
}
END_TEST

/* A simple packet is cut at the snaplen of its interface. */
START_TEST(test_simple_packets)
{
	start(false);
	capture_interface(&capture, ETHERNET, 40);
	capture_simple(&capture, 1514, reading_frame(bytes, 0, 40), 40);
	capture_simple(&capture, 39, reading_frame(bytes, 1, 39), 39);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 2);
	ck_assert_uint_eq(reading.kept[0].captured, 40);
	ck_assert_uint_eq(reading.kept[0].length, 1514);
	ck_assert_uint_eq(reading.kept[1].captured, 39);

	capture_simple(&capture, 1514, bytes, 20);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_damage(&reading, 2, "a packet claims 40 bytes, more than its block of 36");

	start(false);
	capture_simple(&capture, 4, bytes, 4);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_damage(&reading, 0, "a packet comes before any interface");
}
END_TEST

/* An interface that is not decoded: alone it is an error, beside others its frames are told apart.
 */
START_TEST(test_links)
{
	start(true);
	capture_interface(&capture, WLAN, 0);
	add(0, 0, 30);
	reading_capture(&reading, &capture, capture.size);
	ck_assert_int_eq(reading.status, WC_SOURCE_DAMAGED);
	ck_assert_uint_eq(reading.frames, 1);
	ck_assert_ptr_nonnull(strstr(reading.error.text, "link type 105 (IEEE802_11)"));

	capture_interface(&capture, ETHERNET, 0);
	add(1, 0, 30);
	add(2, 1, 30);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 3);
	ck_assert_int_eq(reading.kept[0].link, WC_LINK_UNSUPPORTED);
	ck_assert_int_eq(reading.kept[1].link, WC_LINK_UNSUPPORTED);
	ck_assert_int_eq(reading.kept[2].link, WC_LINK_ETHERNET);

	start(true);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 0);
}
END_TEST

/* Interfaces belong to their section. */
START_TEST(test_sections)
{
	start(false);
	capture_interface(&capture, ETHERNET, 0);
	add(0, 0, 30);
	capture_section(&capture);
	add(1, 0, 30);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_damage(&reading, 1, "a packet is of interface 0, and its section has 0");
}
END_TEST

START_TEST(test_many_interfaces)
{
	start(false);
	for (uint32_t i = 0; i < 65536; i++)
		capture_interface(&capture, ETHERNET, 0);
	add(0, 65535, 30);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 1);
	capture_interface(&capture, ETHERNET, 0);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_damage(&reading, 1, "a section has more than 65536 interfaces");
}
END_TEST

/* Blocks larger than the window are skipped; packets may have long options. */
START_TEST(test_large_blocks)
{
	static uint8_t options[2000000];
	size_t begin;

	start(false);
	capture_interface(&capture, ETHERNET, 0);
	begin = capture_begin(&capture, CUSTOM);
	capture_bytes(&capture, options, sizeof(options));
	capture_end(&capture, begin);
	begin = capture_begin(&capture, 6);
	for (int i = 0; i < 3; i++)
		capture_put32(&capture, 0);
	capture_put32(&capture, 8);
	capture_put32(&capture, 8);
	capture_bytes(&capture, reading_frame(bytes, 0, 8), 8);
	capture_bytes(&capture, options, sizeof(options));
	capture_end(&capture, begin);
	add(1, 0, 262144);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 2);
}
END_TEST

/* Where the blocks of the next test are. */
#define SECTION   0
#define INTERFACE 28
#define SECOND    136

/* One word at a time is changed, in a file with two packets. */
START_TEST(test_damage)
{
	static const struct {
		size_t offset;
		uint32_t value;
		int status;
		size_t frames;
		const char *sentence;
	} cases[] = {
		{SECTION + 4, 27, WC_FAILED, 0, "a section's header claims 27 bytes"},
		{SECTION + 8, 0, WC_FAILED, 0, "has the byte-order magic 0x00000000"},
		{SECTION + 12, 2, WC_FAILED, 0,
		 "a section is of version 2.0, and only 1.0 is known"},
		{SECTION + 12, 0x20001, WC_SOURCE_END, 2, ""}, /* 1.2, as some wrote */
		{SECTION + 24, 24, WC_SOURCE_DAMAGED, 0, "a length of 28 and ends with one of 24"},

		{INTERFACE + 4, 16, WC_SOURCE_DAMAGED, 0, "16 bytes, and its kind has from 20 to"},
		{INTERFACE + 16, 0xffff0009, WC_SOURCE_DAMAGED, 0, "an option of 65535 bytes"},
		{INTERFACE + 16, 0x00040009, WC_SOURCE_END, 2, ""}, /* of another length: unknown */
		{INTERFACE + 40, 40, WC_SOURCE_DAMAGED, 0,
		 "a length of 44 and ends with one of 40"},

		{SECOND, 77, WC_SOURCE_END, 1, ""}, /* no longer a packet */
		{SECOND + 4, 0, WC_SOURCE_DAMAGED, 1, "a block claims 0 bytes"},
		{SECOND + 4, 8, WC_SOURCE_DAMAGED, 1, "a block claims 8 bytes"},
		{SECOND + 4, 61, WC_SOURCE_DAMAGED, 1, "a block claims 61 bytes"},
		{SECOND + 4, 28, WC_SOURCE_DAMAGED, 1, "28 bytes, and its kind has from 32 to"},
		{SECOND + 4, 0x7ffffffc, WC_SOURCE_DAMAGED, 1, "a block claims 2147483644 bytes"},
		{SECOND + 4, 16777216, WC_SOURCE_DAMAGED, 1, "after 64 of 16777216 bytes"},
		{SECOND + 8, 1, WC_SOURCE_DAMAGED, 1, "interface 1, and its section has 1"},
		{SECOND + 8, UINT32_MAX, WC_SOURCE_DAMAGED, 1, "is of interface 4294967295"},
		{SECOND + 20, 33, WC_SOURCE_DAMAGED, 1,
		 "claims 33 bytes, more than its block of 64"},
		{SECOND + 20, UINT32_MAX, WC_SOURCE_DAMAGED, 1, "a packet claims 4294967295 bytes"},
		{SECOND + 60, 60, WC_SOURCE_DAMAGED, 1, "a length of 64 and ends with one of 60"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start(false);
		capture_interface_ticks(&capture, ETHERNET, 6, 0);
		add(0, 0, 30);
		ck_assert_uint_eq(capture.size, SECOND);
		add(1, 0, 30);
		capture_poke32(&capture, cases[i].offset, cases[i].value);
		reading_capture(&reading, &capture, capture.size);
		ck_assert_msg(reading.status == cases[i].status &&
				      reading.frames == cases[i].frames &&
				      strstr(reading.error.text, cases[i].sentence),
			      "case %zu: %d, %zu frames: %s", i, reading.status, reading.frames,
			      reading.error.text);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_all_blocks,   test_every_cut, test_simple_packets,
		test_links,        test_sections,  test_many_interfaces,
		test_large_blocks, test_damage,    NULL,
	};
	int code = suite_run("pcapng", tests, 60);

	capture_free(&capture);
	return code;
}
