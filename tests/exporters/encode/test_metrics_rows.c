/* Metrics: sums that hold, and counters that never fall, whatever is shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "metrics.h"
#include "metrics_rows.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define TCP       6
#define UDP       17
#define INTERVALS 12
#define SECOND    INT64_C(1000000000)
#define MAX       2000

/* ---- a world that goes on counting ---- */

static struct {
	struct wc_port_row ports[400];
	struct wc_key_row protocols[20], ethertypes[10], fragments[2];
	struct wc_conversation_row conversations[300];
	struct wc_snapshot snapshot;
	struct wc_counts talked; /* all conversations, since the start */
	uint64_t random;
} world;

static uint64_t chance(uint64_t below)
{
	world.random = world.random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (world.random >> 33) % below;
}

static void count(enum wc_class class, const struct wc_counts *counts, uint8_t direction)
{
	struct wc_totals *total = &world.snapshot.total;

	total->classes[class].packets += counts->packets;
	total->classes[class].bytes += counts->bytes;
	total->directions[direction].packets += counts->packets;
	total->directions[direction].bytes += counts->bytes;
	total->frames += counts->packets;
	total->received += counts->packets;
}

static void count_keys(struct wc_key_row *rows, size_t room, enum wc_class class)
{
	for (size_t i = 0; i < room; i++) {
		struct wc_counts more = {chance(5), chance(5000)};

		rows[i].key = (uint16_t)(i / 2 + 1);
		rows[i].direction = i % 2;
		rows[i].total.packets += more.packets;
		rows[i].total.bytes += more.bytes;
		count(class, &more, rows[i].direction);
	}
}

static void count_ports(size_t room)
{
	for (size_t i = 0; i < room; i++) {
		struct wc_port_row *row = &world.ports[i];
		size_t number = i < room / 2 ? i : i - room / 2;
		struct wc_counts more = {chance(100) < 30 ? chance(1000) : 0, 0};

		more.bytes = more.packets * 64;
		row->protocol = i < room / 2 ? TCP : UDP;
		row->other = number == room / 2 - 1;
		row->port = row->other ? 0 : (uint16_t)(number / 4 + 1);
		row->direction = number % 4;
		row->total.all.packets += more.packets;
		row->total.all.bytes += more.bytes;
		row->total.refused += more.packets / 7;
		if (row->protocol == TCP) {
			row->total.new += more.packets / 3;
			row->total.accepted += chance(20) ? 0 : more.packets / 5;
		}
		count(row->protocol == TCP ? WC_CLASS_TCP : WC_CLASS_UDP, &more, row->direction);
	}
}

/* A tenth of the conversations is heard in an interval, not always in the same place. */
static void converse(void)
{
	world.snapshot.conversation_rows = 0;
	for (size_t i = 0; i < 300; i++) {
		struct wc_conversation_row *row =
			&world.conversations[world.snapshot.conversation_rows];

		if (chance(10) && i < 299)
			continue;
		*row = (struct wc_conversation_row){
			.client = {.low = 0x0a000000 + i, .version = 4},
			.server = {.high = i % 7, .low = 1, .version = 6},
			.port = (uint16_t)(i % 3),
			.protocol = i % 2 ? TCP : UDP,
			.other = i == 299,
			.forward = {.packets = chance(50), .bytes = chance(5000)},
			.reverse = {.packets = i == 299 ? 0 : chance(50),
				    .bytes = i == 299 ? 0 : chance(90000)},
		};
		world.talked.packets += row->forward.packets + row->reverse.packets;
		world.talked.bytes += row->forward.bytes + row->reverse.bytes;
		world.snapshot.conversation_rows++;
	}
}

/* The tables grow, and what was counted once stays. */
static void pass_interval(uint64_t number)
{
	struct wc_snapshot *snapshot = &world.snapshot;

	snapshot->interval = number;
	snapshot->end_ns = (int64_t)number * 10 * SECOND;
	snapshot->ports = world.ports;
	snapshot->port_rows = 400;
	snapshot->protocols = world.protocols;
	snapshot->protocol_rows = 20;
	snapshot->ethertypes = world.ethertypes;
	snapshot->ethertype_rows = 10;
	snapshot->fragments = world.fragments;
	snapshot->fragment_rows = 2;
	snapshot->conversations = world.conversations;
	count_ports(snapshot->port_rows);
	count_keys(world.protocols, 20, WC_CLASS_PROTOCOL);
	count_keys(world.ethertypes, 10, WC_CLASS_ETHERTYPE);
	count_keys(world.fragments, 2, WC_CLASS_FRAGMENT);
	converse();
}

/* ---- what is read back ---- */

struct line {
	char *name; /* with its labels */
	double value;
};

struct page {
	struct wc_buffer text;
	struct line lines[20000];
	size_t count;
};

static struct page pages[2];

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->name, ((const struct line *)b)->name);
}

static void read_page(struct page *page)
{
	char *next = page->text.data;

	page->count = 0;
	wc_buffer_add(&page->text, "", 1);
	ck_assert(!page->text.failed);
	for (char *line = strtok_r(next, "\n", &next); line; line = strtok_r(NULL, "\n", &next)) {
		char *blank = strrchr(line, ' ');

		if (*line == '#')
			continue;
		*blank = '\0';
		page->lines[page->count++] = (struct line){line, strtod(blank + 1, NULL)};
	}
	qsort(page->lines, page->count, sizeof(*page->lines), compare);
	for (size_t i = 1; i < page->count; i++)
		ck_assert_str_ne(page->lines[i - 1].name, page->lines[i].name);
}

/* Adds up the series that begin with @begin and have @with among their labels. */
static double sum(const struct page *page, const char *begin, const char *with)
{
	double total = 0;

	for (size_t i = 0; i < page->count; i++)
		if (!strncmp(page->lines[i].name, begin, strlen(begin)) &&
		    strstr(page->lines[i].name, with))
			total += page->lines[i].value;
	return total;
}

static void check_sum(const struct page *page, const char *begin, const char *with, uint64_t wanted)
{
	ck_assert_msg(sum(page, begin, with) == (double)wanted, "%s %s: %f, not %llu", begin, with,
		      sum(page, begin, with), (unsigned long long)wanted);
}

static uint64_t directed(uint8_t protocol, uint8_t direction)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < 400; i++)
		if (world.ports[i].protocol == protocol && world.ports[i].direction == direction)
			packets += world.ports[i].total.all.packets;
	return packets;
}

static void check_sums(const struct page *page)
{
	const struct wc_counts *classes = world.snapshot.total.classes;

	check_sum(page, "wirecensus_port_packets_total{", "\"tcp\"", classes[WC_CLASS_TCP].packets);
	check_sum(page, "wirecensus_port_bytes_total{", "\"tcp\"", classes[WC_CLASS_TCP].bytes);
	check_sum(page, "wirecensus_port_bytes_total{", "\"udp\"", classes[WC_CLASS_UDP].bytes);
	check_sum(page, "wirecensus_port_packets_total{", "\"udp\"", classes[WC_CLASS_UDP].packets);
	check_sum(page, "wirecensus_protocol_bytes_total{", "", classes[WC_CLASS_PROTOCOL].bytes);
	check_sum(page, "wirecensus_ethertype_packets_total{", "",
		  classes[WC_CLASS_ETHERTYPE].packets);
	check_sum(page, "wirecensus_fragment_packets_total{", "",
		  classes[WC_CLASS_FRAGMENT].packets);
	check_sum(page, "wirecensus_packets_total{", "", world.snapshot.total.frames);
	check_sum(page, "wirecensus_direction_packets_total{", "", world.snapshot.total.frames);
	check_sum(page, "wirecensus_conversation_packets_total{", "", world.talked.packets);
	check_sum(page, "wirecensus_conversation_bytes_total{", "", world.talked.bytes);
	for (uint8_t d = 0; d < WC_DIRECTIONS; d++) {
		char label[32];

		snprintf(label, sizeof(label), "direction=\"%s\"", wc_direction_name(d));
		check_sum(page, "wirecensus_port_packets_total{capture=\"a\",transport=\"tcp\"",
			  label, directed(TCP, d));
	}
}

/* What was there is there, and has not fallen. */
static void check_growth(const struct page *before, const struct page *after)
{
	for (size_t i = 0, j = 0; i < before->count; i++) {
		bool counter = strstr(before->lines[i].name, "_total");

		while (j < after->count && compare(&after->lines[j], &before->lines[i]) < 0)
			j++;
		ck_assert_msg(j < after->count && !compare(&after->lines[j], &before->lines[i]),
			      "gone: %s", before->lines[i].name);
		ck_assert_msg(!counter || after->lines[j].value >= before->lines[i].value,
			      "fell: %s", before->lines[i].name);
		ck_assert_msg(!strstr(before->lines[i].name, "_created") ||
				      after->lines[j].value == before->lines[i].value,
			      "began anew: %s", before->lines[i].name);
	}
}

/* A series that is new began with this interval, at 0. */
static void check_births(const struct page *before, const struct page *after, int64_t now_s)
{
	for (size_t i = 0, j = 0; i < after->count; i++) {
		while (j < before->count && compare(&before->lines[j], &after->lines[i]) < 0)
			j++;
		if (j < before->count && !compare(&before->lines[j], &after->lines[i]))
			continue;
		if (strstr(after->lines[i].name, "_created"))
			ck_assert_int_eq((int64_t)after->lines[i].value, now_s);
		else if (strstr(after->lines[i].name, "_total"))
			ck_assert_msg(after->lines[i].value == 0, "%s", after->lines[i].name);
	}
}

static size_t write_page(struct page *page, const struct wc_metrics_governor *governor)
{
	struct wc_metrics_rows *rows = wc_metrics_governor_rows(governor);
	struct wc_metrics_capture capture = {.name = "a",
					     .interface = "b",
					     .engine = "pcap",
					     .last = &world.snapshot,
					     .rows = rows};
	struct wc_metrics_facts facts = {.context = &sample_context,
					 .version = "",
					 .captures = &capture,
					 .capture_count = 1,
					 .max_series = MAX};
	size_t series;

	wc_buffer_clear(&page->text);
	series = wc_metrics_write(&page->text, &facts, true);
	wc_metrics_rows_free(rows);
	read_page(page);
	return series;
}

static void govern(struct wc_metrics_bounds *bounds, size_t fixed)
{
	struct wc_metrics_governor *governor = NULL;

	bounds->series = MAX - fixed;
	memset(&world, 0, sizeof(world));
	world.random = bounds->top;
	ck_assert_int_eq(wc_metrics_governor_new(&governor, bounds, 0, NULL), 0);
	for (uint64_t i = 0; i < INTERVALS; i++) {
		struct page *now = &pages[i % 2], *before = &pages[(i + 1) % 2];
		size_t series;

		if (i) {
			pass_interval(i);
			wc_metrics_governor_update(governor, &world.snapshot);
		}
		series = write_page(now, governor);
		ck_assert_uint_eq(series, now->count);
		ck_assert_uint_le(series, MAX);
		if (!i)
			continue;
		check_sums(now);
		check_growth(before, now);
		if (i > 1)
			check_births(before, now, (int64_t)i * 10);
	}
	wc_metrics_governor_free(governor);
}

START_TEST(test_sums)
{
	struct wc_service services[] = {{TCP, 22}, {UDP, 3}, {TCP, 3}};
	const struct wc_services some = {services, 3}, none = {0};
	struct wc_metrics_bounds bounds = {.ports = &none};
	size_t fixed = wc_metrics_fixed(1, true, 0);

	for (bounds.top = 0; bounds.top < 200; bounds.top = bounds.top * 4 + 3) {
		bounds.conversations = bounds.top / 2 + 1;
		bounds.ports = bounds.top % 2 ? &some : &none;
		govern(&bounds, fixed);
	}
	wc_buffer_free(&pages[0].text);
	wc_buffer_free(&pages[1].text);
}
END_TEST

/* The bound is one for all, and what is too much is said at the start. */
START_TEST(test_bounds)
{
	struct wc_service services[] = {{TCP, 1}, {UDP, 2}};
	const struct wc_services ports = {services, 2};
	struct wc_metrics_bounds bounds = {.ports = &ports};
	struct wc_metrics_governor *governor;
	struct wc_error error;

	/* Four directions, five or three counters, each with its beginning. */
	bounds.series = 4 * (5 + 3) * 2 - 1;
	ck_assert_int_eq(wc_metrics_governor_new(&governor, &bounds, 0, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "the ports that have metrics in any case need 64 series, and "
				     "there is room for 63: raise max_series");
	bounds.series++;
	ck_assert_int_eq(wc_metrics_governor_new(&governor, &bounds, 0, &error), 0);
	wc_metrics_governor_free(governor);
	wc_metrics_governor_free(NULL);
	wc_metrics_rows_free(NULL);
	ck_assert_uint_gt(wc_metrics_fixed(2, false, 0), wc_metrics_fixed(1, false, 0));
	ck_assert_uint_eq(wc_metrics_fixed(1, true, 0), wc_metrics_fixed(1, false, 0) + 4);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_sums, test_bounds, NULL};

	return suite_run("metrics rows", tests, 120);
}
