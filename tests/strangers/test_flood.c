/*
 * Ten million sources that do not exist, of both families, against the tables that
 * a live capture has: every frame is counted, and memory stays where it was said
 * to. Rows go idle and are freed meanwhile, and strangers take them.
 */
#include <check.h>
#include <stdio.h>
#include <unistd.h>

#include "collect.h"
#include "hash.h"
#include "packet.h"
#include "rules.h"
#include "suite.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define SOURCES   10000000
#define INTERVALS 10
#define BOUND     65536 /* rows of hosts, and of conversations: as live */
#define SECOND    UINT64_C(1000000000)

static const struct wc_rules rules = {
	.conversations = BOUND,
	.hosts = BOUND,
	.idle_s = 20,
	.scan.threshold = 20,
	.seed = {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89}},
};

/* What was counted, apart from the tables. */
struct sum {
	uint64_t packets, bytes, new;
};

static uint64_t draw(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Resident memory in bytes. */
static uint64_t resident(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fscanf(file, "%*u %lu", &pages), 1);
	fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* A SYN, or a UDP frame, from anywhere to one of this host's addresses. */
static void spoof(struct wc_packet *packet, struct sum *sum)
{
	uint64_t drawn = draw();
	bool tcp = drawn & 1, six = drawn & 2;

	*packet = (struct wc_packet){
		.packets = 1,
		.source = {.low = draw() >> (six ? 0 : 32), .version = six ? 6 : 4},
		.destination = {.low = six ? 1 : 0xc0000201, .version = six ? 6 : 4},
		.ip_bytes = 40,
		.time_ns = WC_TIME_UNKNOWN,
		.bytes = 54 + (drawn >> 8 & 0xff),
		.key = (uint16_t)(drawn >> 16),
		.class = tcp ? WC_CLASS_TCP : WC_CLASS_UDP,
		.direction = WC_DIRECTION_IN,
		.protocol = tcp ? WC_PROTOCOL_TCP : WC_PROTOCOL_UDP,
		.tcp_flags = tcp ? 2 : 0,
		.source_port = (uint16_t)(drawn >> 32),
		.inside = WC_INSIDE_DESTINATION,
		.event = tcp ? WC_EVENT_NEW : WC_EVENT_NONE,
		.event_protocol = WC_PROTOCOL_TCP,
		.event_direction = WC_DIRECTION_IN,
		.event_port = (uint16_t)(drawn >> 16),
	};
	packet->source.high = six ? draw() : 0;
	packet->destination.high = six ? UINT64_C(0x20010db800000000) : 0;
	packet->source_hash = wc_hash_address(&rules.seed, &packet->source);
	packet->destination_hash = wc_hash_address(&rules.seed, &packet->destination);
	sum->packets++;
	sum->bytes += packet->bytes;
	sum->new += tcp;
}

static void flood(struct wc_tables *tables, uint64_t sources, struct sum *sum)
{
	struct wc_packet batch[WC_TABLES_BATCH];

	while (sources) {
		size_t count = sources < WC_TABLES_BATCH ? sources : WC_TABLES_BATCH;

		for (size_t i = 0; i < count; i++)
			spoof(&batch[i], sum);
		wc_tables_count(tables, batch, count);
		sources -= count;
	}
}

static void assert_sum(const struct sum *sum, const struct sum *expected)
{
	ck_assert_uint_eq(sum->packets, expected->packets);
	ck_assert_uint_eq(sum->bytes, expected->bytes);
	ck_assert_uint_eq(sum->new, expected->new);
}

/* Rows and `other` are all that was counted in the interval, in each table. */
static void check_rows(const struct wc_snapshot *snapshot, const struct sum *expected)
{
	struct sum ports = {0}, talks = {0}, sent = {0}, received = {0};

	for (size_t i = 0; i < snapshot->port_rows; i++) {
		const struct wc_port_counts *delta = &snapshot->ports[i].delta;

		ports.packets += delta->all.packets;
		ports.bytes += delta->all.bytes;
		ports.new += delta->new;
	}
	for (size_t i = 0; i < snapshot->conversation_rows; i++) {
		const struct wc_conversation_row *row = &snapshot->conversations[i];

		talks.packets += row->forward.packets + row->reverse.packets;
		talks.bytes += row->forward.bytes + row->reverse.bytes;
		talks.new += row->forward.new;
	}
	for (size_t i = 0; i < snapshot->host_rows; i++) {
		const struct wc_host_row *row = &snapshot->hosts[i];

		sent.packets += row->sent.packets;
		sent.bytes += row->sent.bytes;
		sent.new += row->sent.new;
		received.packets += row->received.packets;
		received.bytes += row->received.bytes;
		received.new += row->received.new;
	}
	assert_sum(&ports, expected);
	assert_sum(&talks, expected);
	assert_sum(&sent, expected);
	assert_sum(&received, expected);
}

static void add(struct sum *to, const struct sum *sum)
{
	to->packets += sum->packets;
	to->bytes += sum->bytes;
	to->new += sum->new;
}

/* An interval of so many sources. Returns how much memory was resident with its snapshot. */
static uint64_t interval(struct wc_tables *tables, struct wc_tables *last, unsigned number,
			 struct sum *all)
{
	struct wc_span span = {.start_ns = number * 10 * SECOND,
			       .end_ns = (number + 1) * 10 * SECOND};
	struct wc_snapshot snapshot = {0};
	struct wc_error error = {""};
	struct sum sum = {0};
	uint64_t bytes;

	flood(tables, SOURCES / INTERVALS, &sum);
	add(all, &sum);
	ck_assert_int_eq(wc_collect(&snapshot, last, &tables, 1, &span, &error), 0);
	bytes = resident();
	check_rows(&snapshot, &sum);
	ck_assert_uint_eq(snapshot.total.frames, all->packets);
	ck_assert_uint_eq(snapshot.total.directions[WC_DIRECTION_IN].packets, all->packets);
	ck_assert_uint_eq(snapshot.total.directions[WC_DIRECTION_IN].bytes, all->bytes);
	ck_assert_uint_eq(snapshot.total.internet_in.packets, all->packets);
	ck_assert_uint_le(snapshot.host_rows, BOUND + 1);
	ck_assert_uint_le(snapshot.conversation_rows, BOUND + 1);
	wc_collect_free(&snapshot);
	return bytes;
}

START_TEST(ten_million_sources)
{
	struct wc_tables *tables = wc_tables_new(WC_TABLES_POOL, &rules);
	struct wc_tables *last = wc_tables_new(WC_TABLES_POOL_ALL, NULL);
	uint64_t before, most = 0, stated, snapshot;
	struct sum all = {0};

	ck_assert(tables && last);
	before = resident();
	stated = wc_tables_size(tables) + wc_tables_size(last);
	/* Rows of each kind, and room for twice the ports that there are, as that list doubles. */
	snapshot = (BOUND + 1) * (sizeof(struct wc_host_row) + sizeof(struct wc_conversation_row) +
				  sizeof(struct wc_scanner_row)) +
		   2 * 2 * 65536 * sizeof(struct wc_port_row);
	for (unsigned i = 0; i < INTERVALS; i++) {
		uint64_t now = interval(tables, last, i, &all);

		if (now > most)
			most = now;
	}
	ck_assert_uint_eq(all.packets, SOURCES);
	printf("figure: load: ten million sources into the tables: %.1f MB stated for tables, %.1f "
	       "MB "
	       "for a snapshot; grown by %.1f MB\n",
	       (double)stated / 1e6, (double)snapshot / 1e6, (double)(most - before) / 1e6);
	ck_assert_uint_le(most - before, stated + snapshot);
	/* What is left when the snapshots are freed is the tables'. */
	ck_assert_uint_le(resident() - before, stated);
	/* The bound was reached: else this test shows nothing. */
	ck_assert_uint_eq(tables->hosts.table.touched, BOUND);
	ck_assert_uint_eq(tables->conversations.table.touched, BOUND);
	wc_tables_free(tables);
	wc_tables_free(last);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {ten_million_sources, NULL};

	return suite_run("flood", tests, 300);
}
