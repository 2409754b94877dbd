/*
 * ipfix_rows.h - the rows of a snapshot as IPFIX records
 */
#ifndef WC_IPFIX_ROWS_H
#define WC_IPFIX_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "ipfix_record.h"

struct wc_error;        /* wirecensus/error.h */
struct wc_ipfix_layout; /* ipfix_stream.h */
struct wc_ipfix_stream; /* ipfix_stream.h */
struct wc_messages;     /* messages.h */
struct wc_snapshot;     /* wirecensus/snapshot.h */

/* How rows become records; the same for every snapshot of an exporter. */
struct wc_ipfix_style {
	bool biflow;  /* one record for both ways of a conversation (RFC 5103), not two */
	bool private; /* with our own elements */
	bool frames;  /* octetDeltaCount of rows without IP bytes has the bytes of frames */
	bool options; /* with names, keys and statistics; only types are asked for apart */
	bool types;   /* describe our own elements (RFC 5610) */
};

/* Fills in which templates the records of @kind need. */
void wc_ipfix_rows_layout(struct wc_ipfix_layout *layout, enum wc_ipfix_kind kind,
			  const struct wc_ipfix_style *style);

/*
 * Appends the rows of @kind that the interval added to. @interface is the index of the
 * observer; 0 for a file. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_ipfix_rows_add(struct wc_ipfix_stream *stream, enum wc_ipfix_kind kind,
		      const struct wc_ipfix_style *style, const struct wc_snapshot *snapshot,
		      uint32_t interface, struct wc_messages *messages, struct wc_error *error);

#endif /* WC_IPFIX_ROWS_H */
