/*
 * Once a stream is connected it goes round: hear, send, learn what arrived. It hears before it
 * sends, so that nothing is written into a connection that is known to be dead. With RELP it is
 * the server's answers that confirm, else what its kernel has.
 */
#include <stdbool.h>

#include "channel.h"
#include "connection.h"
#include "kinds.h"
#include "outbox.h"
#include "receipt.h"
#include "relp.h"
#include "stream_parts.h"
#include "wirecensus/error.h"

#define NS_PER_SECOND UINT64_C(1000000000)

/* What a peer may say on an open connection, in bytes: no collector has much to say. */
#define HEARD_MOST 65536

/* The connection stands. */
static void begin(struct wc_stream *stream)
{
	const char *frame;
	size_t length;

	wc_connection_free(stream->connection);
	stream->connection = NULL;
	stream->heard_most = stream->channel->heard + HEARD_MOST;
	wc_headway_begin(&stream->headway, stream->now_ns);
	stream->opening = stream->relp != NULL;
	if (!stream->relp)
		return;
	length = wc_relp_open(stream->relp, &frame);
	wc_outbox_add(stream->outbox, frame, length);
}

static int make_connection(struct wc_stream *stream, struct wc_error *error)
{
	int status;

	if (!stream->connection)
		stream->connection = wc_connection_new(&stream->place, stream->identity,
						       stream->patience_ns, stream->now_ns);
	if (!stream->connection)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a connection",
				    stream->place.text);
	status = wc_connection_work(stream->connection, stream->now_ns, &stream->channel, error);
	if (status == 1)
		begin(stream);
	return status;
}

/* What the peer said: answers, or what is thrown away. */
static int listen_to(struct wc_stream *stream, const char *heard, size_t length,
		     struct wc_error *error)
{
	if (!stream->relp && stream->channel->heard > stream->heard_most)
		return wc_error_set(error, WC_FAILED,
				    "the other side talks without end, which no collector does; "
				    "check the address");
	if (!stream->relp)
		return WC_OK;
	if (wc_relp_hear(stream->relp, heard, length, wc_outbox_dispatched(stream->outbox), error))
		return WC_FAILED;
	wc_outbox_answer(stream->outbox, wc_relp_answered(stream->relp));
	stream->opening = !wc_relp_is_open(stream->relp);
	return WC_OK;
}

int wc_stream_hear(struct wc_stream *stream, struct wc_error *error)
{
	char heard[WC_STREAM_HEARD];
	ssize_t got;

	do {
		got = stream->channel->ops->take(stream->channel, heard, sizeof(heard), error);
		if (got < 0 || listen_to(stream, heard, (size_t)got, error))
			return wc_delivery_failed(&stream->place, error);
	} while (got > 0);
	return WC_OK;
}

int wc_stream_flush(struct wc_stream *stream, struct wc_error *error)
{
	const void *bytes;
	size_t length;
	ssize_t sent = 0;

	while ((length = wc_outbox_next(stream->outbox, &bytes))) {
		if (length > WC_CHANNEL_PUT)
			length = WC_CHANNEL_PUT;
		sent = stream->channel->ops->put(stream->channel, bytes, length, error);
		if (sent <= 0)
			break;
		wc_outbox_sent(stream->outbox, (size_t)sent, stream->channel->written);
		wc_headway_sent(&stream->headway, stream->now_ns);
	}
	return sent < 0 ? wc_delivery_failed(&stream->place, error) : WC_OK;
}

bool wc_stream_ask(struct wc_stream *stream)
{
	uint64_t received;

	if (stream->relp)
		received = wc_relp_answered(stream->relp);
	else if (!wc_receipt(stream->channel->fd, stream->place.kind == WC_PLACE_UNIX,
			     stream->channel->written, &received))
		return false;
	if (!wc_headway_received(&stream->headway, received))
		return false;
	if (!stream->relp)
		wc_outbox_confirm(stream->outbox, received);
	return true;
}

/* Learns what arrived, and whether it takes too long. */
static int follow(struct wc_stream *stream, struct wc_error *error)
{
	bool more = wc_stream_ask(stream);
	uint64_t silent = wc_headway_look(&stream->headway, more, wc_outbox_done(stream->outbox),
					  stream->now_ns);

	if (silent < stream->patience_ns)
		return WC_OK;
	return wc_error_set(error, WC_FAILED,
			    "%s: the other side has taken nothing for %llu s; check that the "
			    "collector is alive and reads",
			    stream->place.text,
			    (unsigned long long)(stream->patience_ns / NS_PER_SECOND));
}

int wc_stream_advance(struct wc_stream *stream, struct wc_error *error)
{
	int status = stream->channel ? 1 : make_connection(stream, error);

	if (status != 1)
		return status;
	status = wc_stream_hear(stream, error);
	if (!status)
		status = wc_stream_flush(stream, error);
	return status ? status : follow(stream, error);
}
