/*
 * encode.h - what every encoder is: a snapshot to bytes
 *
 * Encoders are pure: the same snapshot and context give the same bytes. They
 * know nothing of where those go.
 */
#ifndef WC_ENCODE_H
#define WC_ENCODE_H

#include <stdint.h>

struct wc_buffer;   /* buffer.h */
struct wc_registry; /* wirecensus/registry.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* What is told beside the snapshot. The caller's, and unchanged by an encoder. */
struct wc_context {
	const char *host;     /* the host's name */
	const char *instance; /* a UUID for each run */
	const struct wc_registry *registry;
	uint64_t top; /* rows in a table, for formats that are cut */
};

/* Appends the whole of @snapshot to @buffer; memory that is short shows in its failed. */
typedef void wc_encoder(struct wc_buffer *buffer, const struct wc_context *context,
			const struct wc_snapshot *snapshot);

#endif /* WC_ENCODE_H */
