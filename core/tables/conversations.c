#include "conversations.h"

#include <stddef.h>

#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

_Static_assert(offsetof(struct wc_conversation, client_high) == sizeof(struct wc_keyed_head) &&
		       offsetof(struct wc_conversation, direction) ==
			       sizeof(struct wc_keyed_head) + WC_CONVERSATION_KEY_SIZE,
	       "a row begins with its key");
_Static_assert(sizeof(struct wc_conversation) == 128, "a row is two cache lines");

int wc_conversations_open(struct wc_conversations *conversations, const struct wc_rules *rules)
{
	static const size_t sides[WC_KEYED_SIDES] = {sizeof(struct wc_conversation_side)};

	conversations->served = rules->served;
	return wc_keyed_open(&conversations->table, rules->conversations,
			     sizeof(struct wc_conversation), sides);
}

void wc_conversations_close(struct wc_conversations *conversations)
{
	wc_keyed_close(&conversations->table);
}

static bool is_lower(const struct wc_address *a, const struct wc_address *b)
{
	return a->high != b->high ? a->high < b->high : a->low < b->low;
}

/* Nothing in the ports tells: the far side serves, or else the lower address. */
static bool source_serves_by_address(const struct wc_packet *packet)
{
	switch (packet->direction) {
	case WC_DIRECTION_IN:
		return true;
	case WC_DIRECTION_OUT:
		return false;
	default:
		return is_lower(&packet->source, &packet->destination);
	}
}

/* By the ports @from, of the packet's sender, and @to. */
static inline bool source_serves_by_ports(const struct wc_served *served, unsigned transport,
					  const struct wc_packet *packet, uint16_t from,
					  uint16_t to)
{
	bool source = wc_served_has(served, transport, from);
	bool destination = wc_served_has(served, transport, to);

	if (source != destination)
		return source;
	return from != to ? from < to : source_serves_by_address(packet);
}

static bool source_serves(const struct wc_served *served, const struct wc_packet *packet)
{
	unsigned transport = packet->class == WC_CLASS_TCP ? WC_SERVED_TCP : WC_SERVED_UDP;

	if (packet->event == WC_EVENT_NEW)
		return false;
	if (packet->event != WC_EVENT_NONE) /* accepted or refused: an answer from the port */
		return true;
	return source_serves_by_ports(served, transport, packet, packet->source_port, packet->key);
}

static void set_key(struct wc_talk *talk, const struct wc_rules *rules,
		    const struct wc_packet *packet)
{
	bool reverse = talk->reverse;
	const struct wc_address *client = reverse ? &packet->destination : &packet->source;
	const struct wc_address *server = reverse ? &packet->source : &packet->destination;
	unsigned client_inside = reverse ? WC_INSIDE_DESTINATION : WC_INSIDE_SOURCE;
	unsigned server_inside = reverse ? WC_INSIDE_SOURCE : WC_INSIDE_DESTINATION;
	unsigned folded = 0;

	talk->key = (struct wc_conversation_key){
		.client_high = client->high,
		.client_low = client->low,
		.server_high = server->high,
		.server_low = server->low,
		.port = reverse ? packet->source_port : packet->key,
	};
	if (rules->five_tuple)
		talk->key.client_port = reverse ? packet->key : packet->source_port;
	if (rules->fold_internet && !(packet->inside & client_inside)) {
		folded |= WC_FOLDED_CLIENT;
		talk->key.client_high = talk->key.client_low = 0;
	}
	if (rules->fold_internet && !(packet->inside & server_inside)) {
		folded |= WC_FOLDED_SERVER;
		talk->key.server_high = talk->key.server_low = 0;
	}
	/* The internet is one peer to itself, too, whatever the version. */
	talk->kind = wc_conversation_kind(
		packet->protocol, folded == WC_FOLDED_BOTH ? 0 : packet->source.version, folded);
}

uint32_t wc_conversations_tag(const struct wc_rules *rules, const struct wc_conversation_key *key,
			      uint16_t kind, uint64_t client_hash, uint64_t server_hash)
{
	unsigned folded = wc_conversation_folded(kind);
	uint64_t client = folded & WC_FOLDED_CLIENT ? 0 : client_hash;
	uint64_t server = folded & WC_FOLDED_SERVER ? 0 : server_hash;
	uint64_t rest = (uint64_t)kind << 32 | (uint64_t)key->client_port << 16 | key->port;

	return wc_keyed_tag(wc_hash_pair(&rules->seed, client, server, rest));
}

bool wc_conversations_turn(struct wc_conversations *conversations, const struct wc_packet *packet)
{
	if (packet->event == WC_EVENT_ACCEPTED)
		wc_served_learn(&conversations->served, packet->source_port);
	return source_serves(&conversations->served, packet);
}

bool wc_conversations_turn_error(const struct wc_conversations *conversations,
				 const struct wc_packet *packet)
{
	return source_serves_by_ports(&conversations->served, WC_SERVED_UDP, packet,
				      packet->event_port, packet->source_port);
}

void wc_conversations_talk(struct wc_conversations *conversations, const struct wc_rules *rules,
			   const struct wc_packet *packet, bool reverse, struct wc_talk *talk)
{
	uint64_t client, server;

	talk->reverse = reverse;
	set_key(talk, rules, packet);
	client = talk->reverse ? packet->destination_hash : packet->source_hash;
	server = talk->reverse ? packet->source_hash : packet->destination_hash;
	talk->tag = wc_conversations_tag(rules, &talk->key, talk->kind, client, server);
	wc_keyed_prefetch_index(&conversations->table, talk->tag);
}

static enum wc_direction forward_direction(const struct wc_packet *packet, bool reverse)
{
	if (!reverse)
		return packet->direction;
	switch (packet->direction) {
	case WC_DIRECTION_IN:
		return WC_DIRECTION_OUT;
	case WC_DIRECTION_OUT:
		return WC_DIRECTION_IN;
	default:
		return packet->direction;
	}
}

/* Local when the far end lies in a local network; in transit, when both ends do. */
static enum wc_scope scope_of(const struct wc_packet *packet)
{
	unsigned wanted = packet->direction == WC_DIRECTION_IN    ? WC_INSIDE_SOURCE
			  : packet->direction == WC_DIRECTION_OUT ? WC_INSIDE_DESTINATION
								  : WC_INSIDE_BOTH;

	return (packet->inside & wanted) == wanted ? WC_SCOPE_LOCAL : WC_SCOPE_INTERNET;
}

static void begin(struct wc_conversation *row, const struct wc_packet *packet, bool reverse)
{
	row->direction = (uint8_t)forward_direction(packet, reverse);
	row->scope = (uint8_t)scope_of(packet);
	row->first_ns = packet->time_ns;
	row->last_ns = packet->time_ns;
}

struct wc_conversation *wc_conversations_find(struct wc_conversations *conversations,
					      const struct wc_packet *packet,
					      const struct wc_talk *talk, uint32_t number)
{
	struct wc_conversation *row =
		wc_keyed_find(&conversations->table, number, talk->tag, talk->kind, &talk->key,
			      WC_CONVERSATION_KEY_SIZE, sizeof(*row));

	if (row && wc_conversation_is_fresh(row))
		begin(row, packet, talk->reverse);
	return row;
}

void wc_conversations_count(struct wc_conversations *conversations, struct wc_conversation *row,
			    const struct wc_packet *packet, bool reverse)
{
	bool new = packet->event == WC_EVENT_NEW;
	struct wc_way way = wc_way_of(packet);

	if (row) {
		wc_conversation_add(row, reverse, &way, packet->tcp_flags, packet->time_ns);
		row->new += new;
	} else {
		wc_way_add(&conversations->other, &way);
		conversations->other_new += new;
	}
}
