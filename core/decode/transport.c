#include "transport.h"

#define UDP_HEADER 8

uint32_t wc_transport_size(uint8_t protocol, const uint8_t header[static WC_TRANSPORT_LEAST])
{
	return protocol == WC_PROTOCOL_TCP ? (uint32_t)(header[12] >> 4) * 4 : UDP_HEADER;
}

bool wc_transport_tcp(struct wc_cursor *cursor, struct wc_transport *transport)
{
	const uint8_t *header = wc_cursor_take(cursor, WC_TRANSPORT_READ);

	return header && wc_transport_read_tcp(header, transport);
}

bool wc_transport_udp(struct wc_cursor *cursor, struct wc_transport *transport)
{
	const uint8_t *header = wc_cursor_take(cursor, WC_TRANSPORT_PORTS);

	if (header)
		wc_transport_read_udp(header, transport);
	return header != NULL;
}

bool wc_transport_unreachable(struct wc_cursor *cursor, const struct wc_ip *ip,
			      struct wc_address *source, struct wc_address *destination,
			      struct wc_transport *datagram)
{
	bool v4 = ip->source->version == 4;
	struct wc_ip inner = {.source = source, .destination = destination};

	if (!wc_transport_is_unreachable(cursor, ip) || !wc_cursor_take(cursor, WC_TRANSPORT_ICMP))
		return false;
	return wc_ip_step(cursor, v4 ? WC_IP_ETHERTYPE_V4 : WC_IP_ETHERTYPE_V6, &inner) ==
		       WC_IP_OK &&
	       inner.protocol == WC_PROTOCOL_UDP && !inner.fragment &&
	       wc_transport_udp(cursor, datagram);
}
