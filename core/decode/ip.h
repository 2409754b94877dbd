/*
 * ip.h - IPv4 and IPv6 headers, extension headers and fragments
 */
#ifndef WC_IP_H
#define WC_IP_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor.h"
#include "wirecensus/address.h"

#define WC_IP_ETHERTYPE_V4 0x0800
#define WC_IP_ETHERTYPE_V6 0x86dd

/* Bytes of an IPv4 header without options. */
#define WC_IP_V4_LEAST 20

/* Bytes of an IPv6 header, in front of extension headers. */
#define WC_IP_V6_HEADER 40

/* Extension headers in one packet that are stepped over; more are malformed. */
#define WC_IP_EXTENSIONS_MAX 256

enum wc_ip_result {
	WC_IP_OK,
	WC_IP_BAD_HEADER, /* nothing in it can be believed */
	WC_IP_BAD_CHAIN,  /* addresses are known, but an extension header is cut short */
};

struct wc_ip {
	struct wc_address *source, *destination; /* the caller's, to be filled in */
	uint32_t beyond;  /* the caller's: bytes that were on the wire behind those at the cursor */
	uint32_t length;  /* of the packet by its header; all on the wire if that says 0 */
	uint8_t protocol; /* the upper-layer protocol (RFC 8200, 4.1) */
	bool fragment;    /* behind the first: no upper-layer header follows */
};

/* True if @header is such a one, of a packet that is no fragment, or a first one. */
static inline bool wc_ip_is_plain_v4(const uint8_t header[static WC_IP_V4_LEAST])
{
	return header[0] == 0x45 && (wc_load_be16(header + 6) & 0x1fff) == 0;
}

/*
 * Steps @cursor over the headers of an IP packet and limits it to what the packet
 * says is its own. @ethertype tells the version that the header must have.
 * Options and checksums are not looked at. @ip says where the addresses go, which are
 * written unless the header is bad.
 */
enum wc_ip_result wc_ip_step(struct wc_cursor *cursor, int ethertype, struct wc_ip *ip);

#endif /* WC_IP_H */
