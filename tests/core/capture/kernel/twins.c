#include "twins.h"

#include <bpf/bpf.h>
#include <check.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "decode.h"
#include "drain.h"
#include "filter.h"
#include "local.h"
#include "local_set.h"
#include "packet.h"
#include "program.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define NS UINT64_C(1000000000)

/* A header that the test run takes off before the program sees the frame. */
#define OFF 14

static const char *const own[] = {"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"};

static struct wc_local *local_new(void)
{
	static const struct wc_networks none;
	struct wc_local *local = wc_local_new();
	struct wc_address address;

	ck_assert_ptr_nonnull(local);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		ck_assert_int_eq(wc_address_parse(&address, own[i], NULL), 0);
		ck_assert_int_eq(wc_local_add(local, &address), 0);
	}
	ck_assert_int_eq(wc_address_parse(&address, "192.0.2.255", NULL), 0);
	ck_assert_int_eq(wc_local_add_broadcast(local, &address), 0);
	ck_assert_int_eq(wc_local_add_networks(local, &none), 0);
	return local;
}

/* Port changes of a source are told apart by slice, so that all frames run on one processor. */
static void stay_on_one_processor(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
}

void twins_need(void)
{
	const struct wc_rules rules = {.conversations = 16, .hosts = 16};
	const struct wc_kernel_setup setup = {.rules = &rules};
	struct wc_kernel_program *program;
	struct wc_error error;

	if (wc_kernel_program_open(&program, &setup, &error)) {
		printf("%s\n", error.text);
		exit(77);
	}
	wc_kernel_program_free(program);
}

void twins_open(struct twins *twins, enum wc_link link, struct wc_filter *filter,
		unsigned processors)
{
	struct wc_kernel_setup setup = {
		.rules = &twins->rules,
		.filter = filter,
		.link = link == WC_LINK_ETHERNET ? WC_KERNEL_ETHERNET : WC_KERNEL_RAW,
		.processors = processors,
	};
	const struct wc_kernel_maps *maps;
	struct wc_error error = {""};

	stay_on_one_processor();
	twins->link = (uint8_t)link;
	twins->filter = filter;
	twins->now_ns = 1000 * NS;
	memset(&twins->rules.seed, 0x5a, sizeof(twins->rules.seed));
	twins->local = local_new();
	wc_memo_begin(&twins->memo, &twins->rules.seed, true);
	for (int i = 0; i < 2; i++) {
		twins->tables[i] = wc_tables_new(WC_TABLES_POOL, &twins->rules);
		twins->last[i] = wc_tables_new(WC_TABLES_POOL_ALL, NULL);
		ck_assert(twins->tables[i] && twins->last[i]);
	}
	ck_assert_msg(wc_kernel_program_open(&twins->program, &setup, &error) == 0, "%s",
		      error.text);
	maps = wc_kernel_program_maps(twins->program);
	ck_assert_int_eq(wc_kernel_local_fill(&maps->locals[0], twins->local, &error), 0);
	*maps->control = (struct wc_kernel_control){
		.stamp = 1,
		.longest = 1518,
		.fold_internet = twins->rules.fold_internet,
		.scan_plain = twins->rules.scan.mode == WC_SCAN_PLAIN,
	};
	ck_assert_int_eq(wc_kernel_drain_open(&twins->drain, maps, &error), 0);
	wc_kernel_drain_serve(twins->drain, &twins->tables[0]->conversations.served);
}

void twins_close(struct twins *twins)
{
	wc_kernel_drain_free(twins->drain);
	wc_kernel_program_free(twins->program);
	for (int i = 0; i < 2; i++) {
		wc_tables_free(twins->tables[i]);
		wc_tables_free(twins->last[i]);
	}
	wc_local_free(twins->local);
}

static void decode(struct twins *twins, struct wc_tables *tables, const struct wc_frame *frame)
{
	struct wc_packet packet;

	wc_decode(&packet, frame, twins->local, &twins->memo);
	wc_tables_count(tables, &packet, 1);
}

/* Returns what the program says to the frame. */
static uint32_t run(const struct twins *twins, const void *bytes, size_t size,
		    enum wc_origin origin, struct __sk_buff *context)
{
	uint8_t data[OFF + TWINS_FRAME_MAX] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = data,
		    .data_size_in = (uint32_t)(OFF + size), .ctx_in = context,
		    .ctx_size_in = context ? sizeof(*context) : 0);

	data[0] = origin == WC_ORIGIN_OTHER ? 2 : 0; /* the loopback, as which it runs, is 0 */
	data[12] = data[13] = 0xff;
	memcpy(data + OFF, bytes, size);
	ck_assert_msg(bpf_prog_test_run_opts(wc_kernel_program_fd(twins->program), &options) == 0,
		      "%zu bytes: %s", size, strerror(errno));
	return options.retval;
}

void twins_feed(struct twins *twins, const void *bytes, size_t size, enum wc_origin origin)
{
	struct wc_frame frame = {
		.bytes = bytes,
		.captured = (uint32_t)size,
		.length = (uint32_t)size,
		.time_ns = (int64_t)twins->now_ns,
		.link = twins->link,
		.origin = (uint8_t)origin,
	};

	if (run(twins, bytes, size, origin, NULL) != 0) {
		twins->handed_over++;
		if (!twins->filter || wc_filter_pass_tagged(twins->filter, &frame))
			decode(twins, twins->tables[0], &frame);
	}
	if (!twins->filter || wc_filter_pass(twins->filter, &frame))
		decode(twins, twins->tables[1], &frame);
	else
		twins->refused++;
}

void twins_feed_merged(struct twins *twins, const void *bytes, size_t size, uint32_t segments,
		       uint32_t segment_size, const struct wc_frame *parts, size_t count)
{
	struct __sk_buff context = {.gso_segs = segments, .gso_size = segment_size};

	ck_assert_int_eq(run(twins, bytes, size, WC_ORIGIN_RECEIVED, &context), 0);
	for (size_t i = 0; i < count; i++)
		decode(twins, twins->tables[1], &parts[i]);
	twins->tables[1]->sums.frames -= count - 1; /* the kernel handed over one */
}

/* All rows of a snapshot as lines of text. */
struct lines {
	char **items;
	size_t count;
};

__attribute__((format(printf, 2, 3))) static void add(struct lines *lines, const char *format, ...)
{
	va_list values;

	lines->items = realloc(lines->items, (lines->count + 1) * sizeof(*lines->items));
	va_start(values, format);
	ck_assert_int_gt(vasprintf(&lines->items[lines->count++], format, values), 0);
	va_end(values);
}

static void add_counts(struct lines *lines, const char *name, const struct wc_counts *counts)
{
	add(lines, "%s %" PRIu64 " %" PRIu64, name, counts->packets, counts->bytes);
}

static void add_totals(struct lines *lines, const struct wc_totals *totals)
{
	char name[32];

	add(lines, "frames %" PRIu64, totals->frames);
	for (int i = 0; i < WC_CLASSES; i++) {
		snprintf(name, sizeof(name), "class %d", i);
		add_counts(lines, name, &totals->classes[i]);
	}
	for (int i = 0; i < WC_DIRECTIONS; i++) {
		snprintf(name, sizeof(name), "direction %d", i);
		add_counts(lines, name, &totals->directions[i]);
	}
	add_counts(lines, "internet in", &totals->internet_in);
	add_counts(lines, "internet out", &totals->internet_out);
}

static void add_port(struct lines *lines, const char *sum, const struct wc_port_row *row,
		     const struct wc_port_counts *counts)
{
	add(lines,
	    "%s port %d/%d direction %d%s: %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
	    " %" PRIu64,
	    sum, row->protocol, row->port, row->direction, row->other ? " other" : "",
	    counts->all.packets, counts->all.bytes, counts->new, counts->accepted, counts->refused);
}

static void add_keys(struct lines *lines, const char *name, const struct wc_key_row *rows,
		     size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(lines, "%s %d direction %d%s: %" PRIu64 " %" PRIu64 ", %" PRIu64 " %" PRIu64,
		    name, rows[i].key, rows[i].direction, rows[i].other ? " other" : "",
		    rows[i].delta.packets, rows[i].delta.bytes, rows[i].total.packets,
		    rows[i].total.bytes);
}

static void add_conversation(struct lines *lines, const struct wc_conversation_row *row)
{
	char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT];
	const struct wc_way_counts *forward = &row->forward, *reverse = &row->reverse;

	add(lines,
	    "conversation %s:%d %s:%d/%d direction %d scope %d%s: %" PRIu64 " %" PRIu64 " %" PRIu64
	    " %" PRIu64 " %#x, %" PRIu64 " %" PRIu64 " %" PRIu64 " %#x",
	    wc_address_format(&row->client, client), row->client_port,
	    wc_address_format(&row->server, server), row->port, row->protocol, row->direction,
	    row->scope, row->other ? " other" : "", forward->packets, forward->bytes,
	    forward->ip_bytes, forward->new, forward->flags, reverse->packets, reverse->bytes,
	    reverse->ip_bytes, reverse->flags);
}

static void add_host(struct lines *lines, const struct wc_host_row *row)
{
	char address[WC_ADDRESS_TEXT];

	add(lines,
	    "host %s%s: %" PRIu64 " %" PRIu64 " %" PRIu64 ", %" PRIu64 " %" PRIu64 " %" PRIu64,
	    wc_address_format(&row->address, address), row->other ? " other" : "",
	    row->sent.packets, row->sent.bytes, row->sent.new, row->received.packets,
	    row->received.bytes, row->received.new);
}

/* Distinct hosts are not compared: they are estimates by hashes that are not the same. */
static void add_scanner(struct lines *lines, const struct wc_scanner_row *row)
{
	char address[WC_ADDRESS_TEXT];

	add(lines,
	    "scanner %s: %" PRIu64 " attempts, %" PRIu64 " changes, %" PRIu64 " ports, %" PRIu64
	    " refused, %" PRIu64 " unanswered",
	    wc_address_format(&row->address, address), row->attempts, row->port_changes,
	    row->distinct_ports, row->refused, row->unanswered);
}

static int order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(struct lines *lines, const struct wc_snapshot *snapshot)
{
	*lines = (struct lines){0};
	add_totals(lines, &snapshot->delta);
	for (size_t i = 0; i < snapshot->port_rows; i++) {
		add_port(lines, "interval", &snapshot->ports[i], &snapshot->ports[i].delta);
		add_port(lines, "total", &snapshot->ports[i], &snapshot->ports[i].total);
	}
	add_keys(lines, "protocol", snapshot->protocols, snapshot->protocol_rows);
	add_keys(lines, "fragment", snapshot->fragments, snapshot->fragment_rows);
	add_keys(lines, "ethertype", snapshot->ethertypes, snapshot->ethertype_rows);
	for (size_t i = 0; i < snapshot->conversation_rows; i++)
		add_conversation(lines, &snapshot->conversations[i]);
	for (size_t i = 0; i < snapshot->host_rows; i++)
		add_host(lines, &snapshot->hosts[i]);
	for (size_t i = 0; i < snapshot->scanner_rows; i++)
		add_scanner(lines, &snapshot->scanners[i]);
	qsort(lines->items, lines->count, sizeof(*lines->items), order);
}

static void free_lines(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->items[i]);
	free(lines->items);
}

void twins_compare(struct twins *twins, const char *name, unsigned seconds)
{
	struct wc_span span = {.start_ns = twins->now_ns, .end_ns = twins->now_ns + seconds * NS};
	struct wc_kernel_when when = {.first_ns = (int64_t)span.start_ns,
				      .last_ns = (int64_t)span.end_ns,
				      .now_s = (uint32_t)(span.end_ns / NS)};
	struct wc_kernel_frames frames;
	struct lines lines[2];
	struct wc_error error;

	wc_kernel_drain_run(twins->drain, twins->tables[0], &when, &frames);
	for (int i = 0; i < 2; i++) {
		struct wc_snapshot snapshot = {0};

		ck_assert_int_eq(
			wc_collect(&snapshot, twins->last[i], &twins->tables[i], 1, &span, &error),
			0);
		list(&lines[i], &snapshot);
		wc_collect_free(&snapshot);
	}
	wc_kernel_drain_serve(twins->drain, &twins->tables[0]->conversations.served);
	for (size_t i = 0; i < lines[0].count && i < lines[1].count; i++)
		ck_assert_msg(strcmp(lines[0].items[i], lines[1].items[i]) == 0,
			      "%s: the program has\n  %s\nand the decoder\n  %s", name,
			      lines[0].items[i], lines[1].items[i]);
	ck_assert_msg(lines[0].count == lines[1].count, "%s: %zu rows, and %zu", name,
		      lines[0].count, lines[1].count);
	free_lines(&lines[0]);
	free_lines(&lines[1]);
	twins->now_ns = span.end_ns;
}
