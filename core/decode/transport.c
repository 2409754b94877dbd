#include "transport.h"

#include "ip.h"
#include "packet.h"

#define TCP_WORDS   5 /* the least that its data offset may say */
#define UDP_PORTS   4
#define UDP_HEADER  8
#define ICMP_HEADER 8 /* in front of the packet that an error message quotes */

#define TCP_RST 0x04
#define TCP_ACK 0x10
#define TCP_SET 0x17 /* ACK, RST, SYN and FIN: what tells an attempt and its answers */

uint32_t wc_transport_size(uint8_t protocol, const uint8_t header[static WC_TRANSPORT_LEAST])
{
	return protocol == WC_PROTOCOL_TCP ? (uint32_t)(header[12] >> 4) * 4 : UDP_HEADER;
}

bool wc_transport_tcp(struct wc_cursor *cursor, struct wc_transport *transport)
{
	const uint8_t *header = wc_cursor_take(cursor, WC_TRANSPORT_READ);

	if (!header || header[12] >> 4 < TCP_WORDS)
		return false;
	transport->source_port = wc_load_be16(header);
	transport->destination_port = wc_load_be16(header + 2);
	transport->tcp_flags = header[13];
	transport->reset_cold =
		(header[13] & TCP_SET) == (TCP_RST | TCP_ACK) && wc_load_be32(header + 4) == 0;
	return true;
}

bool wc_transport_udp(struct wc_cursor *cursor, struct wc_transport *transport)
{
	const uint8_t *header = wc_cursor_take(cursor, UDP_PORTS);

	if (!header)
		return false;
	transport->source_port = wc_load_be16(header);
	transport->destination_port = wc_load_be16(header + 2);
	transport->tcp_flags = 0;
	transport->reset_cold = false;
	return true;
}

bool wc_transport_unreachable(struct wc_cursor *cursor, const struct wc_ip *ip,
			      struct wc_address *source, struct wc_address *destination,
			      uint16_t *port)
{
	bool v4 = ip->source.version == 4;
	const uint8_t *header;
	struct wc_transport quoted;
	struct wc_ip inner;

	if (ip->fragment || ip->protocol != (v4 ? WC_PROTOCOL_ICMP : WC_PROTOCOL_ICMPV6))
		return false;
	header = wc_cursor_take(cursor, ICMP_HEADER);
	if (!header || header[0] != (v4 ? 3 : 1) || header[1] != (v4 ? 3 : 4))
		return false;
	if (wc_ip_step(cursor, v4 ? WC_IP_ETHERTYPE_V4 : WC_IP_ETHERTYPE_V6, &inner) != WC_IP_OK ||
	    inner.protocol != WC_PROTOCOL_UDP || inner.fragment ||
	    !wc_transport_udp(cursor, &quoted))
		return false;
	*source = inner.source;
	*destination = inner.destination;
	*port = quoted.destination_port;
	return true;
}
