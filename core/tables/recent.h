/*
 * recent.h - the rows that were counted on lately
 *
 * A packet between two addresses that the decoder knew again (ends.h) is counted on
 * the rows of the packet before it, without a search. That holds until rows are
 * freed: then all is forgotten, at the cost of one search for each.
 */
#ifndef WC_RECENT_H
#define WC_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"

struct wc_conversation; /* conversations.h */
struct wc_host_entry;   /* hosts.h */

#define WC_RECENT_BITS 10

struct wc_recent_hosts {
	uint32_t ends;  /* as in struct wc_packet */
	uint32_t epoch; /* in which the rows were found */
	struct wc_host_entry *source, *destination;
};

/* A conversation is known by its ends, which way they go, and its ports. */
struct wc_recent_talk {
	uint64_t key;
	uint32_t epoch;
	uint32_t way;
	struct wc_conversation *row;
};

struct wc_recent {
	uint32_t epoch; /* never 0 */
	struct wc_recent_hosts hosts[WC_ENDS_SLOTS];
	struct wc_recent_talk talks[1 << WC_RECENT_BITS];
};

/* Returns the slot of a packet's hosts. */
static inline struct wc_recent_hosts *wc_recent_hosts(struct wc_recent *recent,
						      const struct wc_packet *packet)
{
	return &recent->hosts[packet->ends_slot];
}

/* True if @hosts holds the rows of the packet's hosts. */
static inline bool wc_recent_has_hosts(const struct wc_recent *recent,
				       const struct wc_recent_hosts *hosts,
				       const struct wc_packet *packet)
{
	return hosts->ends == packet->ends && hosts->epoch == recent->epoch;
}

/* As above, of conversations. @port and @client_port are the key's, as in its row. */
static inline uint64_t wc_recent_key(const struct wc_packet *packet, uint16_t port,
				     uint16_t client_port)
{
	return (uint64_t)packet->ends << 32 | (uint64_t)client_port << 16 | port;
}

static inline uint32_t wc_recent_way(const struct wc_packet *packet, bool reverse)
{
	return (uint32_t)packet->class << 1 | reverse;
}

static inline struct wc_recent_talk *wc_recent_talk(struct wc_recent *recent, uint64_t key,
						    uint32_t way)
{
	uint64_t mixed = (key ^ (uint64_t)way << 48) * UINT64_C(0x9e3779b97f4a7c15);

	return &recent->talks[mixed >> (64 - WC_RECENT_BITS)];
}

static inline bool wc_recent_has_talk(const struct wc_recent *recent,
				      const struct wc_recent_talk *talk, uint64_t key, uint32_t way)
{
	return talk->key == key && talk->way == way && talk->epoch == recent->epoch;
}

static inline void wc_recent_forget(struct wc_recent *recent)
{
	if (!++recent->epoch)
		recent->epoch = 1;
}

#endif /* WC_RECENT_H */
