/*
 * count.c - counts a batch of packets
 *
 * A row is in no cache when keys are many. So a batch is gone through three times,
 * and each pass asks for the memory that the next one reads: the waits overlap. The
 * order in which packets find and make their rows is that of the batch.
 */
#include "packet.h"
#include "plan.h"
#include "recent.h"
#include "rules.h"
#include "settle.h"
#include "tables.h"

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

/* Counts on @counters, those of the packet's key, which may be found here only, or not at all. */
static inline void count_key(struct wc_tables *tables, const struct wc_packet *packet,
			     uint64_t *counters)
{
	if (!counters) {
		struct wc_dense *dense = wc_tables_dense(tables, packet->class);

		if (!dense)
			return;
		counters = wc_dense_row(dense, packet->direction, packet->key);
	}
	counters[WC_COUNTER_PACKETS] += packet->packets;
	counters[WC_COUNTER_BYTES] += packet->bytes;
}

static inline void count_sums(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_counts counts = wc_counts_of(packet);

	wc_sums_count(&tables->sums, packet->class, packet->direction, packet->inside, &counts);
}

/* Searches for the rows of a packet's hosts, and remembers them. */
static void find_hosts(struct wc_tables *tables, const struct wc_packet *packet,
		       struct wc_plan *plan)
{
	struct wc_hosts *hosts = &tables->hosts;

	plan->source = wc_hosts_find(hosts, &packet->source, plan->source_tag, plan->source_number,
				     packet);
	plan->destination = wc_hosts_find(hosts, &packet->destination, plan->destination_tag,
					  plan->destination_number, packet);
	if (packet->ends && plan->source && plan->destination)
		*wc_recent_hosts(tables->recent, packet) = (struct wc_recent_hosts){
			.ends = packet->ends,
			.source = plan->source,
			.destination = plan->destination,
		};
}

/* Has all rows of a packet's plan. */
static void find_rows(struct wc_tables *tables, const struct wc_packet *packet,
		      struct wc_plan *plan)
{
	if (plan->known && plan->talk->key == plan->key) {
		const struct wc_recent_talk *talk = plan->talk;

		plan->conversation = talk->row;
		plan->source = wc_hosts_row(&tables->hosts, talk->source);
		plan->destination = wc_hosts_row(&tables->hosts, talk->destination);
		return;
	}
	if (plan->known) { /* another took its place since the first pass */
		wc_plan_search(tables, packet, plan);
		wc_plan_look(tables, packet, plan);
	}
	if (plan->find_hosts && tables->rules->hosts)
		find_hosts(tables, packet, plan);
	if (plan->find_talk)
		plan->conversation = wc_conversations_find(&tables->conversations, packet,
							   &plan->wanted, plan->number);
}

/* True if a row has a bin that the packet is behind, and what is kept belongs into it. */
static bool ends_bin(const struct wc_host_entry *row, const struct wc_packet *packet)
{
	return row && wc_host_is_due(row, packet->time_ns) && !wc_host_is_fresh(row);
}

static void count_hosts(struct wc_tables *tables, const struct wc_packet *packet,
			const struct wc_plan *plan)
{
	const struct wc_rules *rules = tables->rules;

	if (rules->rates_by_frame &&
	    (ends_bin(plan->source, packet) || ends_bin(plan->destination, packet)))
		wc_settle(tables);
	wc_hosts_count(&tables->hosts, rules, packet, plan->source, plan->destination,
		       plan->reverse);
}

/* For how long only counting is to be done for the packet's hosts. */
static uint16_t quiet_span(const struct wc_rules *rules, const struct wc_packet *packet,
			   const struct wc_plan *plan)
{
	uint16_t source, destination;

	if (!rules->hosts || !rules->rates_by_frame)
		return UINT16_MAX;
	source = wc_host_quiet(plan->source, packet->time_ns);
	destination = wc_host_quiet(plan->destination, packet->time_ns);
	return source < destination ? source : destination;
}

/* Remembers the rows on which a packet was counted. */
static void remember(struct wc_tables *tables, const struct wc_packet *packet,
		     const struct wc_plan *plan)
{
	struct wc_recent_talk *talk = plan->talk;
	bool hosts = tables->rules->hosts;

	if (talk->key != plan->key) {
		wc_settle_talk(tables, talk);
		*talk = (struct wc_recent_talk){
			.key = plan->key,
			.row = plan->conversation,
			.source = hosts ? wc_hosts_number(&tables->hosts, plan->source) : 0,
			.destination =
				hosts ? wc_hosts_number(&tables->hosts, plan->destination) : 0,
			.direction = packet->direction & 3u,
			.inside = packet->inside & 3u,
			.listed = talk->listed,
			.last_ns = packet->time_ns,
		};
	}
	talk->open = wc_host_units(packet->time_ns);
	talk->span = quiet_span(tables->rules, packet, plan);
}

/* Counts on the rows of hosts and conversations, and remembers these. */
static void count_keyed(struct wc_tables *tables, const struct wc_packet *packet,
			struct wc_plan *plan)
{
	const struct wc_rules *rules = tables->rules;
	bool talk = wc_plan_has_talk(packet) && rules->conversations;

	find_rows(tables, packet, plan);
	if (rules->hosts)
		count_hosts(tables, packet, plan);
	if (talk)
		wc_conversations_count(&tables->conversations, plan->conversation, packet,
				       plan->reverse);
	if (plan->key && (!talk || plan->conversation) &&
	    (!rules->hosts || (plan->source && plan->destination)))
		remember(tables, packet, plan);
}

/*
 * Counts a packet with which a known conversation merely goes on. Returns false, and has
 * done nothing, when it is another.
 */
static inline bool count_known(struct wc_tables *tables, const struct wc_packet *packet,
			       const struct wc_plan *plan)
{
	struct wc_recent_talk *talk;

	if (!plan->known)
		return false;
	talk = plan->talk;
	if (talk->key != plan->key || packet->event != WC_EVENT_NONE ||
	    !wc_recent_is_open(talk, packet->time_ns))
		return false;
	wc_recent_note(tables->recent, talk, packet);
	if (tables->rules->hosts && wc_hosts_has_scan(tables->rules, packet))
		wc_hosts_count_scan(&tables->hosts, tables->rules, packet,
				    wc_hosts_row(&tables->hosts, talk->source),
				    wc_hosts_row(&tables->hosts, talk->destination), plan->reverse);
	return true;
}

static inline void count_packet(struct wc_tables *tables, const struct wc_packet *packet,
				struct wc_plan *plan)
{
	if (!count_known(tables, packet, plan)) {
		if (wc_plan_has_hosts(packet))
			count_keyed(tables, packet, plan);
		count_sums(tables, packet);
		if (packet->event != WC_EVENT_NONE)
			count_event(tables, packet);
	}
	count_key(tables, packet, plan->counters);
}

static void count_all(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	struct wc_plan plans[WC_TABLES_BATCH];

	wc_keyed_make_room(&tables->conversations.table, (uint32_t)count);
	wc_keyed_make_room(&tables->hosts.table, 2 * (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		wc_plan_packet(tables, &packets[i], &plans[i]);
	for (size_t i = 0; i < count; i++)
		wc_plan_look(tables, &packets[i], &plans[i]);
	for (size_t i = 0; i < count; i++)
		count_packet(tables, &packets[i], &plans[i]);
}

/* Without conversations and hosts. */
static void count_plain(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	uint64_t *counters[WC_TABLES_BATCH];

	for (size_t i = 0; i < count; i++)
		counters[i] = wc_plan_counters(tables, &packets[i]);
	for (size_t i = 0; i < count; i++) {
		count_sums(tables, &packets[i]);
		count_key(tables, &packets[i], counters[i]);
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
