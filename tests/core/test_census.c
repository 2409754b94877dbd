#include "wirecensus/census.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture.h"
#include "recipe.h"
#include "stacks.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define SECOND    1000000000
#define START     1700000000 /* of the captures, in seconds */
#define INTERVALS 64

static struct capture capture;
static struct wc_options options;
static struct wc_census *census;
static char path[40];
static int file;

static void begin(void)
{
	capture = (struct capture){0};
	ck_assert_int_eq(wc_options_init(&options, NULL), 0);
	file = memfd_create("census", 0);
	ck_assert_int_ge(file, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	capture_pcap(&capture, CAPTURE_NANOSECONDS, 4, 1);
}

static void end(void)
{
	wc_census_free(census);
	census = NULL;
	wc_options_free(&options);
	capture_free(&capture);
	close(file);
}

static void add_frame(uint32_t seconds, uint32_t length, const char *text)
{
	struct recipe recipe;

	recipe_build(&recipe, text);
	if (!length)
		length = recipe.length;
	capture_record(&capture, seconds, 0, recipe.captured, length, recipe.frame.bytes,
		       recipe.captured);
}

/* Every stack on Ethernet, a second after the other. Returns how many. */
static size_t add_stacks(void)
{
	size_t count = 0;

	for (size_t i = 0; i < stack_count; i++)
		if (stacks[i].link == stacks[0].link)
			add_frame(START + (uint32_t)count++, 0, stacks[i].recipe);
	return count;
}

static void open_census(size_t size)
{
	struct wc_error error = {""};

	capture_save(&capture, path, size);
	ck_assert_msg(wc_census_open_file(&census, "office", path, &options, &error) == 0, "%s",
		      error.text);
}

static void read_all(void)
{
	while (wc_census_read(census, 1000, NULL) > 0)
		;
}

static struct wc_snapshot *snapshot(void)
{
	struct wc_snapshot *made = NULL;

	ck_assert_int_eq(wc_census_snapshot(census, &made, NULL), 0);
	ck_assert_ptr_nonnull(made);
	return made;
}

/* What the design promises of every interval; @before is what the last one left pending. */
static void assert_adds_up(const struct wc_snapshot *made, uint64_t before)
{
	const struct wc_totals *delta = &made->delta, *total = &made->total;

	ck_assert_uint_eq(delta->received + before,
			  delta->frames + delta->lost_kernel + made->pending);
	ck_assert_uint_eq(total->received, total->frames + total->lost_kernel + made->pending);
	ck_assert_uint_eq(wc_totals_sum(delta).packets, delta->frames);
	ck_assert_uint_eq(wc_totals_sum(total).packets, total->frames);
}

START_TEST(a_file_is_one_interval)
{
	struct wc_snapshot *made;
	uint64_t frames, done, all;

	begin();
	frames = add_stacks();
	open_census(capture.size);
	read_all();
	made = snapshot();
	ck_assert_str_eq(made->capture, "office");
	ck_assert_str_eq(made->observer, path);
	ck_assert_uint_eq(made->interval, 1);
	ck_assert_int_eq(made->start_ns, (int64_t)START * SECOND);
	ck_assert_int_eq(made->end_ns, ((int64_t)START + (int64_t)frames - 1) * SECOND);
	ck_assert_uint_eq(made->length_ns, (frames - 1) * SECOND);
	ck_assert_int_eq(made->clock_step_ns, 0);
	ck_assert_uint_eq(made->pending, 0);
	ck_assert_int_eq(made->offload, WC_OFFLOAD_UNKNOWN);
	ck_assert(made->complete);
	ck_assert_uint_eq(made->delta.received, frames);
	assert_adds_up(made, 0);
	for (unsigned class = 0; class < WC_CLASSES; class ++) {
		uint64_t expected = 0;

		for (size_t i = 0; i < stack_count; i++)
			expected += stacks[i].link == stacks[0].link && stacks[i].class == class;
		ck_assert_uint_eq(made->total.classes[class].packets, expected);
	}
	wc_census_progress(census, &done, &all);
	ck_assert_uint_eq(done, capture.size);
	ck_assert_uint_eq(all, capture.size);
	wc_snapshot_free(made);
	wc_snapshot_free(NULL);
	end();
	wc_census_free(NULL);
}
END_TEST

/* The row of @like in @made, or NULL. */
static const struct wc_port_row *same_port(const struct wc_snapshot *made,
					   const struct wc_port_row *like)
{
	for (size_t i = 0; i < made->port_rows; i++) {
		const struct wc_port_row *row = &made->ports[i];

		if (row->protocol == like->protocol && row->port == like->port &&
		    row->direction == like->direction && row->other == like->other)
			return row;
	}
	return NULL;
}

/* Over all intervals, the deltas of each row are its total. */
static void assert_deltas_add_up(struct wc_snapshot *const *made, size_t count)
{
	const struct wc_snapshot *last = made[count - 1];
	uint64_t frames = 0, bytes = 0;

	for (size_t i = 0; i < last->port_rows; i++) {
		struct wc_port_counts sum = {{0, 0}, 0, 0, 0};
		const struct wc_port_row *row = &last->ports[i];

		for (size_t n = 0; n < count; n++) {
			const struct wc_port_row *part = same_port(made[n], row);

			if (!part)
				continue;
			sum.all.packets += part->delta.all.packets;
			sum.all.bytes += part->delta.all.bytes;
			sum.new += part->delta.new;
			sum.accepted += part->delta.accepted;
			sum.refused += part->delta.refused;
		}
		ck_assert_mem_eq(&sum, &row->total, sizeof(sum));
	}
	for (size_t n = 0; n < count; n++) {
		frames += made[n]->delta.frames;
		bytes += wc_totals_sum(&made[n]->delta).bytes;
	}
	ck_assert_uint_eq(frames, last->total.frames);
	ck_assert_uint_eq(bytes, wc_totals_sum(&last->total).bytes);
}

START_TEST(several_intervals)
{
	struct wc_snapshot *made[INTERVALS];
	size_t count = 0, frames = 0;
	uint64_t pending = 0;
	bool more = true;

	begin();
	for (int i = 0; i < 5; i++)
		frames += add_stacks();
	open_census(capture.size);
	while (more) {
		ck_assert_uint_lt(count, INTERVALS);
		more = wc_census_read(census, 7, NULL) > 0;
		made[count] = snapshot();
		assert_adds_up(made[count], pending);
		pending = made[count]->pending;
		ck_assert_uint_eq(made[count]->interval, count + 1);
		count++;
	}
	ck_assert_uint_ge(count, frames / 7);
	ck_assert_uint_eq(made[count - 1]->total.frames, frames);
	assert_deltas_add_up(made, count);
	while (count--)
		wc_snapshot_free(made[count]);
	end();
}
END_TEST

START_TEST(an_interval_without_frames)
{
	struct wc_snapshot *made;

	begin();
	add_frame(START, 0, stacks[0].recipe);
	open_census(capture.size);
	made = snapshot();
	ck_assert_uint_eq(made->delta.frames, 0);
	ck_assert_int_eq(made->start_ns, WC_TIME_UNKNOWN);
	ck_assert_int_eq(made->end_ns, WC_TIME_UNKNOWN);
	ck_assert_uint_eq(made->length_ns, 0);
	ck_assert(made->complete);
	wc_snapshot_free(made);
	read_all();
	wc_snapshot_free(snapshot());
	made = snapshot();
	ck_assert_uint_eq(made->interval, 3);
	ck_assert_uint_eq(made->delta.frames, 0);
	ck_assert_uint_eq(made->total.frames, 1);
	ck_assert_int_eq(made->start_ns, WC_TIME_UNKNOWN);
	ck_assert_uint_eq(made->port_rows, 1);
	ck_assert_uint_eq(made->ports[0].delta.all.packets, 0);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 1);
	wc_snapshot_free(made);
	end();
}
END_TEST

START_TEST(times_that_go_back)
{
	struct wc_snapshot *made;

	begin();
	add_frame(START + 50, 0, stacks[0].recipe);
	add_frame(START + 10, 0, stacks[0].recipe);
	add_frame(START + 30, 0, stacks[0].recipe);
	open_census(capture.size);
	read_all();
	made = snapshot();
	ck_assert_int_eq(made->start_ns, (int64_t)(START + 10) * SECOND);
	ck_assert_int_eq(made->end_ns, (int64_t)(START + 50) * SECOND);
	ck_assert_uint_eq(made->length_ns, UINT64_C(40) * SECOND);
	wc_snapshot_free(made);
	end();
}
END_TEST

/* What came before the break is counted, and the picture says that it is not all. */
START_TEST(a_file_that_breaks)
{
	struct wc_error error = {""};
	struct wc_snapshot *made;
	size_t frames;
	int result;

	begin();
	frames = add_stacks();
	add_frame(START, 0, stacks[0].recipe);
	open_census(capture.size - 1);
	while ((result = wc_census_read(census, 5, &error)) > 0)
		;
	ck_assert_int_eq(result, WC_FAILED);
	ck_assert_str_ne(error.text, "");
	made = snapshot();
	ck_assert(!made->complete);
	ck_assert_uint_eq(made->total.frames, frames);
	assert_adds_up(made, 0);
	wc_snapshot_free(made);
	end();
}
END_TEST

START_TEST(bytes_over_four_gigabytes)
{
	struct wc_snapshot *made;

	begin();
	for (int i = 0; i < 5; i++)
		add_frame(START, UINT32_MAX, "eth 0800 / ip4 10.0.0.1 10.0.0.2 17 / udp 9 53");
	add_frame(START, 1, "eth 0800 / ip4 10.0.0.1 10.0.0.2 17 / udp 9 53");
	open_census(capture.size);
	read_all();
	made = snapshot();
	ck_assert_uint_eq(made->port_rows, 1);
	ck_assert_uint_eq(made->ports[0].total.all.packets, 6);
	ck_assert_uint_eq(made->ports[0].total.all.bytes, UINT64_C(5) * UINT32_MAX + 1);
	ck_assert_uint_eq(made->total.classes[WC_CLASS_UDP].bytes, UINT64_C(5) * UINT32_MAX + 1);
	wc_snapshot_free(made);
	end();
}
END_TEST

/* Addresses given by hand make the direction, and what a filter refuses is not received. */
START_TEST(options_that_count)
{
	static const uint64_t expected[WC_DIRECTIONS] = {1, 2, 1, 1};
	struct wc_address v4, v6;
	struct wc_snapshot *made;

	begin();
	ck_assert_int_eq(wc_address_parse(&v4, "203.0.113.1", NULL), 0);
	ck_assert_int_eq(wc_address_parse(&v6, "2001:db8:77::1", NULL), 0);
	ck_assert_int_eq(wc_addresses_add(&options.local_address, &v4, NULL), 0);
	ck_assert_int_eq(wc_addresses_add(&options.local_address, &v6, NULL), 0);
	ck_assert_int_eq(wc_options_set(&options, wc_option_find("filter", WC_SCOPE_READ),
					"--filter", "udp", NULL),
			 0);
	add_frame(START, 0, "eth 0800 / ip4 198.51.100.9 203.0.113.1 17 / udp 9 53");
	add_frame(START, 0, "eth 0800 / ip4 203.0.113.1 198.51.100.9 17 / udp 53 9");
	add_frame(START, 0, "eth 86dd / ip6 2001:db8:77::1 2001:db8:f::9 17 / udp 53 9");
	add_frame(START, 0, "eth 0800 / ip4 203.0.113.1 127.0.0.1 17 / udp 9 53");
	add_frame(START, 0, "eth 86dd / ip6 2001:db8:f::9 2001:db8:f::8 17 / udp 9 53");
	add_frame(START, 0, "eth 86dd / ip6 2001:db8:f::9 2001:db8:f::8 6 / tcp 9 53 S 1");
	add_frame(START, 0, "eth 0806 / zeros 46");
	open_census(capture.size);
	read_all();
	made = snapshot();
	ck_assert_uint_eq(made->delta.received, 5);
	assert_adds_up(made, 0);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		ck_assert_uint_eq(made->delta.directions[i].packets, expected[i]);
	ck_assert_uint_eq(made->delta.internet_in.packets, 1);
	ck_assert_uint_eq(made->delta.internet_out.packets, 2);
	wc_snapshot_free(made);
	end();
}
END_TEST

START_TEST(what_cannot_be_opened)
{
	struct wc_error error = {""};

	begin();
	capture_save(&capture, path, 3);
	ck_assert_int_eq(wc_census_open_file(&census, "office", path, &options, &error), WC_FAILED);
	ck_assert_str_ne(error.text, "");
	ck_assert_ptr_null(census);
	ck_assert_int_eq(wc_census_open_file(&census, "office", "/nonexistent", &options, &error),
			 WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, "/nonexistent"));
	ck_assert_int_eq(wc_options_set(&options, wc_option_find("filter", WC_SCOPE_READ),
					"--filter", "no such word", NULL),
			 0);
	ck_assert_int_eq(wc_census_open_file(&census, "office", path, &options, &error),
			 WC_INVALID);
	ck_assert_ptr_null(census);
	end();
}
END_TEST

/* The megabytes that a census says its tables take at most. */
static unsigned long stated_memory(void)
{
	static const char line[] = "\nmemory: at most ";
	char text[400], *at, *end;
	unsigned long megabytes;

	ck_assert_ptr_eq(wc_census_describe(census, text, sizeof(text)), text);
	at = strstr(text, line);
	ck_assert_ptr_nonnull(at);
	megabytes = strtoul(at + sizeof(line) - 1, &end, 10);
	ck_assert_str_eq(end, " MB for tables\n");
	return megabytes;
}

START_TEST(describes_itself)
{
	char text[300];

	begin();
	open_census(capture.size);
	ck_assert_ptr_eq(wc_census_describe(census, text, sizeof(text)), text);
	ck_assert_ptr_nonnull(strstr(text, "addresses: "));
	ck_assert_uint_eq(strlen(wc_census_describe(census, text, 5)), 4);
	ck_assert_uint_eq(strlen(wc_census_describe(census, text, 30)), 29);
	end();
}
END_TEST

/* What is stated follows the bounds: a host takes some hundred bytes, a conversation fewer. */
START_TEST(states_its_memory)
{
	static const struct {
		uint64_t conversations, hosts;
		unsigned long least, most;
	} cases[] = {{16, 16, 30, 40}, {1000016, 16, 200, 320}, {16, 1000016, 600, 1000}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin();
		options.conversations = cases[i].conversations;
		options.hosts = cases[i].hosts;
		open_census(capture.size);
		ck_assert_uint_ge(stated_memory(), cases[i].least);
		ck_assert_uint_le(stated_memory(), cases[i].most);
		end();
	}
}
END_TEST

/* Without a file or an interface. */
START_TEST(what_is_tried)
{
	struct wc_options tried;
	struct wc_error error;

	ck_assert_int_eq(wc_options_init(&tried, &error), 0);
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.filter = (char *)"udp port 53";
	tried.match = (char *)"\\x00a";
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.match = (char *)"\\y";
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "match: '\\y' has a backslash"), error.text);
	tried.match = NULL;
	tried.filter = (char *)"udp prot 53";
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "the filter 'udp prot 53' does not compile"),
			 error.text);
	tried.filter = NULL;
	tried.attach = WC_ATTACH_TCX;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.drop_echo = true;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "drop_echo works by XDP alone: set attach to xdp or "
				     "xdp-generic");
	tried.attach = WC_ATTACH_XDP;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_OK);
	tried.engine = WC_ENGINE_PCAP;
	ck_assert_int_eq(wc_census_try(&tried, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "attach is for the kernel engine: leave it out, or set engine "
				     "to kernel");
	wc_options_free(&tried);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_file_is_one_interval, several_intervals,     an_interval_without_frames,
		times_that_go_back,     a_file_that_breaks,    bytes_over_four_gigabytes,
		options_that_count,     what_cannot_be_opened, what_is_tried,
		describes_itself,       states_its_memory,     NULL};

	return suite_run("census", tests, 60);
}
