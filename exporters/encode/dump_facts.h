/*
 * dump_facts.h - what a dump file tells of one capture
 *
 * What was counted since the start, and every host with its rates, as they were at the
 * end of the last interval.
 */
#ifndef WC_DUMP_FACTS_H
#define WC_DUMP_FACTS_H

#include <stdint.h>

#include "wirecensus/hits.h"

struct wc_buffer;   /* buffer.h */
struct wc_context;  /* encode.h */
struct wc_options;  /* wirecensus/options.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

struct wc_dump_facts {
	const struct wc_snapshot *snapshot; /* of the last interval */
	int64_t started_ns;                 /* wall clock: when counting began */
	struct wc_hits_rates hits;          /* of all packets */
	const struct wc_options
		*options; /* the capture's: its filter and what else was asked for */
};

/* Appends one file; memory that is short shows in the buffer's failed. */
typedef void wc_dump_encoder(struct wc_buffer *buffer, const struct wc_context *context,
			     const struct wc_dump_facts *facts);

#endif /* WC_DUMP_FACTS_H */
