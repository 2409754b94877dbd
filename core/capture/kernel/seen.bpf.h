/*
 * seen.bpf.h - what is known of a frame while it is counted
 */
#ifndef WC_SEEN_BPF_H
#define WC_SEEN_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "maps.bpf.h"

/* As enum wc_class, of wirecensus/snapshot.h. */
enum {
	CLASS_TCP,
	CLASS_UDP,
	CLASS_PROTOCOL,
	CLASS_FRAGMENT,
	CLASS_ETHERTYPE,
	CLASS_LLC,
	CLASS_MALFORMED,
};

/* As enum wc_event. */
enum { EVENT_NONE, EVENT_NEW, EVENT_ACCEPTED, EVENT_REFUSED };

/* Does a program see a frame's bytes where they are, or are they fetched? */
enum sight { SIGHT_FETCHED, SIGHT_DIRECT };

#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd

#define ETHERNET_HEADER 14
#define V4_HEADER       20
#define V6_HEADER       40

struct end {
	uint64_t high, low;
};

/* One end of a frame. */
struct party {
	struct end address;
	uint32_t row;  /* of the host, + 1; 0: there is none */
	uint32_t hash; /* of the address */
	uint32_t bits; /* LOCAL_ */
	uint32_t unused;
};

/* Bytes at a frame's begin in which most frames have all that is read: Ethernet, IPv6, TCP. */
#define HEAD_SIZE (ETHERNET_HEADER + V6_HEADER + 14)

/* With two bytes in front, the IP header and all that is read of it is aligned. */
union head {
	uint64_t longs[9];
	uint32_t words[18];
	uint16_t halves[36];
	uint8_t bytes[72];
	struct {
		uint16_t unused, macs[6], type;
		uint32_t ip[14];
	};
};

/* A conversation's key, and what a new row is told. */
struct talk {
	struct end client, server;
	uint64_t ends; /* as in struct wc_kernel_talk, as are the next two */
	uint32_t ports;
	uint16_t kind;
	uint32_t tag;
};

/* Where the next of a chain of headers is. */
struct place {
	uint64_t at, left;
	uint8_t protocol; /* what it is */
	bool fragment;    /* but not the first: what follows is none of its headers */
	bool broken;      /* cut short, or too long */
};

/* What is known of a frame. Addresses are in host order, as in struct wc_address. */
struct seen {
	struct party source, destination;
	struct end tried_source, tried_destination; /* of a UDP datagram that ICMP quotes */
	uint64_t at, left;                          /* where the next header is, and how much */
	uint32_t length;                            /* as it is seen here */
	uint32_t bytes, ip_bytes, packets;          /* on the wire */
	uint32_t slice, generation;                 /* to be counted into */
	uint16_t key, source_port, event_port;
	uint8_t version; /* 0: no valid IP header */
	uint8_t class, protocol, flags, event, origin;
	uint8_t direction, event_direction;
	bool fragment, merged;
	bool reverse;                   /* from the side that serves */
	bool quoted;                    /* the event is about what ICMP quotes */
	bool echo;                      /* it asks for an answer by ICMP */
	bool fold_internet, scan_plain; /* as the reader wants it now */
	uint8_t payload; /* bytes of the transport header that every segment has; 0: not known */

	/* Room to work in, as there is little on the stack. */
	union head head;
	struct place place;
	struct talk talk;
};

/* Rows that a frame most likely needs: the numbers of entries in maps, or NO_ROW. */
struct wanted {
	uint32_t talk, source, destination, scan;
};

/* One for each processor, on which no run interrupts another. */
MAP(scratch, 1, struct seen);

/* The bounds of a sum of parts are beyond the verifier of Linux 6.1: it is cut after it is made. */
static __always_inline struct wc_kernel_slice *slice_of(const struct seen *seen)
{
	uint32_t number = seen->generation * WC_KERNEL_SLICES + seen->slice;

	asm volatile("" : "+r"(number));
	return &state.slices[number % (WC_KERNEL_GENERATIONS * WC_KERNEL_SLICES)];
}

#endif /* WC_SEEN_BPF_H */
