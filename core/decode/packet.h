/*
 * packet.h - what the tables need to know of one frame
 */
#ifndef WC_PACKET_H
#define WC_PACKET_H

#include <stdint.h>

#include "wirecensus/address.h"

#define WC_PROTOCOL_ICMP   1
#define WC_PROTOCOL_TCP    6
#define WC_PROTOCOL_UDP    17
#define WC_PROTOCOL_ICMPV6 58

/* What a frame says about an attempt to reach a port. */
enum wc_event {
	WC_EVENT_NONE,
	WC_EVENT_NEW,
	WC_EVENT_ACCEPTED,
	WC_EVENT_REFUSED,
};

/* Which ends of a packet lie in a local network: bits. */
enum {
	WC_INSIDE_SOURCE = 1,
	WC_INSIDE_DESTINATION = 2,
	WC_INSIDE_BOTH = 3,
};

/* Pairs of addresses that are remembered: ends.h. */
#define WC_ENDS_BITS  10
#define WC_ENDS_SLOTS (1 << WC_ENDS_BITS)

/* Their numbers are below this, so that 36 bits are left in a word beside one. */
#define WC_ENDS_NUMBERS (1 << 28)

struct wc_packet {
	/* Only with class TCP and UDP, fragments, protocols and what is malformed behind IP. */
	struct wc_address source;
	struct wc_address destination; /* version 0 in both: no valid IP header */
	uint64_t source_hash, destination_hash;
	uint32_t ip_bytes; /* length by the IP header; 0 with no valid one */
	uint32_t packets;  /* that were on the wire: more than one in a frame that was merged */

	int64_t time_ns;
	uint32_t bytes;    /* on the wire, as are ip_bytes */
	uint16_t key;      /* by class: destination port, IP protocol, ethertype */
	uint8_t class;     /* enum wc_class */
	uint8_t direction; /* enum wc_direction */

	uint8_t protocol; /* behind IPv4 or IPv6 and its extension headers */
	uint8_t tcp_flags;
	uint16_t
		source_port; /* class TCP and UDP; that of a datagram which an ICMP error refuses */
	uint8_t inside;      /* WC_INSIDE_ bits; 0 with no valid IP header */

	/* Counted on the row of the attempt, which may be another than the frame's. */
	uint8_t event;           /* enum wc_event; the rest only with one */
	uint8_t event_protocol;  /* TCP or UDP */
	uint8_t event_direction; /* the attempt's */
	uint16_t event_port;     /* the attempt's destination port */

	/* Two packets of one memo with the same number have the same ends. */
	uint16_t ends_slot; /* below WC_ENDS_SLOTS; of a number always the same */
	uint32_t ends;      /* 0: not numbered */
};

#endif /* WC_PACKET_H */
