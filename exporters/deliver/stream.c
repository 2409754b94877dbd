/*
 * Messages over one stream: tcp, tls, unix. Dials, agrees, then goes round:
 * hear, send, learn what arrived. It hears before it sends, so that nothing is
 * written into a connection that is known to be dead.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "channel.h"
#include "delivery.h"
#include "dial.h"
#include "kinds.h"
#include "outbox.h"
#include "place.h"
#include "receipt.h"
#include "wirecensus/error.h"

#define NS_PER_SECOND UINT64_C(1000000000)

/* Nothing says that a peer's kernel has acknowledged: it is asked, less and less often. */
#define ASK_FIRST_NS UINT64_C(1000000)
#define ASK_MOST_NS  UINT64_C(100000000)

/* What a peer may say on an open connection, in bytes: no collector has much to say. */
#define HEARD_MOST 65536
#define HEARD_ONCE 4096

enum phase { CLOSED, DIALLING, SHAKING, OPEN };

struct stream {
	struct wc_delivery delivery;
	struct wc_place place;
	uint64_t patience_ns;
	struct wc_tls_identity *identity; /* NULL: as it is */
	struct wc_outbox *outbox;
	enum phase phase;
	uint64_t now_ns;
	struct wc_dial *dial;       /* while DIALLING */
	struct wc_channel *channel; /* from SHAKING on */
	uint64_t deadline_ns;       /* of SHAKING */
	uint64_t heard_most;
	uint64_t received;     /* bytes on the wire that the other side has */
	uint64_t progress_ns;  /* when that last grew, or nothing was under way */
	uint64_t ask_ns, step; /* when to ask for it again, and then after how long */
	bool fresh;            /* the first message since nothing was under way */
};

/* Ends the connection for the reason in @error, which gets the place in front. */
static int fail(struct stream *stream, struct wc_error *error)
{
	struct wc_error reason = {""};

	if (error)
		reason = *error;
	return wc_error_set(error, WC_FAILED, "%s: %s", stream->place.text, reason.text);
}

static void stop(struct stream *stream)
{
	wc_dial_free(stream->dial);
	stream->dial = NULL;
	if (stream->channel)
		stream->channel->ops->free(stream->channel);
	stream->channel = NULL;
	stream->phase = CLOSED;
}

static void stream_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	struct stream *stream = (struct stream *)delivery;

	wc_outbox_clear(stream->outbox);
	stream->now_ns = now_ns;
	stream->phase = DIALLING;
}

static int dial(struct stream *stream, struct wc_error *error)
{
	struct wc_dial_plan plan = {
		.place = &stream->place,
		.type = SOCK_STREAM,
		.patience_ns = stream->patience_ns,
	};
	int fd, status;

	if (!stream->dial)
		stream->dial = wc_dial_new(&plan, stream->now_ns);
	if (!stream->dial)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a connection",
				    stream->place.text);
	status = wc_dial_work(stream->dial, stream->now_ns, &fd, error);
	if (status != 1)
		return status;
	stream->channel = stream->identity ? wc_channel_tls(fd, stream->identity, error)
					   : wc_channel_plain(fd, error);
	if (!stream->channel)
		return fail(stream, error);
	wc_dial_free(stream->dial);
	stream->dial = NULL;
	stream->phase = SHAKING;
	stream->deadline_ns = stream->now_ns + stream->patience_ns;
	return 1;
}

static int shake(struct stream *stream, struct wc_error *error)
{
	int status = stream->channel->ops->shake(stream->channel, stream->now_ns, error);

	if (status < 0)
		return fail(stream, error);
	if (status == 0) {
		if (stream->now_ns < stream->deadline_ns)
			return 0;
		return wc_error_set(error, WC_FAILED,
				    "%s: the handshake did not end in time; check that the "
				    "collector speaks TLS there",
				    stream->place.text);
	}
	stream->phase = OPEN;
	stream->heard_most = stream->channel->heard + HEARD_MOST;
	stream->received = 0;
	stream->progress_ns = stream->now_ns;
	stream->ask_ns = WC_DELIVERY_NEVER;
	return 1;
}

/* Reads and throws away. */
static int hear(struct stream *stream, struct wc_error *error)
{
	char heard[HEARD_ONCE];
	ssize_t got;

	do {
		got = stream->channel->ops->take(stream->channel, heard, sizeof(heard), error);
		if (got < 0)
			return fail(stream, error);
		if (stream->channel->heard > stream->heard_most)
			return wc_error_set(error, WC_FAILED,
					    "%s: the other side talks without end, which no "
					    "collector does; check the address",
					    stream->place.text);
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
		stream->step = ASK_FIRST_NS;
		stream->ask_ns = stream->now_ns + stream->step;
	}
	return sent < 0 ? fail(stream, error) : WC_OK;
}

/* True if the other side got more since it was asked last. */
static bool ask(struct stream *stream)
{
	uint64_t received;

	if (!wc_receipt(stream->channel->fd, stream->place.kind == WC_PLACE_UNIX,
			stream->channel->written, &received) ||
	    received <= stream->received)
		return false;
	stream->received = received;
	wc_outbox_confirm(stream->outbox, received);
	return true;
}

/* Learns what arrived, and whether it takes too long. */
static int follow(struct stream *stream, struct wc_error *error)
{
	bool more = ask(stream), done = wc_outbox_done(stream->outbox);

	if (more || done || stream->fresh)
		stream->progress_ns = stream->now_ns;
	stream->fresh = false;
	if (more)
		stream->step = ASK_FIRST_NS;
	else if (stream->now_ns >= stream->ask_ns && stream->step < ASK_MOST_NS)
		stream->step *= 2;
	if (done)
		stream->ask_ns = WC_DELIVERY_NEVER;
	else if (more || stream->now_ns >= stream->ask_ns)
		stream->ask_ns = stream->now_ns + stream->step;
	if (stream->now_ns - stream->progress_ns < stream->patience_ns)
		return WC_OK;
	return wc_error_set(error, WC_FAILED,
			    "%s: the other side has taken nothing for %llu s; check that the "
			    "collector is alive and reads",
			    stream->place.text,
			    (unsigned long long)(stream->patience_ns / NS_PER_SECOND));
}

/* Everything that can be done at once. Returns 0, or WC_FAILED with @error filled in. */
static int advance(struct stream *stream, struct wc_error *error)
{
	int status = 1;

	if (stream->phase == DIALLING)
		status = dial(stream, error);
	if (status > 0 && stream->phase == SHAKING)
		status = shake(stream, error);
	if (status <= 0 || stream->phase != OPEN)
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
	if (stream->phase != CLOSED && advance(stream, error) < 0)
		stop(stream);
	if (stream->phase == CLOSED)
		return WC_DELIVERY_CLOSED;
	return stream->phase == OPEN ? WC_DELIVERY_OPEN : WC_DELIVERY_OPENING;
}

static int stream_send(struct wc_delivery *delivery, const void *message, size_t length,
		       struct wc_error *error)
{
	struct stream *stream = (struct stream *)delivery;

	if (stream->phase != OPEN)
		return 0;
	if (length > delivery->longest) {
		stop(stream);
		return wc_error_set(error, WC_FAILED,
				    "%s: a message of %zu bytes is longer than %zu",
				    stream->place.text, length, delivery->longest);
	}
	stream->fresh |= wc_outbox_done(stream->outbox);
	return wc_outbox_add(stream->outbox, message, length);
}

static uint64_t stream_confirmed(struct wc_delivery *delivery)
{
	return wc_outbox_confirmed(((struct stream *)delivery)->outbox);
}

static size_t stream_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	struct stream *stream = (struct stream *)delivery;
	const void *unused;

	*deadline_ns = WC_DELIVERY_NEVER;
	if (stream->phase == CLOSED)
		return 0;
	*deadline_ns = stream->now_ns;
	if (stream->phase == DIALLING)
		return stream->dial ? wc_dial_wait(stream->dial, fds, deadline_ns) : 0;
	fds[0] = (struct pollfd){.fd = stream->channel->fd, .events = stream->channel->events};
	if (stream->phase == SHAKING) {
		*deadline_ns =
			stream->channel->wake_ns ? stream->channel->wake_ns : stream->deadline_ns;
		return 1;
	}
	if (!wc_outbox_next(stream->outbox, &unused))
		fds[0].events = 0;
	fds[0].events |= POLLIN | POLLRDHUP;
	*deadline_ns = stream->ask_ns;
	return 1;
}

static void stream_close(struct wc_delivery *delivery)
{
	struct stream *stream = (struct stream *)delivery;

	if (stream->phase == OPEN && !hear(stream, NULL) && !flush(stream, NULL)) {
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
	struct stream *stream = calloc(1, sizeof(*stream));
	struct wc_outbox *outbox = wc_outbox_new();
	int status = WC_OK;

	if (!stream || !outbox)
		status =
			wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	else if (place->kind == WC_PLACE_TLS)
		status = wc_tls_identity_new(&stream->identity, &settings->tls, place->host, error);
	if (status) {
		wc_outbox_free(outbox);
		free(stream);
		return status;
	}
	stream->delivery = (struct wc_delivery){&stream_ops, WC_OUTBOX_LONGEST};
	stream->place = *place;
	stream->patience_ns = settings->patience_ns;
	stream->outbox = outbox;
	*delivery = &stream->delivery;
	return WC_OK;
}
