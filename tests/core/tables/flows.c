#include "flows.h"

#include <check.h>
#include <stdio.h>

#include "cases.h"
#include "collect.h"
#include "local.h"
#include "recipe.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define BOUND 1024

void flows_begin(struct flows *flows)
{
	static const struct wc_networks private_ones;

	if (!flows->rules.conversations)
		flows->rules.conversations = BOUND;
	if (!flows->rules.hosts)
		flows->rules.hosts = BOUND;
	if (!flows->rules.scan.threshold)
		flows->rules.scan.threshold = 20;
	flows->rules.seed = (struct wc_hash_seed){{11, 12, 13, 14}};
	flows->local = cases_host();
	ck_assert_int_eq(wc_local_add_networks(flows->local, &private_ones), 0);
	wc_memo_begin(&flows->memo, &flows->rules.seed, true);
	flows->tables = wc_tables_new(WC_TABLES_POOL, &flows->rules);
	flows->last = wc_tables_new(WC_TABLES_POOL_ALL, NULL);
	ck_assert(flows->tables && flows->last);
	flows->now_ns = 1000000 * FLOWS_SECOND;
}

void flows_end(struct flows *flows)
{
	wc_collect_free(&flows->snapshot);
	wc_tables_free(flows->last);
	wc_tables_free(flows->tables);
	wc_local_free(flows->local);
	*flows = (struct flows){.now_ns = 0};
}

struct wc_packet flows_decode(struct flows *flows, const char *recipe)
{
	struct recipe built;
	struct wc_packet packet;

	recipe_build(&built, recipe);
	packet = cases_decode_by(&flows->memo, flows->local, WC_LINK_ETHERNET, WC_ORIGIN_RECEIVED,
				 &built);
	packet.time_ns = (int64_t)flows->now_ns;
	return packet;
}

void flows_packet(struct flows *flows, const struct wc_packet *packet, unsigned times)
{
	struct wc_packet batch[WC_TABLES_BATCH];

	for (unsigned i = 0; i < WC_TABLES_BATCH; i++)
		batch[i] = *packet;
	if (packet->source.version)
		flows->hosts_heard += times;
	for (; times > WC_TABLES_BATCH; times -= WC_TABLES_BATCH)
		wc_tables_count(flows->tables, batch, WC_TABLES_BATCH);
	wc_tables_count(flows->tables, batch, times);
}

void flows_frame(struct flows *flows, const char *recipe, unsigned times)
{
	struct wc_packet packet = flows_decode(flows, recipe);

	flows_packet(flows, &packet, times);
}

static void check_conversations(const struct wc_snapshot *snapshot)
{
	const struct wc_counts *tcp = &snapshot->delta.classes[WC_CLASS_TCP];
	const struct wc_counts *udp = &snapshot->delta.classes[WC_CLASS_UDP];
	struct wc_way_counts sum = {0};
	uint64_t new = 0;

	for (size_t i = 0; i < snapshot->conversation_rows; i++) {
		const struct wc_conversation_row *row = &snapshot->conversations[i];

		ck_assert(!row->other || i == snapshot->conversation_rows - 1);
		sum.packets += row->forward.packets + row->reverse.packets;
		sum.bytes += row->forward.bytes + row->reverse.bytes;
		sum.new += row->forward.new + row->reverse.new;
	}
	for (size_t i = 0; i < snapshot->port_rows; i++)
		new += snapshot->ports[i].delta.new;
	ck_assert_uint_eq(sum.packets, tcp->packets + udp->packets);
	ck_assert_uint_eq(sum.bytes, tcp->bytes + udp->bytes);
	ck_assert_uint_eq(sum.new, new);
}

static void check_hosts(const struct wc_snapshot *snapshot, uint64_t heard)
{
	struct wc_host_way sent = {0}, received = {0};

	for (size_t i = 0; i < snapshot->host_rows; i++) {
		const struct wc_host_row *row = &snapshot->hosts[i];

		ck_assert(!row->other || i == snapshot->host_rows - 1);
		sent.packets += row->sent.packets;
		sent.bytes += row->sent.bytes;
		sent.new += row->sent.new;
		received.packets += row->received.packets;
		received.bytes += row->received.bytes;
		received.new += row->received.new;
	}
	ck_assert_uint_eq(sent.packets, heard);
	ck_assert_uint_eq(received.packets, heard);
	ck_assert_uint_eq(sent.bytes, received.bytes);
	ck_assert_uint_eq(sent.new, received.new);
}

void flows_collect(struct flows *flows, uint64_t seconds)
{
	struct wc_span span = {.start_ns = flows->now_ns};
	struct wc_error error = {""};

	flows->now_ns += seconds * FLOWS_SECOND;
	span.end_ns = flows->now_ns;
	span.frame_ns = (int64_t)flows->now_ns;
	wc_collect_free(&flows->snapshot);
	flows->snapshot = (struct wc_snapshot){0};
	ck_assert_int_eq(
		wc_collect(&flows->snapshot, flows->last, &flows->tables, 1, &span, &error), 0);
	check_conversations(&flows->snapshot);
	check_hosts(&flows->snapshot, flows->hosts_heard);
	flows->hosts_heard = 0;
}

static struct wc_address parsed(const char *text)
{
	struct wc_address address;

	ck_assert_int_eq(wc_address_parse(&address, text, NULL), 0);
	return address;
}

const struct wc_host_row *flows_host(const struct flows *flows, const char *text)
{
	struct wc_address address = parsed(text);

	for (size_t i = 0; i < flows->snapshot.host_rows; i++)
		if (wc_address_equal(&flows->snapshot.hosts[i].address, &address))
			return &flows->snapshot.hosts[i];
	return NULL;
}

const struct wc_scanner_row *flows_scanner(const struct flows *flows, const char *text)
{
	struct wc_address address = parsed(text);

	for (size_t i = 0; i < flows->snapshot.scanner_rows; i++)
		if (wc_address_equal(&flows->snapshot.scanners[i].address, &address))
			return &flows->snapshot.scanners[i];
	return NULL;
}

void flows_talk(struct flows *flows, unsigned from, unsigned to, bool syn, unsigned times)
{
	char recipe[100];

	snprintf(recipe, sizeof(recipe), "eth 0800 / ip4 10.0.%u.%u 10.0.%u.%u %s", from / 256,
		 from % 256, to / 256, to % 256,
		 syn ? "6 / tcp 40000 80 S 1" : "17 / udp 40000 53");
	flows_frame(flows, recipe, times);
}

void flows_assert_way(const struct wc_host_way *way, uint64_t packets, uint64_t bytes, uint64_t new)
{
	ck_assert_uint_eq(way->packets, packets);
	ck_assert_uint_eq(way->bytes, bytes);
	ck_assert_uint_eq(way->new, new);
}
