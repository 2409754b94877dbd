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
#include "rules.h"
#include "served.h"

struct wc_packet; /* packet.h */

/* Which end of a row stands for all addresses outside the local networks. */
enum { WC_FOLDED_CLIENT = 1, WC_FOLDED_SERVER = 2 };

struct wc_conversation_key {
	uint64_t client_high, client_low;
	uint64_t server_high, server_low;
	uint16_t port;        /* the server's */
	uint16_t client_port; /* 0 without five_tuple */
	uint8_t protocol;
	uint8_t version; /* of both addresses */
	uint8_t folded;
	uint8_t spare; /* zero, as keys are compared byte by byte */
};

struct wc_way {
	uint64_t packets, bytes, ip_bytes;
};

/* Two cache lines. */
struct wc_conversation {
	struct wc_keyed_head head;
	struct wc_conversation_key key;
	uint8_t direction;            /* of forward frames */
	uint8_t scope;                /* enum wc_scope */
	uint8_t flags, reverse_flags; /* TCP's, of the interval */
	uint32_t active_s;            /* when it was last counted, by the workers' clock */
	int64_t first_ns;
	struct wc_way forward, reverse;
	uint64_t new;
	int64_t last_ns;
};

/* What the last snapshot had, beside each row. */
struct wc_conversation_side {
	struct wc_way forward, reverse;
	uint64_t new;
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
	bool reverse; /* from server to client */
};

/* Results as wc_keyed_open(). */
int wc_conversations_open(struct wc_conversations *conversations, const struct wc_rules *rules);
void wc_conversations_close(struct wc_conversations *conversations);

/* Works out the conversation of a TCP or UDP packet whose addresses have these hashes. */
void wc_conversations_talk(struct wc_conversations *conversations, const struct wc_rules *rules,
			   const struct wc_packet *packet, uint64_t source_hash,
			   uint64_t destination_hash, struct wc_talk *talk);

/* Counts the packet. */
void wc_conversations_count(struct wc_conversations *conversations, const struct wc_packet *packet,
			    const struct wc_talk *talk, uint32_t now_s);

#endif /* WC_CONVERSATIONS_H */
