#include "tables.h"

#include <stdlib.h>

#include "packet.h"
#include "pool.h"
#include "rules.h"

/*
 * Protocols are few: their pages are set aside, so that a flood over all ports
 * cannot push them into `other`.
 */
static void reserve(struct wc_dense *dense, unsigned keys)
{
	for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
		for (unsigned key = 0; key < keys; key += WC_DENSE_PAGE_ROWS)
			wc_dense_page(dense, direction, (uint16_t)key);
}

static bool open_keyed(struct wc_tables *tables, const struct wc_rules *rules)
{
	tables->rules = rules;
	return !wc_conversations_open(&tables->conversations, rules) &&
	       !wc_hosts_open(&tables->hosts, rules);
}

struct wc_tables *wc_tables_new(size_t bytes, const struct wc_rules *rules)
{
	struct wc_tables *tables = calloc(1, sizeof(*tables));

	if (!tables)
		return NULL;
	tables->pool = wc_pool_new(bytes);
	if (!tables->pool || (rules && !open_keyed(tables, rules))) {
		wc_tables_free(tables);
		return NULL;
	}
	wc_dense_init(&tables->tcp, WC_COUNTERS_TCP, tables->pool);
	wc_dense_init(&tables->udp, WC_COUNTERS_UDP, tables->pool);
	wc_dense_init(&tables->protocols, WC_COUNTERS_PLAIN, tables->pool);
	wc_dense_init(&tables->fragments, WC_COUNTERS_PLAIN, tables->pool);
	wc_dense_init(&tables->ethertypes, WC_COUNTERS_PLAIN, tables->pool);
	reserve(&tables->protocols, 256);
	reserve(&tables->fragments, WC_PROTOCOL_UDP + 1);
	return tables;
}

void wc_tables_free(struct wc_tables *tables)
{
	if (!tables)
		return;
	wc_conversations_close(&tables->conversations);
	wc_hosts_close(&tables->hosts);
	wc_pool_free(tables->pool);
	free(tables);
}

uint64_t wc_tables_size(const struct wc_tables *tables)
{
	uint64_t size = sizeof(*tables) + wc_pool_size(tables->pool);

	if (tables->rules)
		size += wc_keyed_size(&tables->conversations.table) +
			wc_keyed_size(&tables->hosts.table);
	return size;
}

static void count_event(struct wc_tables *tables, const struct wc_packet *packet)
{
	static const uint8_t tcp_counters[] = {[WC_EVENT_NEW] = WC_COUNTER_TCP_NEW,
					       [WC_EVENT_ACCEPTED] = WC_COUNTER_TCP_ACCEPTED,
					       [WC_EVENT_REFUSED] = WC_COUNTER_TCP_REFUSED};

	if (packet->event_protocol == WC_PROTOCOL_TCP)
		wc_dense_row(&tables->tcp, packet->event_direction,
			     packet->event_port)[tcp_counters[packet->event]]++;
	else
		wc_dense_row(&tables->udp, packet->event_direction,
			     packet->event_port)[WC_COUNTER_UDP_REFUSED]++;
}

static inline void add(struct wc_counts *counts, const struct wc_packet *packet)
{
	counts->packets += packet->packets;
	counts->bytes += packet->bytes;
}

static inline void count_class(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_dense *dense = wc_tables_dense(tables, packet->class);

	add(&tables->sums.classes[packet->class][packet->direction], packet);
	if (packet->inside == WC_INSIDE_SOURCE)
		add(&tables->sums.internet_out, packet);
	else if (packet->inside == WC_INSIDE_DESTINATION)
		add(&tables->sums.internet_in, packet);
	if (dense) {
		uint64_t *row = wc_dense_row(dense, packet->direction, packet->key);

		row[WC_COUNTER_PACKETS] += packet->packets;
		row[WC_COUNTER_BYTES] += packet->bytes;
	}
	if (packet->event != WC_EVENT_NONE)
		count_event(tables, packet);
}

/* What is worked out for a packet before its rows are needed. */
struct plan {
	uint32_t source_tag, destination_tag;
	struct wc_talk talk;
};

static inline bool has_hosts(const struct wc_packet *packet)
{
	return packet->source.version != 0;
}

static inline bool has_talk(const struct wc_packet *packet)
{
	return packet->class == WC_CLASS_TCP || packet->class == WC_CLASS_UDP;
}

WC_KEYED_PREFETCH fetch_class(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_dense *dense = wc_tables_dense(tables, packet->class);

	if (dense)
		__builtin_prefetch(wc_dense_look(dense, packet->direction, packet->key), 1);
}

/* First pass: which rows, and where their index cells are. */
static inline void plan_packet(struct wc_tables *tables, const struct wc_packet *packet,
			       struct plan *plan)
{
	if (!has_hosts(packet))
		return;
	plan->source_tag = wc_keyed_tag(packet->source_hash);
	plan->destination_tag = wc_keyed_tag(packet->destination_hash);
	wc_keyed_prefetch_index(&tables->hosts.table, plan->source_tag);
	wc_keyed_prefetch_index(&tables->hosts.table, plan->destination_tag);
	if (has_talk(packet))
		wc_conversations_talk(&tables->conversations, tables->rules, packet, &plan->talk);
}

/* Second pass: the cells are here, and name the rows. */
WC_KEYED_PREFETCH fetch_rows(struct wc_tables *tables, const struct wc_packet *packet,
			     const struct plan *plan)
{
	if (!has_hosts(packet))
		return;
	wc_keyed_prefetch_row(&tables->hosts.table, plan->source_tag, sizeof(struct wc_host_entry));
	wc_keyed_prefetch_row(&tables->hosts.table, plan->destination_tag,
			      sizeof(struct wc_host_entry));
	if (has_talk(packet))
		wc_keyed_prefetch_row(&tables->conversations.table, plan->talk.tag,
				      sizeof(struct wc_conversation));
}

/* Third pass: the rows are here. */
static inline void count_keyed(struct wc_tables *tables, const struct wc_packet *packet,
			       const struct plan *plan)
{
	if (!has_hosts(packet))
		return;
	if (tables->rules->hosts)
		wc_hosts_count(&tables->hosts, tables->rules, packet, plan->source_tag,
			       plan->destination_tag, has_talk(packet) && plan->talk.reverse);
	if (has_talk(packet) && tables->rules->conversations)
		wc_conversations_count(&tables->conversations, packet, &plan->talk);
}

static void count_all_keyed(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	struct plan plans[WC_TABLES_BATCH];

	wc_keyed_make_room(&tables->conversations.table, (uint32_t)count);
	wc_keyed_make_room(&tables->hosts.table, 2 * (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		plan_packet(tables, &packets[i], &plans[i]);
	for (size_t i = 0; i < count; i++)
		fetch_rows(tables, &packets[i], &plans[i]);
	for (size_t i = 0; i < count; i++)
		count_keyed(tables, &packets[i], &plans[i]);
}

/*
 * A row is in no cache when keys are many. The passes over a batch ask for all
 * that the next pass reads, so that the waits overlap.
 */
void wc_tables_count(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fetch_class(tables, &packets[i]);
	if (tables->rules->hosts || tables->rules->conversations)
		count_all_keyed(tables, packets, count);
	for (size_t i = 0; i < count; i++)
		count_class(tables, &packets[i]);
	tables->sums.frames += count;
}
