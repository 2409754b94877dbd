/*
 * transport.bpf.h - ports, and what a frame says of an attempt: by TCP, UDP and ICMP
 */
#ifndef WC_TRANSPORT_BPF_H
#define WC_TRANSPORT_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <stdbool.h>
#include <stdint.h>

#include "chain.bpf.h"
#include "frame.bpf.h"
#include "ip.bpf.h"
#include "seen.bpf.h"

#define PROTOCOL_ICMP   1
#define PROTOCOL_TCP    6
#define PROTOCOL_UDP    17
#define PROTOCOL_ICMPV6 58

static __always_inline void set_event(struct seen *seen, uint8_t event, uint16_t port)
{
	seen->event = event;
	seen->event_port = port;
}

/* What its flags say about an attempt; @cold: the sequence is 0. */
static __always_inline void note_tcp(struct seen *seen, bool cold)
{
	uint8_t set = seen->flags & 0x17;

	if (set == 0x02)
		set_event(seen, EVENT_NEW, seen->key);
	else if (set == 0x12)
		set_event(seen, EVENT_ACCEPTED, seen->source_port);
	else if (set == 0x14 && cold)
		set_event(seen, EVENT_REFUSED, seen->source_port);
}

__noinline int read_tcp(FRAME *frame, struct seen *seen)
{
	uint8_t header[14];

	if (!seen || seen->left < sizeof(header) ||
	    !fetch(frame, seen->at, header, sizeof(header)) || header[12] >> 4 < 5)
		return 0;
	seen->class = CLASS_TCP;
	seen->source_port = load16(header);
	seen->key = load16(header + 2);
	seen->flags = header[13];
	seen->payload = (header[12] >> 4) * 4;
	note_tcp(seen, !(header[4] | header[5] | header[6] | header[7]));
	return 0;
}

static __always_inline void read_udp(FRAME *frame, struct seen *seen)
{
	uint8_t header[4];

	if (seen->left < sizeof(header) || !fetch(frame, seen->at, header, sizeof(header)))
		return;
	seen->class = CLASS_UDP;
	seen->source_port = load16(header);
	seen->key = load16(header + 2);
	seen->payload = 8;
}

/* Does ICMP or ICMPv6 say "port unreachable" about a UDP datagram? */
__noinline int read_icmp(FRAME *frame, struct seen *seen)
{
	bool v4, fragment = false, good;
	uint8_t header[8], protocol;
	uint64_t at, left;
	uint32_t length;

	if (!seen)
		return 0;
	at = seen->at;
	left = seen->left;
	v4 = seen->version == 4;
	if (left < sizeof(header) || !fetch(frame, at, header, sizeof(header)))
		return 0;
	seen->echo = header[0] == (v4 ? 8 : 128);
	if (header[0] != (v4 ? 3 : 1) || header[1] != (v4 ? 3 : 4))
		return 0;
	at += sizeof(header);
	left -= sizeof(header);
	if (left < (v4 ? V4_HEADER : V6_HEADER))
		return 0;
	good = v4 ? step_v4(frame, &seen->head, &at, &left, &seen->tried_source,
			    &seen->tried_destination, &length, &protocol, &fragment)
		  : step_v6(frame, &seen->head, &at, &left, &seen->tried_source,
			    &seen->tried_destination, &length, &protocol);
	if (!good)
		return 0;
	if (!v4 && !step_extensions(frame, &seen->place, &at, &left, &protocol, &fragment))
		return 0;
	if (protocol != PROTOCOL_UDP || fragment || left < 4 || !fetch(frame, at, header, 4))
		return 0;
	seen->quoted = true;
	seen->source_port = load16(header);
	set_event(seen, EVENT_REFUSED, load16(header + 2));
	return 0;
}

#endif /* WC_TRANSPORT_BPF_H */
