/*
 * plan.h - which rows a packet needs: the two passes before it is counted
 *
 * Inline, and for count.c only: they are a third of what a frame costs there.
 */
#ifndef WC_PLAN_H
#define WC_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"
#include "recent.h"
#include "rules.h"
#include "tables.h"

/* What is worked out for a packet before its rows are needed. */
struct wc_plan {
	uint64_t *counters;          /* of its key; NULL: wc_dense_row() has to say */
	struct wc_recent_talk *talk; /* where its conversation is, or will be, remembered */
	uint64_t key;                /* as what, by wc_recent_key(); 0: not at all */
	struct wc_host_entry *source, *destination;
	struct wc_conversation *conversation;
	bool known;                 /* it was there in the first pass */
	bool reverse;               /* from the side that serves */
	bool find_hosts, find_talk; /* by the following: */
	uint32_t source_tag, destination_tag;
	uint32_t source_number, destination_number, number; /* by wc_keyed_look() */
	struct wc_talk wanted;
};

static inline bool wc_plan_has_hosts(const struct wc_packet *packet)
{
	return packet->source.version != 0;
}

static inline bool wc_plan_has_talk(const struct wc_packet *packet)
{
	return packet->class == WC_CLASS_TCP || packet->class == WC_CLASS_UDP;
}

/* Returns the counters of a packet's key, and asks for them; NULL if it has none yet. */
static inline uint64_t *wc_plan_counters(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_dense *dense = wc_tables_dense(tables, packet->class);
	uint64_t *counters = dense ? wc_dense_look(dense, packet->direction, packet->key) : NULL;

	__builtin_prefetch(counters, 1);
	return counters;
}

static inline void wc_plan_hosts(struct wc_tables *tables, const struct wc_packet *packet,
				 struct wc_plan *plan)
{
	const struct wc_recent_hosts *hosts = wc_recent_hosts(tables->recent, packet);

	if (packet->ends && hosts->ends == packet->ends) {
		plan->source = hosts->source;
		plan->destination = hosts->destination;
		return;
	}
	plan->find_hosts = true;
	plan->source_tag = wc_keyed_tag(packet->source_hash);
	plan->destination_tag = wc_keyed_tag(packet->destination_hash);
	wc_keyed_prefetch_index(&tables->hosts.table, plan->source_tag);
	wc_keyed_prefetch_index(&tables->hosts.table, plan->destination_tag);
}

/* What another conversation leaves behind is to be added to its rows first. */
WC_KEYED_PREFETCH wc_plan_fetch_left(const struct wc_tables *tables,
				     const struct wc_recent_talk *left)
{
	const struct wc_keyed *hosts = &tables->hosts.table;

	if (!left->way.packets)
		return;
	for (size_t i = 0; left->row && i < sizeof(*left->row); i += 64)
		__builtin_prefetch((const char *)left->row + i, 1);
	wc_keyed_prefetch(hosts->rows, left->source + 1, sizeof(struct wc_host_entry));
	wc_keyed_prefetch(hosts->rows, left->destination + 1, sizeof(struct wc_host_entry));
}

/* Works out what a search for rows goes by. */
static inline void wc_plan_search(struct wc_tables *tables, const struct wc_packet *packet,
				  struct wc_plan *plan)
{
	plan->source = plan->destination = NULL;
	plan->conversation = NULL;
	wc_plan_hosts(tables, packet, plan);
	plan->find_talk = wc_plan_has_talk(packet) && tables->rules->conversations;
	if (plan->find_talk)
		wc_conversations_talk(&tables->conversations, tables->rules, packet, plan->reverse,
				      &plan->wanted);
}

/* First pass: is it known which rows, or else, where are their index cells? */
static inline void wc_plan_packet(struct wc_tables *tables, const struct wc_packet *packet,
				  struct wc_plan *plan)
{
	uint64_t ports = 0;

	plan->counters = wc_plan_counters(tables, packet);
	plan->known = plan->find_hosts = plan->find_talk = plan->reverse = false;
	plan->key = 0;
	if (!wc_plan_has_hosts(packet))
		return;
	if (wc_plan_has_talk(packet)) {
		plan->reverse = wc_conversations_turn(&tables->conversations, packet);
		ports = wc_recent_ports(packet, plan->reverse, tables->rules->five_tuple);
	} else if (packet->event != WC_EVENT_NONE) {
		plan->reverse = wc_conversations_turn_error(&tables->conversations, packet);
	}
	if (packet->ends) {
		plan->key = wc_recent_key(packet, ports);
		plan->talk = wc_recent_talk(tables->recent, plan->key);
		plan->known = plan->talk->key == plan->key;
		if (plan->known)
			return;
		wc_plan_fetch_left(tables, plan->talk);
	}
	wc_plan_search(tables, packet, plan);
}

WC_KEYED_PREFETCH wc_plan_fetch_side(const struct wc_hosts *hosts, unsigned side, uint32_t number)
{
	if (number)
		__builtin_prefetch(wc_keyed_side(&hosts->table, side, number - 1), 1);
}

/* What wc_hosts_count_scan() and count_new() of hosts.c touch beside the rows. */
WC_KEYED_PREFETCH wc_plan_fetch_sides(const struct wc_hosts *hosts, const struct wc_packet *packet,
				      const struct wc_plan *plan)
{
	if (packet->event == WC_EVENT_NEW) {
		wc_plan_fetch_side(hosts, WC_HOST_NOTES, plan->source_number);
		wc_plan_fetch_side(hosts, WC_HOST_NOTES, plan->destination_number);
	}
	if (packet->class == WC_CLASS_UDP)
		wc_plan_fetch_side(hosts, WC_HOST_SCAN,
				   plan->reverse ? plan->destination_number : plan->source_number);
	else if (packet->class == WC_CLASS_TCP && wc_scan_is_attempt(packet->tcp_flags))
		wc_plan_fetch_side(hosts, WC_HOST_SCAN, plan->source_number);
	else if (packet->event != WC_EVENT_NONE)
		wc_plan_fetch_side(hosts, WC_HOST_SCAN, plan->destination_number);
}

static inline void wc_plan_look_hosts(const struct wc_hosts *hosts, const struct wc_packet *packet,
				      struct wc_plan *plan)
{
	const struct wc_keyed *table = &hosts->table;

	plan->source_number = wc_keyed_look(table, plan->source_tag);
	plan->destination_number = wc_keyed_look(table, plan->destination_tag);
	wc_keyed_prefetch(table->rows, plan->source_number, sizeof(struct wc_host_entry));
	wc_keyed_prefetch(table->rows, plan->destination_number, sizeof(struct wc_host_entry));
	wc_plan_fetch_sides(hosts, packet, plan);
}

/* Second pass: the cells are here, and name the rows. */
static inline void wc_plan_look(struct wc_tables *tables, const struct wc_packet *packet,
				struct wc_plan *plan)
{
	const struct wc_keyed *conversations = &tables->conversations.table;

	if (plan->find_hosts)
		wc_plan_look_hosts(&tables->hosts, packet, plan);
	if (plan->find_talk) {
		plan->number = wc_keyed_look(conversations, plan->wanted.tag);
		wc_keyed_prefetch(conversations->rows, plan->number,
				  sizeof(struct wc_conversation));
	}
}

#endif /* WC_PLAN_H */
