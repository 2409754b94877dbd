/*
 * transport.h - TCP and UDP headers, and what ICMP says about a UDP port
 */
#ifndef WC_TRANSPORT_H
#define WC_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor.h"
#include "wirecensus/address.h"

struct wc_ip; /* ip.h */

struct wc_transport {
	uint16_t source_port;
	uint16_t destination_port;
	uint8_t tcp_flags; /* 0 for UDP */
	bool reset_cold; /* TCP: RST and ACK with sequence 0, the answer of a closed port (RFC 9293)
			  */
};

/* Bytes of a header of either kind that are read at most: up to TCP's flags. */
#define WC_TRANSPORT_READ 14

/* Bytes of a header that tell its size, TCP's or UDP's. */
#define WC_TRANSPORT_LEAST 20

/* Returns the size of the header of a TCP segment, with its options, or of a UDP datagram. */
uint32_t wc_transport_size(uint8_t protocol, const uint8_t header[static WC_TRANSPORT_LEAST]);

/* Reads a TCP header. Returns false when it is cut short, or says it is. */
bool wc_transport_tcp(struct wc_cursor *cursor, struct wc_transport *transport);

/* The same for UDP: its ports are enough. */
bool wc_transport_udp(struct wc_cursor *cursor, struct wc_transport *transport);

/*
 * Reads what follows @ip: is it ICMP or ICMPv6 saying "port unreachable" (RFC 792,
 * RFC 4443) about a UDP datagram? Then returns true with the attempt's addresses
 * and destination port.
 */
bool wc_transport_unreachable(struct wc_cursor *cursor, const struct wc_ip *ip,
			      struct wc_address *source, struct wc_address *destination,
			      uint16_t *port);

#endif /* WC_TRANSPORT_H */
