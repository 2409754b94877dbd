/*
 * walk.bpf.h - from a frame to what is counted of it
 *
 * The same steps as in core/decode, which has the reasons: decode.c and link.c here, ip.c
 * and transport.c in the headers of their names. Every byte is fetched by a helper that
 * knows the frame's end, or is below an end that the verifier has seen compared.
 *
 * What most frames pass is inlined, here and beside; the verifier looks at each of the
 * other functions by itself.
 */
#ifndef WC_WALK_BPF_H
#define WC_WALK_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain.bpf.h"
#include "frame.bpf.h"
#include "ip.bpf.h"
#include "maps.bpf.h"
#include "seen.bpf.h"
#include "transport.bpf.h"
#include "tunnel.bpf.h"

#define TYPE_MIN 0x0600

#define TAGS_MAX 4

static __always_inline bool is_tag(uint16_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* Returns the type behind the tags, or -1 where one is cut short. The kernel took the outer one. */
static __always_inline int step_tags(FRAME *frame, struct seen *seen, uint16_t type)
{
	bool outer = lost_tag(frame);

	for (int tags = 0; tags < TAGS_MAX; tags++) {
		uint8_t tag[4];

		if (outer && tags == TAGS_MAX - 1)
			break;
		if (!is_tag(type))
			break;
		if (!fetch(frame, seen->at, tag, sizeof(tag)))
			return -1;
		type = load16(tag + 2);
		seen->at += sizeof(tag);
	}
	return type;
}

/* Returns the ethertype, less than TYPE_MIN for a length, or -1. */
static __always_inline int step_link(FRAME *frame, struct seen *seen)
{
	uint8_t first, type[2];

	if (state.control.link == WC_KERNEL_RAW) {
		seen->at = 0;
		if (!fetch(frame, 0, &first, 1))
			return -1;
		return first >> 4 == 4 ? TYPE_IPV4 : first >> 4 == 6 ? TYPE_IPV6 : -1;
	}
	seen->at = ETHERNET_HEADER;
	if (!fetch(frame, ETHERNET_HEADER - 2, type, sizeof(type)))
		return -1;
	return step_tags(frame, seen, load16(type));
}

static __always_inline void read_ip(FRAME *frame, struct seen *seen, bool v4)
{
	seen->left = seen->at < seen->length ? seen->length - seen->at : 0;
	if (v4) {
		if (!step_v4(frame, &seen->head, &seen->at, &seen->left, &seen->source.address,
			     &seen->destination.address, &seen->ip_bytes, &seen->protocol,
			     &seen->fragment))
			return;
		seen->version = 4;
	} else {
		if (!step_v6(frame, &seen->head, &seen->at, &seen->left, &seen->source.address,
			     &seen->destination.address, &seen->ip_bytes, &seen->protocol))
			return;
		seen->version = 6;
		if (!step_extensions(frame, &seen->place, &seen->at, &seen->left, &seen->protocol,
				     &seen->fragment))
			return;
	}
	if (seen->protocol != PROTOCOL_TCP && seen->protocol != PROTOCOL_UDP) {
		seen->class = CLASS_PROTOCOL;
		seen->key = seen->protocol;
		if (!seen->fragment && seen->protocol == (v4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6))
			read_icmp(frame, seen);
	} else if (seen->fragment) {
		seen->class = CLASS_FRAGMENT;
		seen->key = seen->protocol;
	} else if (seen->protocol == PROTOCOL_TCP) {
		read_tcp(frame, seen);
	} else {
		read_udp(frame, seen);
	}
}

/*
 * Reads a transport header, the words at @header, of which @left bytes are there.
 * False: it is of another kind, or cut short.
 */
static __always_inline bool take_transport(struct seen *seen, const uint32_t *header, uint64_t left)
{
	uint32_t ports = bpf_ntohl(header[0]), rest = bpf_ntohl(header[3]);

	seen->left = left;
	seen->source_port = (uint16_t)(ports >> 16);
	seen->key = (uint16_t)ports;
	if (seen->protocol == PROTOCOL_UDP) {
		seen->class = CLASS_UDP;
		seen->payload = 8;
		return left >= 4;
	}
	if (seen->protocol != PROTOCOL_TCP || left < 14 || rest >> 28 < 5)
		return false;
	seen->class = CLASS_TCP;
	seen->flags = (uint8_t)(rest >> 16);
	seen->payload = (uint8_t)(rest >> 28) * 4;
	note_tcp(seen, header[1] == 0);
	return true;
}

static __always_inline bool take_v4(struct seen *seen, const union head *head, uint64_t left)
{
	uint32_t first = bpf_ntohl(head->ip[0]), total = first & 0xffff;

	if (first >> 24 != 0x45 || total < V4_HEADER || head->ip[1] & bpf_htonl(0x1fff))
		return false;
	seen->version = 4;
	seen->protocol = (uint8_t)(bpf_ntohl(head->ip[2]) >> 16);
	seen->ip_bytes = total;
	seen->source.address.low = bpf_ntohl(head->ip[3]);
	seen->destination.address.low = bpf_ntohl(head->ip[4]);
	seen->at = ETHERNET_HEADER + V4_HEADER;
	left = left < total ? left : total;
	return take_transport(seen, &head->ip[5], left - V4_HEADER);
}

static __always_inline bool take_v6(struct seen *seen, const union head *head, uint64_t left)
{
	uint32_t second = bpf_ntohl(head->ip[1]), payload = second >> 16;

	if (left < V6_HEADER || bpf_ntohl(head->ip[0]) >> 28 != 6 || payload == 0)
		return false;
	seen->version = 6;
	seen->protocol = (uint8_t)(second >> 8);
	seen->ip_bytes = V6_HEADER + payload;
	seen->source.address.high = bpf_be64_to_cpu(head->longs[3]);
	seen->source.address.low = bpf_be64_to_cpu(head->longs[4]);
	seen->destination.address.high = bpf_be64_to_cpu(head->longs[5]);
	seen->destination.address.low = bpf_be64_to_cpu(head->longs[6]);
	seen->at = ETHERNET_HEADER + V6_HEADER;
	left -= V6_HEADER;
	return take_transport(seen, &head->ip[10], left < payload ? left : payload);
}

/* Bytes of a transport header that are looked at. */
#define TRANSPORT_HEAD 16

/* As walk_most(), of bytes that are looked at where they are. */
static __always_inline bool walk_there(FRAME *frame, struct seen *seen)
{
	const uint8_t *bytes = BEGIN_OF(frame), *end = END_OF(frame);
	const union head *head = (const void *)(bytes - offsetof(union head, macs));
	uint64_t left = seen->length - ETHERNET_HEADER;

	if (bytes + ETHERNET_HEADER + V4_HEADER + TRANSPORT_HEAD > end)
		return false;
	if (head->type == bpf_htons(TYPE_IPV4))
		return take_v4(seen, head, left);
	if (bytes + ETHERNET_HEADER + V6_HEADER + TRANSPORT_HEAD > end)
		return false;
	return head->type == bpf_htons(TYPE_IPV6) && take_v6(seen, head, left);
}

/*
 * Most frames: Ethernet without a tag inside, IP without options, extension headers and
 * fragments, TCP or UDP. One fetch, as each costs as much as all of the reading. False:
 * the frame is of another kind, and nothing of @seen is to be kept.
 */
static __always_inline bool walk_most(FRAME *frame, struct seen *seen, enum sight sight)
{
	union head *head = &seen->head;
	uint32_t size = seen->length;
	uint64_t left;

	if (state.control.link != WC_KERNEL_ETHERNET || size < ETHERNET_HEADER + V4_HEADER + 4)
		return false;
	if (sight == SIGHT_DIRECT && walk_there(frame, seen))
		return true;
	left = size - ETHERNET_HEADER;
	if (size > HEAD_SIZE)
		size = HEAD_SIZE;
	/* What is known of a copy, the verifier of Linux 6.1 does not know of the other. */
	asm volatile("" : "+r"(size));
	if (size > HEAD_SIZE || !fetch(frame, 0, (uint8_t *)head + 2, size))
		return false;
	if (head->type == bpf_htons(TYPE_IPV4))
		return take_v4(seen, head, left);
	return head->type == bpf_htons(TYPE_IPV6) && take_v6(seen, head, left);
}

/* True if a datagram of @segments of @size, less headers, cannot be @payload bytes long. */
static __always_inline bool is_odd(uint32_t payload, uint32_t segments, uint32_t size)
{
	return payload > segments * size || payload <= (segments - 1) * size;
}

/*
 * A merged frame stands for as many as were on the wire; each of them had all
 * headers, inside a tunnel, too. What a virtual machine hands over tells the size of
 * segments alone.
 */
static __always_inline void unmerge(FRAME *frame, struct seen *seen, uint32_t longest)
{
	uint32_t size = segment_size(frame), segments, tag, headers, ip_headers, inside = 0;

	if (size == 0 || !seen->payload) {
		seen->merged = seen->bytes > longest || (size && segments_of(frame) != 1);
		return;
	}
	segments = segments_of(frame);
	tag = lost_tag(frame) ? 4 : 0;
	headers = (uint32_t)seen->at + seen->payload;
	if (seen->class == CLASS_UDP && is_tunnel(seen->key))
		inside = headers_inside(frame, headers, seen->key);
	headers += inside;
	ip_headers = seen->payload + inside + seen->ip_bytes - (uint32_t)seen->left;
	if (segments == 0 && seen->length > headers)
		segments = (seen->length - headers + size - 1) / size;
	if (segments <= 1)
		return;
	/* What else is in a datagram is not known. */
	seen->merged = seen->class == CLASS_UDP && is_odd(seen->length - headers, segments, size);
	seen->packets = segments;
	seen->bytes += (segments - 1) * (headers + tag);
	seen->ip_bytes += (segments - 1) * ip_headers;
}

static __always_inline void begin(FRAME *frame, struct seen *seen)
{
	__builtin_memset(seen, 0, offsetof(struct seen, head));
	seen->length = length_of(frame);
	seen->bytes = seen->length + (lost_tag(frame) ? 4 : 0);
	seen->packets = 1;
	seen->class = CLASS_MALFORMED;
}

/* The others, step by step. */
__noinline int walk_any(FRAME *frame, struct seen *seen)
{
	int type;

	if (!seen)
		return 0;
	begin(frame, seen);
	type = step_link(frame, seen);
	if (type == TYPE_IPV4 || type == TYPE_IPV6) {
		read_ip(frame, seen, type == TYPE_IPV4);
	} else if (type >= TYPE_MIN) {
		seen->class = CLASS_ETHERTYPE;
		seen->key = (uint16_t)type;
	} else if (type >= 0) {
		seen->class = CLASS_LLC;
	}
	return 0;
}

/* Finds out all of a frame but what its addresses mean. */
static __always_inline int walk(FRAME *frame, struct seen *seen, uint32_t longest, enum sight sight)
{
	if (!seen)
		return 0;
	begin(frame, seen);
	if (!walk_most(frame, seen, sight))
		walk_any(frame, seen);
	FORGET();
	unmerge(frame, seen, longest);
	return 0;
}

#endif /* WC_WALK_BPF_H */
