/*
 * encode.h - what every encoder is: a snapshot to bytes
 *
 * Encoders are pure: the same snapshot, context and names give the same bytes.
 * They know nothing of where those go.
 */
#ifndef WC_ENCODE_H
#define WC_ENCODE_H

#include <stddef.h>
#include <stdint.h>

struct wc_address;  /* wirecensus/address.h */
struct wc_buffer;   /* buffer.h */
struct wc_registry; /* wirecensus/registry.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* Names of one host, at most. */
#define WC_NAMING_MAX 8

/* Where the names of hosts come from. An encoder looks up each host that it shows, once. */
struct wc_naming {
	/*
	 * Points @names to what is known of @address, best first; the texts live until the
	 * next call. Returns at once: the count.
	 */
	size_t (*find)(void *arg, const struct wc_address *address,
		       const char *names[static WC_NAMING_MAX]);
	void *arg;
};

/* What is told beside the snapshot. The caller's, and unchanged by an encoder. */
struct wc_context {
	const char *host;     /* the host's name */
	const char *instance; /* a UUID for each run */
	const struct wc_registry *registry;
	const struct wc_naming *naming; /* NULL: names are not shown */
	uint64_t top;                   /* rows in a table, for formats that are cut */

	/* Finds the kernel's number of an interface, 0: it has none. NULL: observers are files. */
	unsigned (*interface_number)(const char *name);
};

/* Appends the whole of @snapshot to @buffer; memory that is short shows in its failed. */
typedef void wc_encoder(struct wc_buffer *buffer, const struct wc_context *context,
			const struct wc_snapshot *snapshot);

#endif /* WC_ENCODE_H */
