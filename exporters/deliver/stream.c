/*
 * Messages over one stream: tcp, tls, unix, relp. Here is how it is opened, fed and closed;
 * stream_round.c has what is done in between.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "channel.h"
#include "connection.h"
#include "kinds.h"
#include "outbox.h"
#include "relp.h"
#include "stream_parts.h"
#include "wirecensus/error.h"

/* A server of RELP that is not idle logs an error when its farewell meets a closed door. */
#define FAREWELL_MS     100
#define FAREWELL_ROUNDS 3

static void stop(struct wc_stream *stream)
{
	wc_connection_free(stream->connection);
	stream->connection = NULL;
	if (stream->channel)
		stream->channel->ops->free(stream->channel);
	stream->channel = NULL;
	stream->opening = false;
}

static void stream_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	struct wc_stream *stream = (struct wc_stream *)delivery;

	wc_outbox_clear(stream->outbox);
	if (stream->relp)
		wc_relp_clear(stream->relp);
	stream->now_ns = now_ns;
	stream->opening = true;
}

static enum wc_delivery_state stream_work(struct wc_delivery *delivery, uint64_t now_ns,
					  struct wc_error *error)
{
	struct wc_stream *stream = (struct wc_stream *)delivery;

	stream->now_ns = now_ns;
	if ((stream->opening || stream->channel) && wc_stream_advance(stream, error) < 0)
		stop(stream);
	if (stream->opening)
		return WC_DELIVERY_OPENING;
	return stream->channel ? WC_DELIVERY_OPEN : WC_DELIVERY_CLOSED;
}

static bool add(struct wc_stream *stream, const void *message, size_t length)
{
	const char *frame = message;

	if (stream->relp) {
		if (!wc_relp_ready(stream->relp) ||
		    !wc_outbox_fits(stream->outbox, length + WC_RELP_FRAME))
			return false;
		length = wc_relp_message(stream->relp, message, length, &frame);
	}
	return wc_outbox_add(stream->outbox, frame, length);
}

static int stream_send(struct wc_delivery *delivery, const void *message, size_t length,
		       struct wc_error *error)
{
	struct wc_stream *stream = (struct wc_stream *)delivery;
	bool idle = wc_outbox_done(stream->outbox);

	if (stream->opening || !stream->channel)
		return 0;
	if (length > delivery->longest) {
		stop(stream);
		return wc_delivery_too_long(delivery, &stream->place, length, error);
	}
	if (!add(stream, message, length))
		return 0;
	stream->headway.fresh |= idle;
	return 1;
}

static uint64_t stream_confirmed(struct wc_delivery *delivery)
{
	const struct wc_stream *stream = (struct wc_stream *)delivery;
	uint64_t confirmed = wc_outbox_confirmed(stream->outbox);

	/* With RELP, "open" was the first. */
	return confirmed && stream->relp ? confirmed - 1 : confirmed;
}

static size_t stream_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	struct wc_stream *stream = (struct wc_stream *)delivery;
	const void *unused;

	*deadline_ns = stream->opening ? stream->now_ns : WC_DELIVERY_NEVER;
	if (stream->connection)
		return wc_connection_wait(stream->connection, fds, deadline_ns);
	if (!stream->channel)
		return 0;
	fds[0] = (struct pollfd){.fd = stream->channel->fd, .events = POLLIN | POLLRDHUP};
	if (wc_outbox_next(stream->outbox, &unused))
		fds[0].events |= stream->channel->events;
	*deadline_ns = stream->headway.ask_ns;
	return 1;
}

/* Ends a session of RELP. The answer is waited for where all else was answered. */
static void part(struct wc_stream *stream)
{
	struct pollfd polled = {.fd = stream->channel->fd, .events = POLLIN};
	bool answers = wc_outbox_done(stream->outbox);
	char heard[WC_STREAM_HEARD];
	const char *frame;
	size_t length = wc_relp_close(stream->relp, &frame);

	wc_outbox_add(stream->outbox, frame, length);
	if (wc_stream_flush(stream, NULL) || !answers)
		return;
	for (int round = 0; round < FAREWELL_ROUNDS && poll(&polled, 1, FAREWELL_MS) > 0; round++)
		if (stream->channel->ops->take(stream->channel, heard, sizeof(heard), NULL) < 0)
			break;
}

static void stream_close(struct wc_delivery *delivery)
{
	struct wc_stream *stream = (struct wc_stream *)delivery;

	if (stream->channel && !stream->opening && !wc_stream_hear(stream, NULL)) {
		if (stream->relp)
			part(stream);
		if (!wc_stream_flush(stream, NULL))
			stream->channel->ops->bye(stream->channel);
		wc_stream_ask(stream);
	}
	stop(stream);
}

static void stream_free(struct wc_delivery *delivery)
{
	struct wc_stream *stream = (struct wc_stream *)delivery;

	stop(stream);
	wc_tls_identity_free(stream->identity);
	wc_relp_free(stream->relp);
	wc_outbox_free(stream->outbox);
	wc_place_free(&stream->place);
	free(stream);
}

static const struct wc_delivery_ops stream_ops = {
	.open = stream_open,
	.work = stream_work,
	.send = stream_send,
	.confirmed = stream_confirmed,
	.wait = stream_wait,
	.close = stream_close,
	.free = stream_free,
};

int wc_stream_new(struct wc_delivery **delivery, struct wc_place *place,
		  const struct wc_delivery_settings *settings, struct wc_error *error)
{
	bool tls = place->kind == WC_PLACE_TLS || place->kind == WC_PLACE_RELPS;
	bool relp = place->kind == WC_PLACE_RELP || place->kind == WC_PLACE_RELPS;
	struct wc_stream *stream = calloc(1, sizeof(*stream));
	int status = WC_OK;

	if (!stream)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	stream->delivery =
		(struct wc_delivery){&stream_ops, relp ? WC_RELP_LONGEST : WC_OUTBOX_LONGEST};
	stream->patience_ns = settings->patience_ns;
	stream->outbox = wc_outbox_new();
	stream->relp = relp ? wc_relp_new() : NULL;
	if (!stream->outbox || (relp && !stream->relp))
		status =
			wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	else if (tls)
		status = wc_tls_identity_new(&stream->identity, &settings->tls, place->host, error);
	if (status) {
		/* The place stays the caller's. */
		stream_free(&stream->delivery);
		return status;
	}
	stream->place = *place;
	*delivery = &stream->delivery;
	return WC_OK;
}
