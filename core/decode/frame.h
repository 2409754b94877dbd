/*
 * frame.h - one frame, as a source hands it over
 */
#ifndef WC_FRAME_H
#define WC_FRAME_H

#include <stdint.h>

/* Link types that are decoded. Their numbers elsewhere are the business of wc_link_from_dlt(). */
enum wc_link {
	WC_LINK_UNSUPPORTED,
	WC_LINK_ETHERNET,
	WC_LINK_SLL,  /* Linux cooked, version 1 */
	WC_LINK_SLL2, /* version 2 */
	WC_LINK_RAW,  /* IPv4 or IPv6, by the version in its first byte */
	WC_LINK_RAW4, /* IPv4 only */
	WC_LINK_RAW6,
	WC_LINK_NULL, /* BSD loopback */
};

/* What is known of a frame's way apart from its addresses. */
enum wc_origin {
	WC_ORIGIN_FILE,     /* nothing */
	WC_ORIGIN_RECEIVED, /* by this host, for it or for all */
	WC_ORIGIN_SENT,     /* by this host */
	WC_ORIGIN_OTHER,    /* seen, but for another host */
};

struct wc_frame {
	const uint8_t *bytes;
	uint32_t captured; /* how many there are */
	uint32_t length;   /* on the wire; may be less than captured in odd files */
	int64_t time_ns;   /* wall clock since 1970, or WC_TIME_UNKNOWN */
	uint8_t link;      /* enum wc_link */
	uint8_t origin;    /* enum wc_origin */

	uint8_t merged; /* by the kernel, of packets that it tells nothing of */

	/* Of a frame that it has merged, and tells the parts of. */
	uint8_t segment_protocol; /* TCP or UDP */
	uint16_t segment;         /* bytes of payload in each packet; 0: it is not merged */
	uint16_t segment_at;      /* where the header is behind which the payload begins */
};

#endif /* WC_FRAME_H */
