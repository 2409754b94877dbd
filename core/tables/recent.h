/*
 * recent.h - the rows that were counted on lately
 *
 * A packet between two addresses that the decoder knew again (ends.h) is counted on
 * the rows of the packet before it, without a search. And of most packets, with which
 * a conversation merely goes on, only sums are kept here: settle.c adds them to the
 * rows. All is forgotten when rows are freed, at the cost of one search for each.
 */
#ifndef WC_RECENT_H
#define WC_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "conversations.h"
#include "hosts.h"
#include "lines.h"
#include "packet.h"

#define WC_RECENT_BITS  10
#define WC_RECENT_TALKS (1 << WC_RECENT_BITS)

/* What a key is made of: the lowest bits, each, above those of two ports. */
#define WC_RECENT_REVERSE 32
#define WC_RECENT_CLASS   33 /* enum wc_class, of three bits */
#define WC_RECENT_ENDS    36

struct wc_recent_hosts {
	uint32_t ends; /* as in struct wc_packet; 0: none */
	struct wc_host_entry *source, *destination;
};

/*
 * A conversation, one way; or, without ports, what one host sends to another: one cache
 * line. Between two times nothing is to be done for the hosts but counting: from @open,
 * for @span, in the units of a row's head.due.
 */
struct wc_recent_talk {
	uint64_t key;                 /* by wc_recent_key(); 0: none */
	struct wc_conversation *row;  /* NULL: none is counted */
	uint32_t source, destination; /* the numbers of rows of hosts, where these are counted */
	uint32_t open;
	uint16_t span;
	unsigned char direction : 2, inside : 2; /* as in struct wc_packet */
	unsigned char listed : 1;                /* in struct wc_recent */

	/* What is still to be added to the rows. */
	uint8_t flags;
	struct wc_way way;
	int64_t last_ns;
};

struct wc_recent {
	_Alignas(WC_LINE) struct wc_recent_talk talks[WC_RECENT_TALKS];
	struct wc_recent_hosts hosts[WC_ENDS_SLOTS];
	uint32_t listed;                /* how many may have something to add: */
	uint16_t list[WC_RECENT_TALKS]; /* their places */
};

/* Returns the slot of a packet's hosts. */
static inline struct wc_recent_hosts *wc_recent_hosts(struct wc_recent *recent,
						      const struct wc_packet *packet)
{
	return &recent->hosts[packet->ends_slot];
}

/*
 * The key by which a packet with numbered ends is known: these, its class, and what
 * tells its conversation from others, by wc_recent_ports(). Never 0.
 */
static inline uint64_t wc_recent_key(const struct wc_packet *packet, uint64_t ports)
{
	return (uint64_t)packet->ends << WC_RECENT_ENDS |
	       (uint64_t)packet->class << WC_RECENT_CLASS | ports;
}

/* Of a packet of TCP or UDP: which way it goes, and the ports as in its row. */
static inline uint64_t wc_recent_ports(const struct wc_packet *packet, bool reverse,
				       bool five_tuple)
{
	uint16_t port = reverse ? packet->source_port : packet->key;
	uint16_t client_port = reverse ? packet->key : packet->source_port;

	return (uint64_t)reverse << WC_RECENT_REVERSE |
	       (uint64_t)(five_tuple ? client_port : 0) << 16 | port;
}

/* What wc_recent_key() made a key of. */
static inline unsigned wc_recent_class(uint64_t key)
{
	return key >> WC_RECENT_CLASS & 7;
}

static inline bool wc_recent_is_reverse(uint64_t key)
{
	return key >> WC_RECENT_REVERSE & 1;
}

/* Returns the place of a conversation, which may be taken by another. */
static inline struct wc_recent_talk *wc_recent_talk(struct wc_recent *recent, uint64_t key)
{
	return &recent->talks[key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - WC_RECENT_BITS)];
}

/* True if a frame of @now_ns, which may be unknown, is merely to be counted. */
static inline bool wc_recent_is_open(const struct wc_recent_talk *talk, int64_t now_ns)
{
	return now_ns >= 0 && wc_host_units(now_ns) - talk->open < talk->span;
}

/* Keeps what a packet adds to its rows. */
static inline void wc_recent_note(struct wc_recent *recent, struct wc_recent_talk *talk,
				  const struct wc_packet *packet)
{
	struct wc_way way = wc_way_of(packet);

	if (!talk->listed) {
		talk->listed = 1;
		recent->list[recent->listed++] = (uint16_t)(talk - recent->talks);
	}
	wc_way_add(&talk->way, &way);
	talk->flags |= packet->tcp_flags;
	if (packet->time_ns > talk->last_ns)
		talk->last_ns = packet->time_ns;
}

#endif /* WC_RECENT_H */
