/*
 * ipfix_rows.h - the rows of a snapshot as IPFIX records
 */
#ifndef WC_IPFIX_ROWS_H
#define WC_IPFIX_ROWS_H

#include <stdint.h>

#include "ipfix_record.h"

struct wc_error;        /* wirecensus/error.h */
struct wc_ipfix_stream; /* ipfix_stream.h */
struct wc_ipfix_style;  /* ipfix_style.h */
struct wc_messages;     /* messages.h */
struct wc_snapshot;     /* wirecensus/snapshot.h */

/*
 * Appends the rows of @kind that the interval added to. @interface is the index of the
 * observer; 0 for a file. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_ipfix_rows_add(struct wc_ipfix_stream *stream, enum wc_ipfix_kind kind,
		      const struct wc_ipfix_style *style, const struct wc_snapshot *snapshot,
		      uint32_t interface, struct wc_messages *messages, struct wc_error *error);

#endif /* WC_IPFIX_ROWS_H */
