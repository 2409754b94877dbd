/*
 * ends.h - the pairs of addresses that were seen lately
 *
 * Most frames run between two addresses that were seen together a moment ago. What
 * the decoder found out of such a pair is remembered: the hashes, what they are to
 * this host, and a number, by which the tables remember rows. It changes no result.
 * An entry may be taken by any other pair, so that whoever makes pairs collide makes
 * frames cost what they cost without.
 */
#ifndef WC_ENDS_H
#define WC_ENDS_H

#include <stdbool.h>
#include <stdint.h>

#include "lines.h"
#include "packet.h"

/* What makes a pair, and what is known of it: one cache line. */
struct wc_ends {
	_Alignas(WC_LINE) uint64_t source_high;
	uint64_t source_low;
	uint64_t destination_high, destination_low;
	uint64_t source_hash, destination_hash;
	uint32_t number;
	uint8_t version;           /* 0: nothing is remembered here */
	uint8_t origin;            /* enum wc_origin, which decides the direction of some */
	uint8_t inside, direction; /* as in struct wc_packet */
};

/* Returns the place of a packet's pair. It needs no secret, as it changes no result. */
static inline uint16_t wc_ends_slot(const struct wc_packet *packet)
{
	uint64_t source = packet->source.high ^ packet->source.low;
	uint64_t destination = packet->destination.high ^ packet->destination.low;
	uint64_t mixed =
		source * UINT64_C(0x9e3779b97f4a7c15) + destination * UINT64_C(0xd6e8feb86659fd93);

	return (uint16_t)(mixed >> (64 - WC_ENDS_BITS));
}

/* True if @ends are the packet's, of a frame of @origin. */
static inline bool wc_ends_are(const struct wc_ends *ends, const struct wc_packet *packet,
			       uint8_t origin)
{
	return ((ends->source_low ^ packet->source.low) |
		(ends->destination_low ^ packet->destination.low) |
		(ends->source_high ^ packet->source.high) |
		(ends->destination_high ^ packet->destination.high) |
		(uint64_t)(ends->version ^ packet->source.version) |
		(uint64_t)(ends->origin ^ origin)) == 0;
}

/* Fills in what is known of its ends. */
static inline void wc_ends_recall(const struct wc_ends *ends, struct wc_packet *packet)
{
	packet->source_hash = ends->source_hash;
	packet->destination_hash = ends->destination_hash;
	packet->inside = ends->inside;
	packet->direction = ends->direction;
}

/* Makes @ends those of a packet in which all of this is filled in. */
static inline void wc_ends_learn(struct wc_ends *ends, const struct wc_packet *packet,
				 uint8_t origin, uint32_t number)
{
	*ends = (struct wc_ends){
		.source_high = packet->source.high,
		.source_low = packet->source.low,
		.destination_high = packet->destination.high,
		.destination_low = packet->destination.low,
		.source_hash = packet->source_hash,
		.destination_hash = packet->destination_hash,
		.number = number,
		.version = packet->source.version,
		.origin = origin,
		.inside = packet->inside,
		.direction = packet->direction,
	};
}

#endif /* WC_ENDS_H */
