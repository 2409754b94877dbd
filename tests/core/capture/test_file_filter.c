/* test_file_filter.c - the file source with a filter: what passes, what is received */

#include <check.h>
#include <string.h>
#include <unistd.h>

#include "filter.h"
#include "reading.h"
#include "suite.h"
#include "wirecensus/options.h"

#define ETHERNET 1
#define WLAN     105 /* not decoded */
#define RAW      101

static struct capture capture;
static struct reading reading;
static struct wc_filter *filter;
static uint8_t bytes[100];
static int fd;

static void open_filter(char *expression)
{
	const struct wc_options options = {.filter = expression};

	ck_assert_int_eq(wc_filter_open(&filter, &options, NULL), 0);
}

static void open_filtered(void)
{
	char path[READING_PATH];

	reading = (struct reading){0};
	fd = reading_memory(path, capture.bytes, capture.size);
	reading.status = wc_file_open(&reading.source, path, filter, &reading.error);
}

static void close_all(void)
{
	reading_close(&reading);
	wc_filter_free(filter);
	close(fd);
	capture_free(&capture);
}

/* Frame @number, of @size bytes, in a pcap file. */
static void add(size_t number, uint32_t size)
{
	capture_record(&capture, 0, 0, size, size, reading_frame(bytes, number, size), size);
}

static uint64_t received(void)
{
	struct wc_source_stats stats;

	reading.source->ops->stats(reading.source, &stats);
	return stats.received;
}

START_TEST(test_refused_are_not_received)
{
	char expression[] = "greater 50";

	open_filter(expression);
	capture_pcap(&capture, CAPTURE_MICROSECONDS, 4, ETHERNET);
	add(0, 60);
	add(1, 40);
	add(1, 50);
	open_filtered();
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, 2);
	ck_assert(!reading.altered);
	ck_assert_uint_eq(received(), 2);
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, WC_SOURCE_END);
	close_all();
}
END_TEST

/* A batch of which nothing passes is idle, not the end; damage behind it is still told. */
START_TEST(test_nothing_passes)
{
	char expression[] = "greater 90";

	open_filter(expression);
	capture_pcap(&capture, CAPTURE_MICROSECONDS, 4, ETHERNET);
	for (size_t i = 0; i < 4; i++)
		add(i, 60);
	capture.size--;
	open_filtered();
	reading_run(&reading, 3);
	ck_assert_int_eq(reading.status, WC_SOURCE_IDLE);
	reading_run(&reading, 3);
	ck_assert_int_eq(reading.status, WC_SOURCE_DAMAGED);
	ck_assert_uint_eq(reading.frames, 0);
	ck_assert_uint_eq(received(), 0);
	close_all();
}
END_TEST

/* No expression can judge frames of a link that is not decoded: they are counted as such. */
START_TEST(test_undecoded_pass)
{
	char expression[] = "greater 50";

	open_filter(expression);
	capture_section(&capture);
	capture_interface(&capture, WLAN, 0);
	capture_interface(&capture, ETHERNET, 0);
	capture_interface(&capture, RAW, 0);
	capture_enhanced(&capture, 0, 0, 10, reading_frame(bytes, 0, 10), 10);
	capture_enhanced(&capture, 1, 0, 10, reading_frame(bytes, 1, 10), 10);
	capture_enhanced(&capture, 1, 0, 60, reading_frame(bytes, 1, 60), 60);
	capture_enhanced(&capture, 2, 0, 60, reading_frame(bytes, 2, 60), 60);
	open_filtered();
	reading_run(&reading, 99);
	ck_assert_int_eq(reading.status, 3);
	ck_assert(!reading.altered);
	ck_assert_int_eq(reading.kept[0].link, WC_LINK_UNSUPPORTED);
	ck_assert_int_eq(reading.kept[1].link, WC_LINK_ETHERNET);
	ck_assert_int_eq(reading.kept[2].link, WC_LINK_RAW);
	ck_assert_uint_eq(received(), 3);
	close_all();
}
END_TEST

/* An expression without meaning on a link is the user's error, or ends what is under way. */
START_TEST(test_expression_without_meaning)
{
	char expression[] = "ether host 02:00:00:00:00:01";

	open_filter(expression);
	capture_pcap(&capture, CAPTURE_MICROSECONDS, 4, RAW);
	open_filtered();
	ck_assert_int_eq(reading.status, WC_INVALID);
	ck_assert_ptr_nonnull(strstr(reading.error.text, expression));
	close(fd);

	capture_free(&capture);
	capture_section(&capture);
	capture_interface(&capture, ETHERNET, 0);
	capture_interface(&capture, RAW, 0);
	open_filtered();
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, WC_SOURCE_DAMAGED);
	ck_assert_ptr_nonnull(strstr(reading.error.text, expression));
	close_all();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_refused_are_not_received,
		test_nothing_passes,
		test_undecoded_pass,
		test_expression_without_meaning,
		NULL,
	};

	return suite_run("file filter", tests, 60);
}
