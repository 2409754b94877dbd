#include "sink.h"

#include <check.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "delivery.h"
#include "place.h"

struct sink {
	struct wc_delivery delivery;
	uint64_t *bytes;
	bool open;
	uint64_t taken;
};

static struct sink *sink_of(struct wc_delivery *delivery)
{
	return (struct sink *)delivery;
}

static void sink_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	(void)now_ns;
	sink_of(delivery)->open = true;
	sink_of(delivery)->taken = 0;
}

static enum wc_delivery_state sink_work(struct wc_delivery *delivery, uint64_t now_ns,
					struct wc_error *error)
{
	(void)now_ns;
	(void)error;
	return sink_of(delivery)->open ? WC_DELIVERY_OPEN : WC_DELIVERY_CLOSED;
}

static int sink_send(struct wc_delivery *delivery, const void *message, size_t length,
		     struct wc_error *error)
{
	(void)message;
	(void)error;
	sink_of(delivery)->taken++;
	*sink_of(delivery)->bytes += length;
	return 1;
}

static uint64_t sink_confirmed(struct wc_delivery *delivery)
{
	return sink_of(delivery)->taken;
}

static size_t sink_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	(void)delivery;
	(void)fds;
	*deadline_ns = WC_DELIVERY_NEVER;
	return 0;
}

static void sink_close(struct wc_delivery *delivery)
{
	sink_of(delivery)->open = false;
}

static void sink_free(struct wc_delivery *delivery)
{
	free(delivery);
}

struct wc_delivery *sink_new(const struct wc_place *place, uint64_t *bytes)
{
	static const struct wc_delivery_ops ops = {
		.open = sink_open,
		.work = sink_work,
		.send = sink_send,
		.confirmed = sink_confirmed,
		.wait = sink_wait,
		.close = sink_close,
		.free = sink_free,
	};
	struct sink *sink = calloc(1, sizeof(*sink));

	ck_assert_ptr_nonnull(sink);
	sink->delivery.ops = &ops;
	sink->delivery.longest = wc_place_datagrams(place) ? 1232 : 65536;
	sink->bytes = bytes;
	return &sink->delivery;
}
