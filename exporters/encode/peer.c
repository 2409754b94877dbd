#include "peer.h"

#include "buffer.h"
#include "wirecensus/address.h"

void wc_peer_add(struct wc_buffer *buffer, const struct wc_address *address)
{
	char text[WC_ADDRESS_TEXT];

	wc_buffer_text(buffer, address->version ? wc_address_format(address, text) : "internet");
}

void wc_peer_add_port(struct wc_buffer *buffer, const struct wc_address *address, uint16_t port)
{
	wc_buffer_text(buffer, address->version == 6 ? "[" : "");
	wc_peer_add(buffer, address);
	wc_buffer_text(buffer, address->version == 6 ? "]:" : ":");
	wc_buffer_number(buffer, port);
}
