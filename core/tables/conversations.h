/*
 * conversations.h - who talks to whom, and which way
 *
 * One row per client, server, protocol and service port; with five_tuple per
 * client port too. Which side serves is decided frame by frame, and a row is
 * never re-keyed. TCP and UDP only: rows and `other` add up to the port rows.
 */
#ifndef WC_CONVERSATIONS_H
#define WC_CONVERSATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "keyed.h"
#include "packet.h"
#include "rules.h"
#include "served.h"

/* Which end of a row stands for all addresses outside the local networks. */
enum { WC_FOLDED_CLIENT = 1, WC_FOLDED_SERVER = 2, WC_FOLDED_BOTH = 3 };

/* The rest of the key is the row's kind: protocol, version of the addresses, what is folded. */
struct wc_conversation_key {
	uint64_t client_high, client_low;
	uint64_t server_high, server_low;
	uint16_t port;        /* the server's */
	uint16_t client_port; /* 0 without five_tuple */
};

#define WC_CONVERSATION_KEY_SIZE 36 /* without padding */

static inline uint16_t wc_conversation_kind(uint8_t protocol, uint8_t version, unsigned folded)
{
	return (uint16_t)(protocol << 8 | version << 4 | (int)folded);
}

static inline uint8_t wc_conversation_protocol(uint16_t kind)
{
	return (uint8_t)(kind >> 8);
}

static inline uint8_t wc_conversation_version(uint16_t kind)
{
	return kind >> 4 & 0xf;
}

static inline unsigned wc_conversation_folded(uint16_t kind)
{
	return kind & 0xf;
}

struct wc_way {
	uint64_t packets, bytes, ip_bytes;
};

static inline struct wc_way wc_way_of(const struct wc_packet *packet)
{
	return (struct wc_way){packet->packets, packet->bytes, packet->ip_bytes};
}

static inline void wc_way_add(struct wc_way *to, const struct wc_way *more)
{
	to->packets += more->packets;
	to->bytes += more->bytes;
	to->ip_bytes += more->ip_bytes;
}

/* Two cache lines. */
struct wc_conversation {
	struct wc_keyed_head head;
	uint64_t client_high, client_low; /* the key, member by member */
	uint64_t server_high, server_low;
	uint16_t port, client_port;
	uint8_t direction;            /* of forward frames */
	uint8_t scope;                /* enum wc_scope */
	uint8_t flags, reverse_flags; /* TCP's, of the interval */
	struct wc_way forward, reverse;
	uint64_t new;
	int64_t first_ns, last_ns;
	uint64_t spare;
};

/* True if nothing has been counted on the row. */
static inline bool wc_conversation_is_fresh(const struct wc_conversation *row)
{
	return !row->forward.packets && !row->reverse.packets;
}

/* Beside each row: what the last snapshot had. */
struct wc_conversation_side {
	struct wc_way forward, reverse;
	uint64_t new;
	uint32_t active_s; /* the last snapshot that found it counted, by a steady clock */
};

struct wc_conversations {
	struct wc_keyed table;
	struct wc_served served;
	struct wc_way other; /* frames without a row, either way */
	uint64_t other_new;
	struct wc_way other_before; /* as the last snapshot had it */
	uint64_t other_new_before;
};

/* A packet's conversation, worked out before its row is needed. */
struct wc_talk {
	struct wc_conversation_key key;
	uint32_t tag;
	uint16_t kind;
	bool reverse; /* from server to client */
};

/* Results as wc_keyed_open(). */
int wc_conversations_open(struct wc_conversations *conversations, const struct wc_rules *rules);
void wc_conversations_close(struct wc_conversations *conversations);

/*
 * Returns the tag of a key whose client and server have these hashes, as
 * wc_hash_address() gives them.
 */
uint32_t wc_conversations_tag(const struct wc_rules *rules, const struct wc_conversation_key *key,
			      uint16_t kind, uint64_t client_hash, uint64_t server_hash);

/* Returns true if a TCP or UDP packet comes from the side that serves. Asked once for each. */
bool wc_conversations_turn(struct wc_conversations *conversations, const struct wc_packet *packet);

/*
 * Returns true if a packet that refuses a datagram by ICMP comes from the side that serves: then
 * it refuses an attempt, else the answer to one.
 */
bool wc_conversations_turn_error(const struct wc_conversations *conversations,
				 const struct wc_packet *packet);

/* Works out the conversation of a TCP or UDP packet. */
void wc_conversations_talk(struct wc_conversations *conversations, const struct wc_rules *rules,
			   const struct wc_packet *packet, bool reverse, struct wc_talk *talk);

/*
 * Returns the row of a packet's conversation, made if there was none, or NULL when
 * there is no room for one. @number is what wc_keyed_look() said of its tag.
 */
struct wc_conversation *wc_conversations_find(struct wc_conversations *conversations,
					      const struct wc_packet *packet,
					      const struct wc_talk *talk, uint32_t number);

/*
 * Counts packets that went one way on @row; the last of them at @last_ns, and @flags are
 * all of theirs.
 */
static inline void wc_conversation_add(struct wc_conversation *row, bool reverse,
				       const struct wc_way *way, uint8_t flags, int64_t last_ns)
{
	wc_way_add(reverse ? &row->reverse : &row->forward, way);
	*(reverse ? &row->reverse_flags : &row->flags) |= flags;
	if (last_ns > row->last_ns)
		row->last_ns = last_ns;
}

/* Counts the packet on @row, or in `other` when that is NULL. */
void wc_conversations_count(struct wc_conversations *conversations, struct wc_conversation *row,
			    const struct wc_packet *packet, bool reverse);

#endif /* WC_CONVERSATIONS_H */
