#include "ip.h"

#include <stddef.h>

/* Extension headers that are stepped over (RFC 8200, 4; RFC 4302 for the last). */
#define EXTENSION_HOP_BY_HOP  0
#define EXTENSION_ROUTING     43
#define EXTENSION_FRAGMENT    44
#define EXTENSION_DESTINATION 60
#define EXTENSION_AH          51

#define EXTENSION_MIN 8 /* bytes that every one of them has */

static enum wc_ip_result step_v4(struct wc_cursor *cursor, struct wc_ip *ip)
{
	const uint8_t *header = wc_cursor_peek(cursor, WC_IP_V4_LEAST);
	size_t size, there = wc_cursor_left(cursor);

	if (!header || header[0] >> 4 != 4)
		return WC_IP_BAD_HEADER;
	size = (size_t)(header[0] & 0x0f) * 4;
	ip->length = wc_load_be16(header + 2);
	if (size < WC_IP_V4_LEAST || (ip->length && ip->length < size) || there < size)
		return WC_IP_BAD_HEADER;
	if (ip->length)
		wc_cursor_limit(cursor, ip->length);
	else /* left to the hardware to fill in, or too long for the field */
		ip->length = (uint32_t)there + ip->beyond;
	*ip->source = wc_address_v4(header + 12);
	*ip->destination = wc_address_v4(header + 16);
	ip->protocol = header[9];
	ip->fragment = (wc_load_be16(header + 6) & 0x1fff) != 0;
	wc_cursor_take(cursor, size);
	return WC_IP_OK;
}

static inline bool is_extension(uint8_t protocol)
{
	return protocol == EXTENSION_HOP_BY_HOP || protocol == EXTENSION_ROUTING ||
	       protocol == EXTENSION_FRAGMENT || protocol == EXTENSION_DESTINATION ||
	       protocol == EXTENSION_AH;
}

static size_t extension_size(uint8_t protocol, const uint8_t *header)
{
	if (protocol == EXTENSION_FRAGMENT)
		return EXTENSION_MIN;
	if (protocol == EXTENSION_AH) /* in words of four bytes, less two */
		return ((size_t)header[1] + 2) * 4;
	return ((size_t)header[1] + 1) * 8;
}

/*
 * What a fragment header names as next is the first header of the whole packet's
 * fragmentable part: behind the first fragment it is not what follows here.
 */
static enum wc_ip_result step_extensions(struct wc_cursor *cursor, struct wc_ip *ip)
{
	for (int count = 0; is_extension(ip->protocol); count++) {
		const uint8_t *header = wc_cursor_peek(cursor, EXTENSION_MIN);
		bool offset;

		if (count == WC_IP_EXTENSIONS_MAX || !header ||
		    !wc_cursor_take(cursor, extension_size(ip->protocol, header)))
			return WC_IP_BAD_CHAIN;
		offset = ip->protocol == EXTENSION_FRAGMENT && wc_load_be16(header + 2) >> 3 != 0;
		ip->protocol = header[0];
		if (offset) {
			ip->fragment = true;
			break;
		}
	}
	return WC_IP_OK;
}

static enum wc_ip_result step_v6(struct wc_cursor *cursor, struct wc_ip *ip)
{
	const uint8_t *header = wc_cursor_take(cursor, WC_IP_V6_HEADER);
	uint32_t payload;

	if (!header || header[0] >> 4 != 6)
		return WC_IP_BAD_HEADER;
	payload = wc_load_be16(header + 4);
	if (payload)
		wc_cursor_limit(cursor, payload);
	else /* a jumbogram (RFC 2675), whose option is not read */
		payload = (uint32_t)wc_cursor_left(cursor) + ip->beyond;
	ip->length = WC_IP_V6_HEADER + payload;
	*ip->source = wc_address_v6(header + 8);
	*ip->destination = wc_address_v6(header + 24);
	ip->protocol = header[6];
	ip->fragment = false;
	return step_extensions(cursor, ip);
}

enum wc_ip_result wc_ip_step(struct wc_cursor *cursor, int ethertype, struct wc_ip *ip)
{
	return ethertype == WC_IP_ETHERTYPE_V4 ? step_v4(cursor, ip) : step_v6(cursor, ip);
}
