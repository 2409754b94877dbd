/*
 * ipfix_style.h - how rows become records, and which templates that takes
 */
#ifndef WC_IPFIX_STYLE_H
#define WC_IPFIX_STYLE_H

#include <stdbool.h>

#include "ipfix_record.h"

struct wc_ipfix_layout; /* ipfix_stream.h */

/* The same for every snapshot of an exporter. */
struct wc_ipfix_style {
	bool biflow;  /* one record for both ways of a conversation (RFC 5103), not two */
	bool private; /* with our own elements */
	bool frames;  /* octetDeltaCount of rows without IP bytes has the bytes of frames */
	bool options; /* with names, keys and statistics; only types are asked for apart */
	bool types;   /* describe our own elements (RFC 5610) */
};

/* The bits of templates that the style alone decides, of all kinds but conversations. */
unsigned wc_ipfix_style_bits(const struct wc_ipfix_style *style);

/* Fills in which templates the records of @kind need. */
void wc_ipfix_style_layout(struct wc_ipfix_layout *layout, enum wc_ipfix_kind kind,
			   const struct wc_ipfix_style *style);

#endif /* WC_IPFIX_STYLE_H */
