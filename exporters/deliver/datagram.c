/*
 * Messages as datagrams, each on its own: udp, unixgram. What a socket accepts
 * counts as confirmed: nobody will ever say more. A refusal that an earlier
 * datagram met (ICMP, RFC 1122 4.1.3.3) ends the connection before the next one
 * is lost, too.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "delivery.h"
#include "dial.h"
#include "kinds.h"
#include "place.h"
#include "wirecensus/error.h"

/* IPv6's minimum MTU of 1,280 (RFC 8200 5) less its header and UDP's: travels everywhere whole. */
#define UDP_FITTING 1232
#define UDP_MOST    65507 /* what IPv4's length field leaves */

/* What local receivers read at once, at least: rsyslog's default. */
#define LOCAL_FITTING 8192

#define HEARD_ROUNDS 16 /* datagrams from the peer that are thrown away at once */

/* For a device queue that is full: no poll tells when it is not. */
#define RETRY_NS UINT64_C(10000000)

struct datagram {
	struct wc_delivery delivery;
	struct wc_place place;
	uint64_t patience_ns, now_ns;
	struct wc_dial *dial; /* while opening */
	bool opening;
	int fd;           /* while open, else -1 */
	size_t refusals;  /* the next address has its turn after each */
	bool full;        /* the last message found no room */
	uint64_t full_ns; /* since then; 0: not known yet */
	uint64_t sent;
};

static void stop(struct datagram *datagram)
{
	wc_dial_free(datagram->dial);
	datagram->dial = NULL;
	datagram->opening = false;
	if (datagram->fd >= 0)
		close(datagram->fd);
	datagram->fd = -1;
}

static int fail(struct datagram *datagram, int reason, struct wc_error *error)
{
	stop(datagram);
	if (reason == EMSGSIZE)
		return wc_error_set(error, WC_FAILED,
				    "%s: a message is longer than the way there takes; give a "
				    "smaller datagram size",
				    datagram->place.text);
	datagram->refusals++;
	return wc_error_set(error, WC_FAILED,
			    "%s does not take messages: %s; check that the collector runs and "
			    "listens there",
			    datagram->place.text, strerror(reason));
}

static void datagram_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	struct datagram *datagram = (struct datagram *)delivery;

	datagram->opening = true;
	datagram->now_ns = now_ns;
	datagram->full = false;
	datagram->sent = 0;
}

static int dial(struct datagram *datagram, struct wc_error *error)
{
	struct wc_dial_plan plan = {
		.place = &datagram->place,
		.type = SOCK_DGRAM,
		.first = datagram->refusals,
		.patience_ns = datagram->patience_ns,
	};
	int status;

	if (!datagram->dial)
		datagram->dial = wc_dial_new(&plan, datagram->now_ns);
	if (!datagram->dial)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a connection",
				    datagram->place.text);
	status = wc_dial_work(datagram->dial, datagram->now_ns, &datagram->fd, error);
	if (status == 1) {
		wc_dial_free(datagram->dial);
		datagram->dial = NULL;
		datagram->opening = false;
	}
	return status;
}

/* Throws away what the peer sent. Returns 0, or the errno that an earlier message met. */
static int hear(const struct datagram *datagram)
{
	char byte;

	for (int round = 0; round < HEARD_ROUNDS; round++)
		if (recv(datagram->fd, &byte, 1, MSG_DONTWAIT) < 0 && errno != EINTR)
			return errno == EAGAIN ? 0 : errno;
	return 0;
}

/* Ends the connection when it has been full for too long. */
static int watch_full(struct datagram *datagram, struct wc_error *error)
{
	if (!datagram->full)
		return WC_OK;
	if (!datagram->full_ns)
		datagram->full_ns = datagram->now_ns;
	if (datagram->now_ns - datagram->full_ns < datagram->patience_ns)
		return WC_OK;
	return fail(datagram, ETIMEDOUT, error);
}

static enum wc_delivery_state datagram_work(struct wc_delivery *delivery, uint64_t now_ns,
					    struct wc_error *error)
{
	struct datagram *datagram = (struct datagram *)delivery;

	datagram->now_ns = now_ns;
	if (datagram->opening && dial(datagram, error) < 0)
		stop(datagram);
	if (datagram->opening)
		return WC_DELIVERY_OPENING;
	if (datagram->fd >= 0) {
		int reason = hear(datagram);

		if (reason)
			fail(datagram, reason, error);
		else
			watch_full(datagram, error);
	}
	return datagram->fd >= 0 ? WC_DELIVERY_OPEN : WC_DELIVERY_CLOSED;
}

static int datagram_send(struct wc_delivery *delivery, const void *message, size_t length,
			 struct wc_error *error)
{
	struct datagram *datagram = (struct datagram *)delivery;
	ssize_t sent;
	int reason;

	if (datagram->fd < 0)
		return 0;
	if (length > delivery->longest)
		return fail(datagram, EMSGSIZE, error);
	do
		sent = send(datagram->fd, message, length, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	if (sent < 0 && (errno == EAGAIN || errno == ENOBUFS)) {
		datagram->full_ns = datagram->full ? datagram->full_ns : 0;
		datagram->full = true;
		return 0;
	}
	datagram->full = false;
	/* On this machine a refusal is there at once: then this message is not lost. */
	reason = sent < 0 ? errno : hear(datagram);
	if (reason)
		return fail(datagram, reason, error);
	datagram->sent++;
	return 1;
}

static uint64_t datagram_confirmed(struct wc_delivery *delivery)
{
	return ((struct datagram *)delivery)->sent;
}

static size_t datagram_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	struct datagram *datagram = (struct datagram *)delivery;

	*deadline_ns = datagram->opening ? datagram->now_ns : WC_DELIVERY_NEVER;
	if (datagram->dial)
		return wc_dial_wait(datagram->dial, fds, deadline_ns);
	if (datagram->fd < 0)
		return 0;
	fds[0] = (struct pollfd){.fd = datagram->fd, .events = POLLIN};
	if (datagram->full)
		*deadline_ns = datagram->now_ns + RETRY_NS;
	return 1;
}

static void datagram_close(struct wc_delivery *delivery)
{
	stop((struct datagram *)delivery);
}

static void datagram_free(struct wc_delivery *delivery)
{
	struct datagram *datagram = (struct datagram *)delivery;

	stop(datagram);
	wc_place_free(&datagram->place);
	free(datagram);
}

static const struct wc_delivery_ops datagram_ops = {
	.open = datagram_open,
	.work = datagram_work,
	.send = datagram_send,
	.confirmed = datagram_confirmed,
	.wait = datagram_wait,
	.close = datagram_close,
	.free = datagram_free,
};

static size_t longest(const struct wc_place *place, size_t wanted)
{
	size_t fitting = place->kind == WC_PLACE_UDP ? UDP_FITTING : LOCAL_FITTING;

	if (!wanted)
		return fitting;
	return wanted < UDP_MOST ? wanted : UDP_MOST;
}

int wc_datagram_new(struct wc_delivery **delivery, struct wc_place *place,
		    const struct wc_delivery_settings *settings, struct wc_error *error)
{
	struct datagram *datagram = calloc(1, sizeof(*datagram));

	if (!datagram)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	datagram->delivery =
		(struct wc_delivery){&datagram_ops, longest(place, settings->datagram)};
	datagram->place = *place;
	datagram->patience_ns = settings->patience_ns;
	datagram->fd = -1;
	*delivery = &datagram->delivery;
	return WC_OK;
}
