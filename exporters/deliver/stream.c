/*
 * Messages over one stream: tcp, tls, unix, relp. Once it is connected it goes
 * round: hear, send, learn what arrived. It hears before it sends, so that
 * nothing is written into a connection that is known to be dead. With RELP it is
 * the server's answers that confirm, else what its kernel has.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "channel.h"
#include "connection.h"
#include "delivery.h"
#include "headway.h"
#include "kinds.h"
#include "outbox.h"
#include "place.h"
#include "receipt.h"
#include "relp.h"
#include "wirecensus/error.h"

#define NS_PER_SECOND UINT64_C(1000000000)

/* What a peer may say on an open connection, in bytes: no collector has much to say. */
#define HEARD_MOST 65536
#define HEARD_ONCE 4096

/* A server of RELP that is not idle logs an error when its farewell meets a closed door. */
#define FAREWELL_MS     100
#define FAREWELL_ROUNDS 3

struct stream {
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

static void stop(struct stream *stream)
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
	struct stream *stream = (struct stream *)delivery;

	wc_outbox_clear(stream->outbox);
	if (stream->relp)
		wc_relp_clear(stream->relp);
	stream->now_ns = now_ns;
	stream->opening = true;
}

/* The connection stands. */
static void begin(struct stream *stream)
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

static int make_connection(struct stream *stream, struct wc_error *error)
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
static int listen_to(struct stream *stream, const char *heard, size_t length,
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

static int hear(struct stream *stream, struct wc_error *error)
{
	char heard[HEARD_ONCE];
	ssize_t got;

	do {
		got = stream->channel->ops->take(stream->channel, heard, sizeof(heard), error);
		if (got < 0 || listen_to(stream, heard, (size_t)got, error))
			return wc_delivery_failed(&stream->place, error);
	} while (got > 0);
	return WC_OK;
}

static int flush(struct stream *stream, struct wc_error *error)
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

/* True if the other side got more since it was asked last. */
static bool ask(struct stream *stream)
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
static int follow(struct stream *stream, struct wc_error *error)
{
	bool more = ask(stream);
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

/* Everything that can be done at once. Returns 0 or 1, or WC_FAILED with @error filled in. */
static int advance(struct stream *stream, struct wc_error *error)
{
	int status = stream->channel ? 1 : make_connection(stream, error);

	if (status != 1)
		return status;
	status = hear(stream, error);
	if (!status)
		status = flush(stream, error);
	return status ? status : follow(stream, error);
}

static enum wc_delivery_state stream_work(struct wc_delivery *delivery, uint64_t now_ns,
					  struct wc_error *error)
{
	struct stream *stream = (struct stream *)delivery;

	stream->now_ns = now_ns;
	if ((stream->opening || stream->channel) && advance(stream, error) < 0)
		stop(stream);
	if (stream->opening)
		return WC_DELIVERY_OPENING;
	return stream->channel ? WC_DELIVERY_OPEN : WC_DELIVERY_CLOSED;
}

static bool add(struct stream *stream, const void *message, size_t length)
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
	struct stream *stream = (struct stream *)delivery;
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
	const struct stream *stream = (struct stream *)delivery;
	uint64_t confirmed = wc_outbox_confirmed(stream->outbox);

	/* With RELP, "open" was the first. */
	return confirmed && stream->relp ? confirmed - 1 : confirmed;
}

static size_t stream_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	struct stream *stream = (struct stream *)delivery;
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
static void part(struct stream *stream)
{
	struct pollfd polled = {.fd = stream->channel->fd, .events = POLLIN};
	bool answers = wc_outbox_done(stream->outbox);
	char heard[HEARD_ONCE];
	const char *frame;
	size_t length = wc_relp_close(stream->relp, &frame);

	wc_outbox_add(stream->outbox, frame, length);
	if (flush(stream, NULL) || !answers)
		return;
	for (int round = 0; round < FAREWELL_ROUNDS && poll(&polled, 1, FAREWELL_MS) > 0; round++)
		if (stream->channel->ops->take(stream->channel, heard, sizeof(heard), NULL) < 0)
			break;
}

static void stream_close(struct wc_delivery *delivery)
{
	struct stream *stream = (struct stream *)delivery;

	if (stream->channel && !stream->opening && !hear(stream, NULL)) {
		if (stream->relp)
			part(stream);
		if (!flush(stream, NULL))
			stream->channel->ops->bye(stream->channel);
		ask(stream);
	}
	stop(stream);
}

static void stream_free(struct wc_delivery *delivery)
{
	struct stream *stream = (struct stream *)delivery;

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
	struct stream *stream = calloc(1, sizeof(*stream));
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
