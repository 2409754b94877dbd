/* test_file.c - pcap files, what is none, and what is damaged */

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reading.h"
#include "suite.h"
#include "wirecensus/snapshot.h"

#define ETHERNET 1

static struct capture capture;
static struct reading reading;
static uint8_t bytes[READING_SIZE + 4];

/* A record of frame @number: @size captured bytes of @length. */
static void add(size_t number, uint32_t size, uint32_t length)
{
	capture_record(&capture, 100 + (uint32_t)number, 7, size, length,
		       reading_frame(bytes, number, size), size);
}

static void start(bool big, uint32_t magic, uint16_t minor, uint32_t link)
{
	capture_free(&capture);
	capture.big = big;
	capture_pcap(&capture, magic, minor, link);
}

static void assert_frame(size_t number, uint32_t size, uint32_t length, int64_t time_ns)
{
	const struct wc_frame *frame = &reading.kept[number];

	ck_assert_uint_eq(frame->captured, size);
	ck_assert_uint_eq(frame->length, length);
	ck_assert_int_eq(frame->time_ns, time_ns);
	ck_assert_int_eq(frame->link, WC_LINK_ETHERNET);
	ck_assert_int_eq(frame->origin, WC_ORIGIN_FILE);
}

START_TEST(test_orders_and_resolutions)
{
	static const struct {
		uint32_t magic;
		int64_t fraction_ns;
	} kinds[] = {
		{CAPTURE_MICROSECONDS, 7000}, {CAPTURE_NANOSECONDS, 7}, {CAPTURE_MODIFIED, 7000}};

	for (size_t i = 0; i < 2 * sizeof(kinds) / sizeof(kinds[0]); i++) {
		start(i % 2 == 1, kinds[i / 2].magic, 4, ETHERNET);
		add(0, 60, 1514);
		add(1, 0, 0);
		add(2, 33, 20);
		reading_capture(&reading, &capture, capture.size);
		reading_assert_end(&reading, 3);
		assert_frame(0, 60, 1514, 100000000000 + kinds[i / 2].fraction_ns);
		assert_frame(1, 0, 0, 101000000000 + kinds[i / 2].fraction_ns);
		assert_frame(2, 33, 20, 102000000000 + kinds[i / 2].fraction_ns);
	}
}
END_TEST

/* Times have no sign, and a fraction may be more than a second. */
START_TEST(test_times)
{
	start(false, CAPTURE_MICROSECONDS, 4, ETHERNET);
	capture_record(&capture, UINT32_MAX, UINT32_MAX, 0, 0, "", 0);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 1);
	ck_assert_int_eq(reading.kept[0].time_ns, 4294967295 * 1000000000 + 4294967295 * 1000);
}
END_TEST

/* Old versions have the length on the wire first; 2.3 has them as it comes. */
START_TEST(test_versions)
{
	for (uint16_t minor = 0; minor <= 4; minor++) {
		bool swapped = minor < 3;

		start(false, CAPTURE_MICROSECONDS, minor, ETHERNET);
		capture_record(&capture, 1, 0, swapped ? 90 : 40, swapped ? 40 : 90,
			       reading_frame(bytes, 0, 40), 40);
		if (minor == 3)
			capture_record(&capture, 1, 0, 90, 40, reading_frame(bytes, 1, 40), 40);
		reading_capture(&reading, &capture, capture.size);
		reading_assert_end(&reading, minor == 3 ? 2 : 1);
		assert_frame(0, 40, 90, 1000000000);
		if (minor == 3)
			assert_frame(1, 40, 90, 1000000000);
	}
}
END_TEST

START_TEST(test_unknown_versions)
{
	start(false, CAPTURE_MICROSECONDS, 5, ETHERNET);
	reading_capture(&reading, &capture, capture.size);
	ck_assert_int_eq(reading.status, WC_FAILED);
	ck_assert_ptr_nonnull(strstr(reading.error.text,
				     "cannot be read as pcap: it is of version 2.5, "
				     "and those from 2.0 to 2.4 are known"));
}
END_TEST

/* The high half of the link type's word tells of check sequences. */
START_TEST(test_link_types)
{
	start(true, CAPTURE_MICROSECONDS, 4, 0x44000000 | ETHERNET);
	add(0, 14, 14);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 1);
	assert_frame(0, 14, 14, 100000007000);

	start(true, CAPTURE_MICROSECONDS, 4, 105);
	reading_capture(&reading, &capture, capture.size);
	ck_assert_int_eq(reading.status, WC_FAILED);
	ck_assert_ptr_nonnull(strstr(reading.error.text, "link type 105 (IEEE802_11)"));
}
END_TEST

/* More than the snaplen says, up to what everybody takes. */
START_TEST(test_lengths)
{
	start(false, CAPTURE_MICROSECONDS, 4, ETHERNET);
	add(0, 262144, UINT32_MAX);
	add(1, 70000, 70000);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_end(&reading, 2);
	assert_frame(0, 262144, UINT32_MAX, 100000007000);

	add(2, 262145, 262145);
	reading_capture(&reading, &capture, capture.size);
	reading_assert_damage(&reading, 2,
			      "a record claims 262145 bytes, and none has more than 262144");
	ck_assert_ptr_nonnull(strstr(reading.error.text, "is damaged at byte 332200: "));
}
END_TEST

START_TEST(test_huge_lengths)
{
	static const uint32_t lengths[] = {262145, 0x7fffffff, 0xfffffff0, UINT32_MAX};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		start(false, CAPTURE_MICROSECONDS, 4, ETHERNET);
		add(0, 60, 60);
		capture_record(&capture, 0, 0, lengths[i], 60, bytes, 60);
		reading_capture(&reading, &capture, capture.size);
		reading_assert_damage(&reading, 1, "and none has more than 262144");
	}
}
END_TEST

/* Wherever a file is cut, the frames before are there, and a sentence unless it is between two. */
START_TEST(test_every_cut)
{
	static const uint32_t sizes[] = {5, 0, 20};
	static const uint32_t magics[] = {CAPTURE_MICROSECONDS, CAPTURE_NANOSECONDS,
					  CAPTURE_MODIFIED};

	for (int kind = 0; kind < 6; kind++) {
		size_t ends[4], whole = 0;

		start(kind % 2, magics[kind / 2], 4, ETHERNET);
		ends[0] = capture.size;
		for (size_t i = 0; i < 3; i++) {
			add(i, sizes[i], 99);
			ends[i + 1] = capture.size;
		}
		for (size_t cut = 0; cut <= capture.size; cut++) {
			reading_capture(&reading, &capture, cut);
			if (cut < ends[0]) {
				ck_assert_int_eq(reading.status, WC_FAILED);
				ck_assert_str_ne(reading.error.text, "");
				continue;
			}
			if (whole < 3 && cut == ends[whole + 1])
				whole++;
			if (cut == ends[whole])
				reading_assert_end(&reading, whole);
			else
				reading_assert_damage(&reading, whole, "it ends within a record");
		}
	}
}
END_TEST

/* What has ended or broken stays so. */
START_TEST(test_ends_stay)
{
	char path[READING_PATH];
	int fd;

	start(false, CAPTURE_MICROSECONDS, 4, ETHERNET);
	add(0, 60, 60);
	fd = reading_memory(path, capture.bytes, capture.size);
	reading_open(&reading, path);
	reading_run(&reading, 1);
	ck_assert_int_eq(reading.status, 1);
	for (int i = 0; i < 3; i++) {
		reading_run(&reading, 9);
		ck_assert_int_eq(reading.status, WC_SOURCE_END);
	}
	reading_close(&reading);
	close(fd);

	fd = reading_memory(path, capture.bytes, capture.size - 1);
	reading_open(&reading, path);
	for (int i = 0; i < 3; i++) {
		reading_run(&reading, 9);
		reading_assert_damage(&reading, 0, "it ends within a record, after 75 of 76 bytes");
	}
	reading_close(&reading);
	close(fd);
}
END_TEST

/* run() keeps its budget; stats() counts what it handed over. */
START_TEST(test_budget)
{
	struct wc_source_stats stats;
	char path[READING_PATH], text[200];
	int fd;

	start(false, CAPTURE_MICROSECONDS, 4, ETHERNET);
	for (size_t i = 0; i < 5; i++)
		add(i, 60, 60);
	fd = reading_memory(path, capture.bytes, capture.size);
	reading_open(&reading, path);
	ck_assert_str_eq(reading.source->ops->name, "file");
	reading_run(&reading, 0);
	ck_assert_int_eq(reading.status, 0);
	reading_run(&reading, 2);
	ck_assert_int_eq(reading.status, 2);
	reading.source->ops->stats(reading.source, &stats);
	ck_assert_uint_eq(stats.received, 2);
	ck_assert_uint_eq(stats.position, 24 + 2 * 76);
	ck_assert_uint_eq(stats.size, 24 + 5 * 76);
	reading_run(&reading, SIZE_MAX);
	ck_assert_int_eq(reading.status, 3);
	reading.source->ops->stats(reading.source, &stats);
	ck_assert_uint_eq(stats.received, 5);
	ck_assert_uint_eq(stats.position, stats.size);

	reading.source->ops->describe(reading.source, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, ": pcap file, version 2.4, little-endian, microseconds, "
					   "link type 1 (EN10MB), snaplen 65535\n"));
	reading.source->ops->describe(reading.source, text, 10);
	ck_assert_uint_eq(strlen(text), 9);
	reading_close(&reading);
	close(fd);
}
END_TEST

/* Files that are no captures, each by its own sentence. */
START_TEST(test_no_captures)
{
	static const struct {
		const char *content;
		size_t size;
		const char *sentence;
	} cases[] = {
		{"", 0, " is empty; a capture file has at least a header"},
		{"abc", 3, " is not a capture file: "},
		{"Dear reader,\n", 13, " is not a capture file: "},
		{"\xd4\xc3\xb2\xa1", 4,
		 "cannot be read as pcap: it ends within its header, after 4 of 24"},
		{"\x0a\x0d\x0d\x0a\x1c\0\0\0\1\2\3\4\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 28,
		 "cannot be read as pcapng: a section has the byte-order magic 0x01020304"},
		{"BZh91AY&SY", 10, "is compressed by bzip2, which this build does not read"},
		{"\xfd"
		 "7zXZ",
		 6, "is compressed by xz"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char path[READING_PATH];
		int fd = reading_memory(path, cases[i].content, cases[i].size);

		reading_whole(&reading, path);
		close(fd);
		ck_assert_int_eq(reading.status, WC_FAILED);
		ck_assert_msg(strstr(reading.error.text, cases[i].sentence), "%s",
			      reading.error.text);
		ck_assert_ptr_nonnull(strstr(reading.error.text, path));
	}
}
END_TEST

START_TEST(test_not_readable)
{
	reading_whole(&reading, "/nonexistent/capture");
	ck_assert_int_eq(reading.status, WC_FAILED);
	ck_assert_str_eq(reading.error.text,
			 "cannot open /nonexistent/capture: No such file or directory");
	reading_whole(&reading, "/tmp");
	ck_assert_int_eq(reading.status, WC_FAILED);
	ck_assert_str_eq(reading.error.text, "/tmp is a directory; name the capture files in it");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_orders_and_resolutions,
		test_times,
		test_versions,
		test_unknown_versions,
		test_link_types,
		test_lengths,
		test_huge_lengths,
		test_every_cut,
		test_ends_stay,
		test_budget,
		test_no_captures,
		test_not_readable,
		NULL,
	};
	int code = suite_run("file", tests, 60);

	capture_free(&capture);
	return code;
}
