#include "collect_keyed.h"

#include <stddef.h>
#include <stdlib.h>

#include "merge.h"
#include "tables.h"
#include "wirecensus/snapshot.h"

/* A set has at most these many rows of a kind; one more is for `other`. */
static size_t row_room(struct wc_tables *const *now, size_t count, size_t offset)
{
	size_t room = 1;

	for (size_t i = 0; i < count; i++)
		room += ((const struct wc_keyed *)((const char *)now[i] + offset))->used;
	return room;
}

static struct wc_way_counts way_since(const struct wc_way *now, const struct wc_way *before)
{
	return (struct wc_way_counts){
		.packets = now->packets - before->packets,
		.bytes = now->bytes - before->bytes,
		.ip_bytes = now->ip_bytes - before->ip_bytes,
	};
}

static struct wc_address peer(uint64_t high, uint64_t low, uint8_t version, bool folded)
{
	return (struct wc_address){high, low, folded ? 0 : version};
}

/* Returns false for a row that was not heard in the interval. */
static bool make_conversation(struct wc_conversation_row *row, const struct wc_conversation *now,
			      const struct wc_conversation_side *before)
{
	uint8_t version = wc_conversation_version(now->head.kind);
	unsigned folded = wc_conversation_folded(now->head.kind);

	*row = (struct wc_conversation_row){
		.forward = way_since(&now->forward, &before->forward),
		.reverse = way_since(&now->reverse, &before->reverse),
		.client =
			peer(now->client_high, now->client_low, version, folded & WC_FOLDED_CLIENT),
		.server =
			peer(now->server_high, now->server_low, version, folded & WC_FOLDED_SERVER),
		.first_seen_ns = now->first_ns,
		.last_seen_ns = now->last_ns,
		.port = now->port,
		.client_port = now->client_port,
		.protocol = wc_conversation_protocol(now->head.kind),
		.direction = now->direction,
		.scope = now->scope,
	};
	row->forward.new = now->new - before->new;
	row->forward.flags = now->flags;
	row->reverse.flags = now->reverse_flags;
	return row->forward.packets || row->reverse.packets;
}

bool wc_collect_conversations(struct wc_snapshot *snapshot, struct wc_tables *const *now,
			      size_t count)
{
	size_t room = row_room(now, count, offsetof(struct wc_tables, conversations.table));
	struct wc_conversation_row *rows = malloc(room * sizeof(*rows)), *next = rows;
	struct wc_conversation_row other = {
		.other = true, .first_seen_ns = WC_TIME_UNKNOWN, .last_seen_ns = WC_TIME_UNKNOWN};

	if (!rows)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct wc_conversations *set = &now[i]->conversations;
		struct wc_way_counts rest = way_since(&set->other, &set->other_before);

		for (uint32_t n = 0; n < set->table.touched; n++) {
			const struct wc_keyed_head *head = wc_keyed_row(&set->table, n);

			next += head->used &&
				make_conversation(next, (const struct wc_conversation *)head,
						  wc_keyed_side(&set->table, n));
		}
		other.forward.packets += rest.packets;
		other.forward.bytes += rest.bytes;
		other.forward.ip_bytes += rest.ip_bytes;
		other.forward.new += set->other_new - set->other_new_before;
	}
	if (count > 1)
		next = rows + wc_merge_conversations(rows, (size_t)(next - rows));
	if (other.forward.packets)
		*next++ = other;
	snapshot->conversations = rows;
	snapshot->conversation_rows = (size_t)(next - rows);
	return true;
}

static struct wc_host_way host_since(const struct wc_host_counts *now,
				     const struct wc_host_counts *before)
{
	return (struct wc_host_way){
		.packets = now->all.packets - before->all.packets,
		.bytes = now->all.bytes - before->all.bytes,
		.new = now->new - before->new,
	};
}

static void add_host_way(struct wc_host_way *to, const struct wc_host_way *way)
{
	to->packets += way->packets;
	to->bytes += way->bytes;
	to->new += way->new;
}

static void make_host(struct wc_host_row *row, const struct wc_host_entry *now,
		      const struct wc_host_side *side)
{
	struct wc_host_counts sent = {now->sent, side->sent_new};
	struct wc_host_counts received = {now->received, side->received_new};
	*row = (struct wc_host_row){
		.address = {now->key.high, now->key.low, (uint8_t)now->head.kind},
		.sent = host_since(&sent, &side->sent_before),
		.received = host_since(&received, &side->received_before),
		.first_seen_ns = side->first_ns,
		.last_seen_ns = now->last_ns,
	};
}

bool wc_collect_hosts(struct wc_snapshot *snapshot, struct wc_tables *const *now, size_t count)
{
	size_t room = row_room(now, count, offsetof(struct wc_tables, hosts.table));
	struct wc_host_row *rows = malloc(room * sizeof(*rows)), *next = rows;
	struct wc_host_row other = {
		.other = true, .first_seen_ns = WC_TIME_UNKNOWN, .last_seen_ns = WC_TIME_UNKNOWN};

	if (!rows)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct wc_hosts *set = &now[i]->hosts;
		struct wc_host_way sent = host_since(&set->other_sent, &set->other_sent_before);
		struct wc_host_way received =
			host_since(&set->other_received, &set->other_received_before);

		for (uint32_t n = 0; n < set->table.touched; n++) {
			const struct wc_keyed_head *head = wc_keyed_row(&set->table, n);

			if (head->used)
				make_host(next++, (const struct wc_host_entry *)head,
					  wc_keyed_side(&set->table, n));
		}
		add_host_way(&other.sent, &sent);
		add_host_way(&other.received, &received);
	}
	if (count > 1)
		next = rows + wc_merge_hosts(rows, (size_t)(next - rows));
	if (other.sent.packets || other.received.packets)
		*next++ = other;
	snapshot->hosts = rows;
	snapshot->host_rows = (size_t)(next - rows);
	return true;
}

/* Returns true when a row that was last counted at @active_s is to be freed now. */
static bool is_over(struct wc_keyed_head *head, uint32_t active_s, uint32_t now_s, uint32_t idle_s)
{
	bool idle = idle_s && now_s - active_s >= idle_s;
	bool over = idle && head->idle;

	head->idle = idle;
	return over;
}

/* Returns true when the row is to be freed. */
static bool settle_conversation(struct wc_conversation *row, struct wc_conversation_side *side,
				uint32_t now_s, uint32_t idle_s)
{
	if (row->forward.packets != side->forward.packets ||
	    row->reverse.packets != side->reverse.packets)
		side->active_s = now_s;
	side->forward = row->forward;
	side->reverse = row->reverse;
	side->new = row->new;
	row->flags = row->reverse_flags = 0;
	return is_over(&row->head, side->active_s, now_s, idle_s);
}

static bool settle_host(struct wc_host_entry *row, struct wc_host_side *side, uint32_t now_s,
			uint32_t idle_s)
{
	if (row->sent.packets != side->sent_before.all.packets ||
	    row->received.packets != side->received_before.all.packets)
		side->active_s = now_s;
	side->sent_before = (struct wc_host_counts){row->sent, side->sent_new};
	side->received_before = (struct wc_host_counts){row->received, side->received_new};
	return is_over(&row->head, side->active_s, now_s, idle_s);
}

static void settle_conversations(struct wc_tables *set, uint32_t now_s)
{
	struct wc_conversations *conversations = &set->conversations;
	struct wc_keyed *table = &conversations->table;

	for (uint32_t n = 0; n < table->touched; n++) {
		struct wc_keyed_head *head = wc_keyed_row(table, n);

		if (head->used &&
		    settle_conversation((struct wc_conversation *)head, wc_keyed_side(table, n),
					now_s, set->rules->idle_s))
			wc_keyed_remove(table, n);
	}
	conversations->other_before = conversations->other;
	conversations->other_new_before = conversations->other_new;
	wc_served_settle(&conversations->served);
}

static void settle_hosts(struct wc_tables *set, uint32_t now_s)
{
	struct wc_keyed *table = &set->hosts.table;

	for (uint32_t n = 0; n < table->touched; n++) {
		struct wc_keyed_head *head = wc_keyed_row(table, n);

		if (head->used && settle_host((struct wc_host_entry *)head, wc_keyed_side(table, n),
					      now_s, set->rules->idle_s))
			wc_keyed_remove(table, n);
	}
	set->hosts.other_sent_before = set->hosts.other_sent;
	set->hosts.other_received_before = set->hosts.other_received;
}

void wc_collect_settle(struct wc_tables *const *now, size_t count, uint32_t now_s)
{
	for (size_t i = 0; i < count; i++) {
		settle_conversations(now[i], now_s);
		settle_hosts(now[i], now_s);
	}
}
