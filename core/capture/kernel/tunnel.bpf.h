/*
 * tunnel.bpf.h - how long the headers inside a tunnel through UDP are
 *
 * Tunnels are not opened, and all in them counts as the outer datagram. But where many
 * segments of a connection inside were merged into one frame, each had these headers on
 * the wire.
 */
#ifndef WC_TUNNEL_BPF_H
#define WC_TUNNEL_BPF_H

#include <linux/bpf.h>

#include <stdbool.h>
#include <stdint.h>

#include "frame.bpf.h"
#include "seen.bpf.h"
#include "transport.bpf.h"

#define TUNNEL_VXLAN       4789 /* RFC 7348 */
#define TUNNEL_VXLAN_LINUX 8472 /* as Linux had it before */
#define TUNNEL_GENEVE      6081 /* RFC 8926 */

#define TUNNEL_HEADER   8
#define INSIDE_ETHERNET 0x6558 /* in a type of Geneve */

static __always_inline bool is_tunnel(uint16_t port)
{
	return port == TUNNEL_VXLAN || port == TUNNEL_VXLAN_LINUX || port == TUNNEL_GENEVE;
}

/* Steps @at over an IP header. Returns the protocol behind it, or 0. */
static __always_inline uint8_t step_inner_ip(FRAME *frame, uint32_t *at, uint16_t type)
{
	uint8_t first, protocol;

	if (type == TYPE_IPV4) {
		if (!fetch(frame, *at, &first, 1) || !fetch(frame, *at + 9, &protocol, 1))
			return 0;
		*at += (first & 0x0f) * 4u;
		return protocol;
	}
	if (type != TYPE_IPV6 || !fetch(frame, *at + 6, &protocol, 1))
		return 0;
	*at += V6_HEADER;
	return protocol;
}

/*
 * Returns how many bytes of headers begin at @at, behind that of UDP: the tunnel's own, then
 * Ethernet, IP, and TCP or UDP. 0: there are others.
 */
__noinline uint32_t headers_inside(FRAME *frame, uint32_t at, uint32_t port)
{
	uint8_t bytes[4], protocol, words;
	uint16_t type = INSIDE_ETHERNET;
	uint32_t begin = at;

	if (!fetch(frame, at, bytes, sizeof(bytes)))
		return 0;
	at += TUNNEL_HEADER;
	if (port == TUNNEL_GENEVE) {
		at += (bytes[0] & 0x3f) * 4u;
		type = load16(bytes + 2);
	}
	if (type == INSIDE_ETHERNET) {
		if (!fetch(frame, at + ETHERNET_HEADER - 2, bytes, 2))
			return 0;
		type = load16(bytes);
		at += ETHERNET_HEADER;
	}
	protocol = step_inner_ip(frame, &at, type);
	if (protocol == PROTOCOL_UDP)
		return at + 8 - begin;
	if (protocol != PROTOCOL_TCP || !fetch(frame, at + 12, &words, 1))
		return 0;
	return at + (words >> 4) * 4u - begin;
}

#endif /* WC_TUNNEL_BPF_H */
