#include "link.h"

#include <stdbool.h>
#include <string.h>

#define TYPE_MIN  0x0600 /* IEEE 802.3: anything less is a length, or nothing known */
#define TYPE_IPV4 0x0800
#define TYPE_IPV6 0x86dd

#define TAG_SIZE 4 /* its control information, and the type behind it */

/* Packet types of a cooked header (LINKTYPE_LINUX_SLL). */
#define PACKET_OTHER 3
#define PACKET_SENT  4

/* What a link is called, and where its header has an ethertype. */
static const struct shape {
	const char *name;
	uint8_t header; /* bytes */
	uint8_t type;   /* offset of the ethertype; links without one have a case of their own */
} shapes[] = {
	[WC_LINK_UNSUPPORTED] = {NULL, 0, 0},  [WC_LINK_ETHERNET] = {"EN10MB", 14, 12},
	[WC_LINK_SLL] = {"LINUX_SLL", 16, 14}, [WC_LINK_SLL2] = {"LINUX_SLL2", 20, 0},
	[WC_LINK_RAW] = {"RAW", 0, 0},         [WC_LINK_RAW4] = {"IPV4", 0, 0},
	[WC_LINK_RAW6] = {"IPV6", 0, 0},       [WC_LINK_NULL] = {"NULL", 4, 0},
};

enum wc_link wc_link_from_dlt(int type)
{
	switch (type) {
	case 0:
	case 108: /* OpenBSD's loopback: the same word in network order */
		return WC_LINK_NULL;
	case 1:
		return WC_LINK_ETHERNET;
	case 12: /* DLT_RAW, as most systems number it */
	case 101:
		return WC_LINK_RAW;
	case 113:
		return WC_LINK_SLL;
	case 228:
		return WC_LINK_RAW4;
	case 229:
		return WC_LINK_RAW6;
	case 276:
		return WC_LINK_SLL2;
	default:
		return WC_LINK_UNSUPPORTED;
	}
}

const char *wc_link_name(enum wc_link link)
{
	return shapes[link].name;
}

static inline bool has_type(enum wc_link link)
{
	return link == WC_LINK_ETHERNET || link == WC_LINK_SLL || link == WC_LINK_SLL2;
}

/* Customer, service and the older service tag; 0x9200 and 0x9300 are not tags here. */
static inline bool is_tag(int type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* Steps over the tags behind a header with @type. Returns the type behind them. */
static inline int step_tags(struct wc_cursor *cursor, int type)
{
	for (int tags = 0; tags < WC_LINK_TAGS_MAX && is_tag(type); tags++) {
		const uint8_t *tag = wc_cursor_take(cursor, TAG_SIZE);

		if (!tag)
			return WC_LINK_CUT;
		type = wc_load_be16(tag + 2);
	}
	return type < TYPE_MIN ? WC_LINK_LLC : type;
}

/*
 * The address family before a packet is in the byte order of the machine that
 * captured it, and each system numbers IPv6 in its own way; Linux writes an
 * ethertype there for what is not IP.
 */
static int step_null(struct wc_cursor *cursor)
{
	const uint8_t *header = wc_cursor_take(cursor, shapes[WC_LINK_NULL].header);
	uint32_t family;

	if (!header)
		return WC_LINK_CUT;
	family = wc_load_le32(header);
	if (family > 0xffff)
		family = wc_load_be32(header);
	switch (family) {
	case 2:
		return TYPE_IPV4;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return TYPE_IPV6;
	default:
		return family >= TYPE_MIN && family <= 0xffff ? step_tags(cursor, (int)family)
							      : WC_LINK_NOT_DECODED;
	}
}

static int step_raw(struct wc_cursor *cursor)
{
	const uint8_t *first = wc_cursor_peek(cursor, 1);

	if (!first)
		return WC_LINK_CUT;
	switch (*first >> 4) {
	case 4:
		return TYPE_IPV4;
	case 6:
		return TYPE_IPV6;
	default:
		return WC_LINK_CUT;
	}
}

/* A header with an ethertype, and its tags. */
static inline int step_typed(struct wc_cursor *cursor, enum wc_link link)
{
	const uint8_t *header = wc_cursor_take(cursor, shapes[link].header);

	return header ? step_tags(cursor, wc_load_be16(header + shapes[link].type)) : WC_LINK_CUT;
}

int wc_link_step(struct wc_cursor *cursor, enum wc_link link)
{
	if (link == WC_LINK_ETHERNET) /* nearly always; what its shape is, the compiler knows */
		return step_typed(cursor, WC_LINK_ETHERNET);
	switch (link) {
	case WC_LINK_SLL:
	case WC_LINK_SLL2:
		return step_typed(cursor, link);
	case WC_LINK_RAW:
		return step_raw(cursor);
	case WC_LINK_RAW4:
		return TYPE_IPV4;
	case WC_LINK_RAW6:
		return TYPE_IPV6;
	case WC_LINK_NULL:
		return step_null(cursor);
	default:
		return WC_LINK_NOT_DECODED;
	}
}

static enum wc_origin origin_of_packet_type(unsigned type)
{
	return type == PACKET_SENT    ? WC_ORIGIN_SENT
	       : type == PACKET_OTHER ? WC_ORIGIN_OTHER
				      : WC_ORIGIN_RECEIVED;
}

enum wc_origin wc_link_origin(const uint8_t *bytes, size_t captured, enum wc_link link,
			      const uint8_t own[static 6])
{
	static const uint8_t none[6];
	struct wc_cursor cursor = {bytes, bytes + captured};
	const uint8_t *header =
		has_type(link) ? wc_cursor_peek(&cursor, shapes[link].header) : NULL;

	if (!header)
		return WC_ORIGIN_RECEIVED;
	if (link == WC_LINK_SLL)
		return origin_of_packet_type(wc_load_be16(header));
	if (link == WC_LINK_SLL2)
		return origin_of_packet_type(header[10]);
	if (memcmp(own, none, sizeof(none)) == 0)
		return WC_ORIGIN_RECEIVED;
	if (memcmp(header + 6, own, 6) == 0)
		return WC_ORIGIN_SENT;
	return (header[0] & 1) || memcmp(header, own, 6) == 0 ? WC_ORIGIN_RECEIVED
							      : WC_ORIGIN_OTHER;
}

size_t wc_link_untag(uint8_t *copy, const uint8_t *bytes, size_t captured, enum wc_link link)
{
	struct wc_cursor cursor = {bytes, bytes + captured};
	size_t header = shapes[link].header, type = shapes[link].type, tags;

	if (!has_type(link) || wc_link_step(&cursor, link) == WC_LINK_CUT)
		return 0;
	tags = (size_t)(cursor.at - bytes) - header;
	if (!tags)
		return 0;
	memcpy(copy, bytes, header);
	memcpy(copy + type, cursor.at - 2, 2);
	memcpy(copy + header, cursor.at, wc_cursor_left(&cursor));
	return tags;
}
