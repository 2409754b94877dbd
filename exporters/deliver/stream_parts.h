/*
 * stream_parts.h - a stream from inside, for stream.c and stream_round.c
 */
#ifndef WC_STREAM_PARTS_H
#define WC_STREAM_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "delivery.h"
#include "headway.h"
#include "place.h"

struct wc_channel;      /* channel.h */
struct wc_connection;   /* connection.h */
struct wc_error;        /* wirecensus/error.h */
struct wc_outbox;       /* outbox.h */
struct wc_relp;         /* relp.h */
struct wc_tls_identity; /* channel.h */

/* What is taken at once of what the peer says, in bytes. */
#define WC_STREAM_HEARD 4096

struct wc_stream {
	struct wc_delivery delivery;
	struct wc_place place;
	uint64_t patience_ns;
	struct wc_tls_identity *identity; /* NULL: as it is */
	struct wc_relp *relp;             /* NULL: no RELP */
	struct wc_outbox *outbox;
	bool opening;
	uint64_t now_ns;
	struct wc_connection *connection; /* while it is made */
	struct wc_channel *channel;       /* then */
	uint64_t heard_most;
	struct wc_headway headway; /* in bytes; with RELP, in commands that were answered */
};

/*
 * Does everything that can be done at once, from connecting on. Returns 0, or WC_FAILED with
 * @error filled in: the connection is to be closed.
 */
int wc_stream_advance(struct wc_stream *stream, struct wc_error *error);

/*
 * The steps of a round that closing needs, too: hears what the other side says, sends what is to
 * be sent. Each returns 0, or WC_FAILED with @error, which may be NULL, filled in.
 */
int wc_stream_hear(struct wc_stream *stream, struct wc_error *error);
int wc_stream_flush(struct wc_stream *stream, struct wc_error *error);

/* True if the other side got more since it was asked last. */
bool wc_stream_ask(struct wc_stream *stream);

#endif /* WC_STREAM_PARTS_H */
