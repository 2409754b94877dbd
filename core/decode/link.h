/*
 * link.h - link types, their headers, and VLAN tags
 */
#ifndef WC_LINK_H
#define WC_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "cursor.h"
#include "frame.h"

/* Up to so many tags are stepped over; a further one counts as an ethertype. */
#define WC_LINK_TAGS_MAX 4

/* What lies behind a link header, when it is not an ethertype of 0x0600 or more. */
enum {
	WC_LINK_LLC = 0,         /* an 802.3 length */
	WC_LINK_CUT = -1,        /* the header is not all there */
	WC_LINK_NOT_DECODED = -2 /* neither a length nor a type that is known */
};

/* Returns the enum wc_link for a link-layer type as in pcap(3PCAP) or a file (LINKTYPE_ or DLT_).
 */
enum wc_link wc_link_from_dlt(int type);

/* Returns its name as in the list of link-layer header types, or NULL: "EN10MB". */
const char *wc_link_name(enum wc_link link);

/*
 * Steps @cursor over the link header and its tags. Returns the ethertype, 0x0600
 * or more, or one of the values above. IPv4 and IPv6 of links without an
 * ethertype come as 0x0800 and 0x86dd.
 */
int wc_link_step(struct wc_cursor *cursor, enum wc_link link);

/*
 * Tells a frame's origin on a live link: by the packet type of a cooked header,
 * or by the hardware address @own of an Ethernet interface. Links that say
 * nothing count as received.
 */
enum wc_origin wc_link_origin(const uint8_t *bytes, size_t captured, enum wc_link link,
			      const uint8_t own[static 6]);

/*
 * Copies a frame to @copy, which has room for @captured bytes, with its tags left
 * out and the type behind them moved up. Returns how many bytes were left out;
 * 0 for a frame without tags, or with a tag cut short, which is not copied.
 */
size_t wc_link_untag(uint8_t *copy, const uint8_t *bytes, size_t captured, enum wc_link link);

#endif /* WC_LINK_H */
