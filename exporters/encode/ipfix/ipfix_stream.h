/*
 * ipfix_stream.h - IPFIX messages of one observation domain (RFC 7011)
 *
 * libfixbuf encodes into memory; a full message is ended in a list of messages.
 * The numbers in a message's header that only its sending tells are not here: see
 * ipfix_stamp.h.
 */
#ifndef WC_IPFIX_STREAM_H
#define WC_IPFIX_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "ipfix_record.h"

struct wc_error;    /* wirecensus/error.h */
struct wc_messages; /* messages.h */
struct wc_ipfix_stream;

/* Templates of data in one domain, at most. */
#define WC_IPFIX_TEMPLATES 16

struct wc_ipfix_layout {
	enum wc_ipfix_kind kind;
	unsigned bits[WC_IPFIX_TEMPLATES]; /* a data template for each */
	size_t count;
	bool options; /* templates of options, and which fields are keys */
	bool types;   /* describe our own elements (RFC 5610) */
};

/*
 * Makes the stream of @domain, with messages of at most @longest bytes. @model stays
 * the caller's. Returns 0, or WC_FAILED with @error filled in.
 */
int wc_ipfix_stream_new(struct wc_ipfix_stream **stream, fbInfoModel_t *model, uint32_t domain,
			const struct wc_ipfix_layout *layout, size_t longest,
			struct wc_error *error);
void wc_ipfix_stream_free(struct wc_ipfix_stream *stream);

/* Each appends to @messages and returns 0, or WC_FAILED with @error filled in. */

/* All templates of the layout and what describes them; a message of their own. */
int wc_ipfix_stream_templates(struct wc_ipfix_stream *stream, struct wc_messages *messages,
			      struct wc_error *error);

/* One record by the template @id. */
int wc_ipfix_stream_add(struct wc_ipfix_stream *stream, uint16_t id,
			const struct wc_ipfix_record *record, struct wc_messages *messages,
			struct wc_error *error);

/* Ends the message that is being filled, if there is something in it. */
int wc_ipfix_stream_flush(struct wc_ipfix_stream *stream, struct wc_messages *messages,
			  struct wc_error *error);

/* Forgets the message that is being filled: what came before it failed. */
void wc_ipfix_stream_drop(struct wc_ipfix_stream *stream);

#endif /* WC_IPFIX_STREAM_H */
