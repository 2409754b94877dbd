/*
 * transport.h - TCP and UDP headers, and what ICMP says about a UDP port
 */
#ifndef WC_TRANSPORT_H
#define WC_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor.h"
#include "ip.h"
#include "packet.h"
#include "wirecensus/address.h"

struct wc_transport {
	uint16_t source_port;
	uint16_t destination_port;
	uint8_t tcp_flags; /* 0 for UDP */
	bool reset_cold; /* TCP: RST and ACK with sequence 0, the answer of a closed port (RFC 9293)
			  */
};

/* Bytes of a header of either kind that are read at most: up to TCP's flags. */
#define WC_TRANSPORT_READ 14

/* Bytes of a UDP header that are read. */
#define WC_TRANSPORT_PORTS 4

/* Bytes of an ICMP header in front of the packet that an error message quotes. */
#define WC_TRANSPORT_ICMP 8

/* The least that TCP's data offset may say. */
#define WC_TRANSPORT_TCP_WORDS 5

#define WC_TCP_RST 0x04
#define WC_TCP_ACK 0x10
#define WC_TCP_SET 0x17 /* ACK, RST, SYN and FIN: what tells an attempt and its answers */

/* Bytes of a header that tell its size, TCP's or UDP's. */
#define WC_TRANSPORT_LEAST 20

/* Returns the size of the header of a TCP segment, with its options, or of a UDP datagram. */
uint32_t wc_transport_size(uint8_t protocol, const uint8_t header[static WC_TRANSPORT_LEAST]);

/* Reads a TCP header of which so much is there. Returns false when it says that it is short. */
static inline bool wc_transport_read_tcp(const uint8_t header[static WC_TRANSPORT_READ],
					 struct wc_transport *transport)
{
	const uint8_t reset = WC_TCP_RST | WC_TCP_ACK;

	if (header[12] >> 4 < WC_TRANSPORT_TCP_WORDS)
		return false;
	transport->source_port = wc_load_be16(header);
	transport->destination_port = wc_load_be16(header + 2);
	transport->tcp_flags = header[13];
	transport->reset_cold = (header[13] & WC_TCP_SET) == reset && wc_load_be32(header + 4) == 0;
	return true;
}

/* Reads the ports of a UDP header. */
static inline void wc_transport_read_udp(const uint8_t header[static WC_TRANSPORT_PORTS],
					 struct wc_transport *transport)
{
	transport->source_port = wc_load_be16(header);
	transport->destination_port = wc_load_be16(header + 2);
	transport->tcp_flags = 0;
	transport->reset_cold = false;
}

/* The same of a TCP header that may be cut short: then, too, it returns false. */
bool wc_transport_tcp(struct wc_cursor *cursor, struct wc_transport *transport);

/* The same of UDP: its ports are enough. */
bool wc_transport_udp(struct wc_cursor *cursor, struct wc_transport *transport);

/*
 * True if what follows @ip is ICMP or ICMPv6 saying "port unreachable" (RFC 792, RFC 4443),
 * whatever about.
 */
static inline bool wc_transport_is_unreachable(const struct wc_cursor *cursor,
					       const struct wc_ip *ip)
{
	bool v4 = ip->source->version == 4;
	const uint8_t *header = wc_cursor_peek(cursor, WC_TRANSPORT_ICMP);

	return header && !ip->fragment &&
	       ip->protocol == (v4 ? WC_PROTOCOL_ICMP : WC_PROTOCOL_ICMPV6) &&
	       header[0] == (v4 ? 3 : 1) && header[1] == (v4 ? 3 : 4);
}

/*
 * Reads what follows @ip: is it ICMP or ICMPv6 saying "port unreachable" (RFC 792,
 * RFC 4443) about a UDP datagram? Then returns true with that datagram's addresses
 * and ports.
 */
bool wc_transport_unreachable(struct wc_cursor *cursor, const struct wc_ip *ip,
			      struct wc_address *source, struct wc_address *destination,
			      struct wc_transport *datagram);

#endif /* WC_TRANSPORT_H */
