/*
 * count.c - counts a batch of packets
 *
 * A row is in no cache when keys are many. So a batch is gone through three times,
 * and each pass asks for the memory that the next one reads: the waits overlap. The
 * order in which packets find and make their rows is that of the batch.
 */
#include "packet.h"
#include "recent.h"
#include "rules.h"
#include "tables.h"

/* What is worked out for a packet before its rows are needed. */
struct plan {
	struct wc_host_entry *source, *destination;
	struct wc_conversation *conversation;
	bool find_hosts, find_talk; /* those above are to be searched for, by what follows */
	bool reverse;               /* from the side that serves */
	uint32_t source_tag, destination_tag;
	uint32_t source_number, destination_number, number; /* by wc_keyed_look() */
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

/* Returns the counters of a packet's key, or NULL. */
static inline uint64_t *counters_of(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_dense *dense = wc_tables_dense(tables, packet->class);

	return dense ? wc_dense_row(dense, packet->direction, packet->key) : NULL;
}

static inline uint64_t *event_counters_of(struct wc_tables *tables, const struct wc_packet *packet)
{
	bool tcp = packet->event_protocol == WC_PROTOCOL_TCP;

	return wc_dense_row(tcp ? &tables->tcp : &tables->udp, packet->event_direction,
			    packet->event_port);
}

static void count_event(struct wc_tables *tables, const struct wc_packet *packet)
{
	static const uint8_t tcp_counters[] = {[WC_EVENT_NEW] = WC_COUNTER_TCP_NEW,
					       [WC_EVENT_ACCEPTED] = WC_COUNTER_TCP_ACCEPTED,
					       [WC_EVENT_REFUSED] = WC_COUNTER_TCP_REFUSED};
	bool tcp = packet->event_protocol == WC_PROTOCOL_TCP;

	event_counters_of(tables,
			  packet)[tcp ? tcp_counters[packet->event] : WC_COUNTER_UDP_REFUSED]++;
}

static inline void add(struct wc_counts *counts, const struct wc_packet *packet)
{
	counts->packets += packet->packets;
	counts->bytes += packet->bytes;
}

/* Counts what has no key, and on the counters of the key. */
static inline void count_class(struct wc_tables *tables, const struct wc_packet *packet,
			       uint64_t *counters)
{
	add(&tables->sums.classes[packet->class][packet->direction], packet);
	if (packet->inside == WC_INSIDE_SOURCE)
		add(&tables->sums.internet_out, packet);
	else if (packet->inside == WC_INSIDE_DESTINATION)
		add(&tables->sums.internet_in, packet);
	if (counters) {
		counters[WC_COUNTER_PACKETS] += packet->packets;
		counters[WC_COUNTER_BYTES] += packet->bytes;
	}
}

WC_KEYED_PREFETCH fetch_counters(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_dense *dense = wc_tables_dense(tables, packet->class);

	if (dense)
		__builtin_prefetch(wc_dense_look(dense, packet->direction, packet->key), 1);
}

/* The key under which a packet's conversation is remembered. */
static inline uint64_t talk_key(const struct wc_rules *rules, const struct wc_packet *packet,
				bool reverse)
{
	uint16_t client_port = reverse ? packet->key : packet->source_port;

	return wc_recent_key(packet, reverse ? packet->source_port : packet->key,
			     rules->five_tuple ? client_port : 0);
}

static inline void plan_talk(struct wc_tables *tables, const struct wc_packet *packet,
			     struct plan *plan)
{
	struct wc_recent *recent = tables->recent;
	const struct wc_recent_talk *talk;
	uint64_t key;
	uint32_t way;

	plan->reverse = wc_conversations_turn(&tables->conversations, packet);
	if (!tables->rules->conversations)
		return;
	key = talk_key(tables->rules, packet, plan->reverse);
	way = wc_recent_way(packet, plan->reverse);
	talk = wc_recent_talk(recent, key, way);
	if (packet->ends && wc_recent_has_talk(recent, talk, key, way)) {
		plan->conversation = talk->row;
		return;
	}
	plan->find_talk = true;
	wc_conversations_talk(&tables->conversations, tables->rules, packet, plan->reverse,
			      &plan->talk);
}

/* First pass: which rows, and where their index cells are. */
static inline void plan_packet(struct wc_tables *tables, const struct wc_packet *packet,
			       struct plan *plan)
{
	const struct wc_recent_hosts *hosts;

	fetch_counters(tables, packet);
	plan->find_hosts = plan->find_talk = plan->reverse = false;
	if (!has_hosts(packet))
		return;
	hosts = packet->ends ? wc_recent_hosts(tables->recent, packet) : NULL;
	if (hosts && wc_recent_has_hosts(tables->recent, hosts, packet)) {
		plan->source = hosts->source;
		plan->destination = hosts->destination;
	} else {
		plan->find_hosts = true;
		plan->source_tag = wc_keyed_tag(packet->source_hash);
		plan->destination_tag = wc_keyed_tag(packet->destination_hash);
		wc_keyed_prefetch_index(&tables->hosts.table, plan->source_tag);
		wc_keyed_prefetch_index(&tables->hosts.table, plan->destination_tag);
	}
	if (has_talk(packet))
		plan_talk(tables, packet, plan);
}

WC_KEYED_PREFETCH fetch_side(const struct wc_hosts *hosts, unsigned side, uint32_t number)
{
	if (number)
		__builtin_prefetch(wc_keyed_side(&hosts->table, side, number - 1), 1);
}

/* What count_scan() and count_new() of hosts.c touch beside the rows. */
WC_KEYED_PREFETCH fetch_sides(const struct wc_hosts *hosts, const struct wc_packet *packet,
			      const struct plan *plan)
{
	if (packet->event == WC_EVENT_NEW) {
		fetch_side(hosts, WC_HOST_NOTES, plan->source_number);
		fetch_side(hosts, WC_HOST_NOTES, plan->destination_number);
	}
	if (packet->class == WC_CLASS_UDP)
		fetch_side(hosts, WC_HOST_SCAN,
			   plan->reverse ? plan->destination_number : plan->source_number);
	else if (packet->class == WC_CLASS_TCP && wc_scan_is_attempt(packet->tcp_flags))
		fetch_side(hosts, WC_HOST_SCAN, plan->source_number);
	else if (packet->event != WC_EVENT_NONE)
		fetch_side(hosts, WC_HOST_SCAN, plan->destination_number);
}

static inline void look_hosts(const struct wc_hosts *hosts, const struct wc_packet *packet,
			      struct plan *plan)
{
	const struct wc_keyed *table = &hosts->table;

	plan->source_number = wc_keyed_look(table, plan->source_tag);
	plan->destination_number = wc_keyed_look(table, plan->destination_tag);
	wc_keyed_prefetch(table->rows, plan->source_number, sizeof(struct wc_host_entry));
	wc_keyed_prefetch(table->rows, plan->destination_number, sizeof(struct wc_host_entry));
	fetch_sides(hosts, packet, plan);
}

/* Second pass: the cells are here, and name the rows. */
static inline void look_packet(struct wc_tables *tables, const struct wc_packet *packet,
			       struct plan *plan)
{
	const struct wc_keyed *conversations = &tables->conversations.table;

	if (plan->find_hosts)
		look_hosts(&tables->hosts, packet, plan);
	if (plan->find_talk) {
		plan->number = wc_keyed_look(conversations, plan->talk.tag);
		wc_keyed_prefetch(conversations->rows, plan->number,
				  sizeof(struct wc_conversation));
	}
}

/* Searches for the rows of a packet's hosts, and remembers them. */
static void find_hosts(struct wc_tables *tables, const struct wc_packet *packet, struct plan *plan)
{
	struct wc_hosts *hosts = &tables->hosts;

	plan->source = wc_hosts_find(hosts, &packet->source, plan->source_tag, plan->source_number,
				     packet);
	plan->destination = wc_hosts_find(hosts, &packet->destination, plan->destination_tag,
					  plan->destination_number, packet);
	if (packet->ends && plan->source && plan->destination)
		*wc_recent_hosts(tables->recent, packet) = (struct wc_recent_hosts){
			.ends = packet->ends,
			.epoch = tables->recent->epoch,
			.source = plan->source,
			.destination = plan->destination,
		};
}

/* The same of its conversation. */
static void find_talk(struct wc_tables *tables, const struct wc_packet *packet, struct plan *plan)
{
	uint64_t key = talk_key(tables->rules, packet, plan->reverse);
	uint32_t way = wc_recent_way(packet, plan->reverse);

	plan->conversation =
		wc_conversations_find(&tables->conversations, packet, &plan->talk, plan->number);
	if (packet->ends && plan->conversation)
		*wc_recent_talk(tables->recent, key, way) = (struct wc_recent_talk){
			.key = key,
			.epoch = tables->recent->epoch,
			.way = way,
			.row = plan->conversation,
		};
}

/* Third pass: the rows are here. */
static inline void count_keyed(struct wc_tables *tables, const struct wc_packet *packet,
			       struct plan *plan)
{
	const struct wc_rules *rules = tables->rules;

	if (rules->hosts) {
		if (plan->find_hosts)
			find_hosts(tables, packet, plan);
		wc_hosts_count(&tables->hosts, rules, packet, plan->source, plan->destination,
			       plan->reverse);
	}
	if (has_talk(packet) && rules->conversations) {
		if (plan->find_talk)
			find_talk(tables, packet, plan);
		wc_conversations_count(&tables->conversations, plan->conversation, packet,
				       plan->reverse);
	}
}

static inline void count_packet(struct wc_tables *tables, const struct wc_packet *packet,
				struct plan *plan)
{
	if (has_hosts(packet))
		count_keyed(tables, packet, plan);
	count_class(tables, packet, counters_of(tables, packet));
	if (packet->event != WC_EVENT_NONE)
		count_event(tables, packet);
}

static void count_all(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	struct plan plans[WC_TABLES_BATCH];

	wc_keyed_make_room(&tables->conversations.table, (uint32_t)count);
	wc_keyed_make_room(&tables->hosts.table, 2 * (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		plan_packet(tables, &packets[i], &plans[i]);
	for (size_t i = 0; i < count; i++)
		look_packet(tables, &packets[i], &plans[i]);
	for (size_t i = 0; i < count; i++)
		count_packet(tables, &packets[i], &plans[i]);
}

/* Without conversations and hosts. */
static void count_plain(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fetch_counters(tables, &packets[i]);
	for (size_t i = 0; i < count; i++) {
		count_class(tables, &packets[i], counters_of(tables, &packets[i]));
		if (packets[i].event != WC_EVENT_NONE)
			count_event(tables, &packets[i]);
	}
}

void wc_tables_count(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	if (tables->rules->hosts || tables->rules->conversations)
		count_all(tables, packets, count);
	else
		count_plain(tables, packets, count);
	tables->sums.frames += count;
}
