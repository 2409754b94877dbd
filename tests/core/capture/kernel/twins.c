#include "twins.h"

#include <bpf/bpf.h>
#include <check.h>
#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "decode.h"
#include "drain.h"
#include "filter.h"
#include "lines.h"
#include "local.h"
#include "local_set.h"
#include "packet.h"
#include "program.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define NS UINT64_C(1000000000)

/* Shorter frames cannot be put into a test run at XDP; or, as they may be of IP, at tcx. */
#define LEAST_AT_XDP 14
#define LEAST_AT_TCX 54

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
		.attach = twins->attach,
		.drop_echo = twins->drop_echo,
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
		.link = setup.link,
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

static enum wc_kernel_hook hook_of(const struct twins *twins, enum wc_origin origin)
{
	if (twins->attach == WC_ATTACH_SOCKET)
		return WC_KERNEL_AT_SOCKET;
	if (origin == WC_ORIGIN_SENT)
		return WC_KERNEL_AT_SENT;
	return twins->attach == WC_ATTACH_TCX ? WC_KERNEL_AT_RECEIVED : WC_KERNEL_AT_XDP;
}

static size_t least_at(enum wc_kernel_hook hook)
{
	return hook == WC_KERNEL_AT_SOCKET ? 1
	       : hook == WC_KERNEL_AT_XDP  ? LEAST_AT_XDP
					   : LEAST_AT_TCX;
}

/* What the program says at each place when there is nothing more to be done with a frame. */
static const uint32_t done[] = {
	[WC_KERNEL_AT_SOCKET] = 0,
	[WC_KERNEL_AT_RECEIVED] = UINT32_MAX,
	[WC_KERNEL_AT_SENT] = UINT32_MAX,
	[WC_KERNEL_AT_XDP] = XDP_PASS,
};

/*
 * Returns what the program says to the frame. It comes from the loopback, whose hardware
 * address is 0, which tells a frame for this host from another's.
 */
static uint32_t verdict(const struct twins *twins, const void *bytes, size_t size,
			enum wc_origin origin, struct __sk_buff *context, unsigned count)
{
	enum wc_kernel_hook hook = hook_of(twins, origin);
	size_t off = hook == WC_KERNEL_AT_SOCKET ? OFF : 0;
	uint8_t data[OFF + TWINS_FRAME_MAX] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = data,
		    .data_size_in = (uint32_t)(off + size), .ctx_in = context,
		    .ctx_size_in = context ? sizeof(*context) : 0, .repeat = (int)count);

	memcpy(data + off, bytes, size);
	memset(data, 0, 6);
	data[0] = origin == WC_ORIGIN_OTHER ? 2 : 0;
	if (off)
		data[12] = data[13] = 0xff;
	ck_assert_msg(
		bpf_prog_test_run_opts(wc_kernel_program_fd(twins->program, hook), &options) == 0,
		"%zu bytes: %s", size, strerror(errno));
	return options.retval;
}

/* Returns 0, or else what more is to be done with the frame. */
static uint32_t run(const struct twins *twins, const void *bytes, size_t size,
		    enum wc_origin origin, struct __sk_buff *context)
{
	return verdict(twins, bytes, size, origin, context, 1) - done[hook_of(twins, origin)];
}

uint32_t twins_verdict(struct twins *twins, const void *bytes, size_t size)
{
	return verdict(twins, bytes, size, WC_ORIGIN_RECEIVED, NULL, 1);
}

static struct wc_frame frame_of(const struct twins *twins, const void *bytes, size_t size,
				enum wc_origin origin)
{
	return (struct wc_frame){
		.bytes = bytes,
		.captured = (uint32_t)size,
		.length = (uint32_t)size,
		.time_ns = (int64_t)twins->now_ns,
		.link = twins->link,
		.origin = (uint8_t)origin,
	};
}

void twins_feed(struct twins *twins, const void *bytes, size_t size, enum wc_origin origin)
{
	const struct wc_frame frame = frame_of(twins, bytes, size, origin);

	if (size < least_at(hook_of(twins, origin)))
		return;
	if (run(twins, bytes, size, origin, NULL) != 0) {
		ck_assert_int_eq(twins->attach, WC_ATTACH_SOCKET);
		twins->handed_over++;
		if (!twins->filter || wc_filter_pass_tagged(twins->filter, &frame))
			decode(twins, twins->tables[0], &frame);
	}
	if (!twins->filter || wc_filter_pass(twins->filter, &frame))
		decode(twins, twins->tables[1], &frame);
	else
		twins->refused++;
}

void twins_repeat(struct twins *twins, const void *bytes, size_t size, unsigned count)
{
	const struct wc_frame frame = frame_of(twins, bytes, size, WC_ORIGIN_RECEIVED);

	verdict(twins, bytes, size, WC_ORIGIN_RECEIVED, NULL, count);
	for (unsigned i = 0; i < count; i++)
		decode(twins, twins->tables[1], &frame);
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

/* Ends an interval and takes the snapshots of both. */
static void take(struct twins *twins, struct wc_snapshot snapshots[2], unsigned seconds)
{
	struct wc_span span = {.start_ns = twins->now_ns, .end_ns = twins->now_ns + seconds * NS};
	struct wc_kernel_when when = {.first_ns = (int64_t)span.start_ns,
				      .last_ns = (int64_t)span.end_ns,
				      .now_s = (uint32_t)(span.end_ns / NS)};
	struct wc_kernel_frames frames;
	struct wc_error error;

	wc_kernel_drain_run(twins->drain, twins->tables[0], &when, &frames);
	for (int i = 0; i < 2; i++) {
		snapshots[i] = (struct wc_snapshot){0};
		ck_assert_int_eq(wc_collect(&snapshots[i], twins->last[i], &twins->tables[i], 1,
					    &span, &error),
				 0);
	}
	wc_kernel_drain_serve(twins->drain, &twins->tables[0]->conversations.served);
	twins->now_ns = span.end_ns;
}

void twins_compare(struct twins *twins, const char *name, unsigned seconds)
{
	struct wc_snapshot snapshots[2];
	struct lines lines[2];

	take(twins, snapshots, seconds);
	for (int i = 0; i < 2; i++) {
		lines_list(&lines[i], &snapshots[i], twins->rules.scan.threshold);
		wc_collect_free(&snapshots[i]);
	}
	for (size_t i = 0; i < lines[0].count && i < lines[1].count; i++)
		ck_assert_msg(strcmp(lines[0].items[i], lines[1].items[i]) == 0,
			      "%s: the program has\n  %s\nand the decoder\n  %s", name,
			      lines[0].items[i], lines[1].items[i]);
	ck_assert_msg(lines[0].count == lines[1].count, "%s: %zu rows, and %zu", name,
		      lines[0].count, lines[1].count);
	lines_free(&lines[0]);
	lines_free(&lines[1]);
}

struct added {
	uint64_t packets, bytes, others;
};

static struct added add_talks(const struct wc_snapshot *snapshot)
{
	struct added sum = {0, 0, 0};

	for (size_t i = 0; i < snapshot->conversation_rows; i++) {
		const struct wc_conversation_row *row = &snapshot->conversations[i];

		sum.packets += row->forward.packets + row->reverse.packets;
		sum.bytes += row->forward.bytes + row->reverse.bytes;
		sum.others += row->other;
	}
	return sum;
}

static struct added add_hosts(const struct wc_snapshot *snapshot)
{
	struct added sum = {0, 0, 0};

	for (size_t i = 0; i < snapshot->host_rows; i++) {
		const struct wc_host_row *row = &snapshot->hosts[i];

		sum.packets += row->sent.packets + row->received.packets;
		sum.bytes += row->sent.bytes + row->received.bytes;
		sum.others += row->other;
	}
	return sum;
}

uint64_t twins_counted(struct twins *twins)
{
	const struct wc_kernel_when when = {0, 0, (uint32_t)(twins->now_ns / NS)};
	struct wc_kernel_frames frames;

	wc_kernel_drain_run(twins->drain, twins->tables[0], &when, &frames);
	return frames.counted;
}

void twins_overflow(struct twins *twins, unsigned seconds)
{
	struct wc_snapshot snapshots[2];
	struct added talks[2], hosts[2];

	take(twins, snapshots, seconds);
	for (int i = 0; i < 2; i++) {
		talks[i] = add_talks(&snapshots[i]);
		hosts[i] = add_hosts(&snapshots[i]);
	}
	ck_assert_uint_eq(snapshots[0].delta.frames, snapshots[1].delta.frames);
	ck_assert_uint_gt(talks[1].packets, 0);
	ck_assert_int_eq(memcmp(&talks[0], &talks[1], sizeof(talks[0])), 0);
	ck_assert_uint_gt(hosts[1].packets, 0);
	ck_assert_int_eq(memcmp(&hosts[0], &hosts[1], sizeof(hosts[0])), 0);
	ck_assert_uint_eq(talks[0].others, 1);
	ck_assert_uint_eq(hosts[0].others, 1);
	for (int i = 0; i < 2; i++)
		wc_collect_free(&snapshots[i]);
}
