#include "collect_conversations.h"

#include <stdlib.h>

#include "merge.h"
#include "tables.h"
#include "wirecensus/snapshot.h"

/* There are at most so many rows; one is for `other`. */
static size_t row_room(struct wc_tables *const *now, size_t count)
{
	size_t room = 1;

	for (size_t i = 0; i < count; i++)
		room += now[i]->conversations.table.used;
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
	struct wc_conversation_row *rows = malloc(row_room(now, count) * sizeof(*rows));
	struct wc_conversation_row *next = rows;
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
						  wc_keyed_side(&set->table, 0, n));
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

/* Returns true when the row is to be freed. */
static bool settle(struct wc_conversation *row, struct wc_conversation_side *side, uint32_t now_s,
		   uint32_t idle_s)
{
	if (row->forward.packets != side->forward.packets ||
	    row->reverse.packets != side->reverse.packets)
		side->active_s = now_s;
	side->forward = row->forward;
	side->reverse = row->reverse;
	side->new = row->new;
	row->flags = row->reverse_flags = 0;
	return wc_keyed_is_over(&row->head, side->active_s, now_s, idle_s);
}

void wc_collect_settle_conversations(struct wc_tables *set, uint32_t now_s)
{
	struct wc_conversations *conversations = &set->conversations;
	struct wc_keyed *table = &conversations->table;

	for (uint32_t n = 0; n < table->touched; n++) {
		struct wc_keyed_head *head = wc_keyed_row(table, n);

		if (head->used && settle((struct wc_conversation *)head, wc_keyed_side(table, 0, n),
					 now_s, set->rules->idle_s))
			wc_keyed_remove(table, n);
	}
	conversations->other_before = conversations->other;
	conversations->other_new_before = conversations->other_new;
	wc_served_settle(&conversations->served);
}
