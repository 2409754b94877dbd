#include "live_tap.h"

#include "filter.h"
#include "link.h"
#include "live_cooked.h"
#include "live_socket.h"

/* Reads of the ring before the worker gets a word in, where the filter refuses all. */
#define READS_MAX 16

static bool is_refused(const struct wc_live_tap *tap, const struct wc_frame *frame)
{
	if (!tap->filter)
		return false;
	return tap->filters_here ? !wc_filter_pass(tap->filter, frame)
				 : !wc_filter_pass_tagged(tap->filter, frame);
}

/* The kernel tells the packets that some frames were merged of: those are as good as apart. */
static bool is_merged(const struct wc_live_tap *tap, const struct wc_frame *frame)
{
	return frame->merged || (frame->length > tap->longest && !frame->segment);
}

static void take(void *user, struct wc_frame *frame)
{
	struct wc_live_tap *tap = user;

	if (frame->origin == WC_ORIGIN_FILE)
		frame->origin =
			(uint8_t)wc_link_origin(frame->bytes, frame->captured, tap->link, tap->own);
	if (tap->room)
		wc_live_cooked_mend(frame, tap->room);
	if (is_refused(tap, frame)) {
		tap->refused++;
		return;
	}
	tap->merged += is_merged(tap, frame);
	tap->handed++;
	tap->sink(tap->user, frame);
}

void wc_live_tap_count(const struct wc_live_tap *tap, struct wc_live_socket *socket,
		       struct wc_live_counts *counts)
{
	*counts = (struct wc_live_counts){0};
	if (socket)
		wc_live_socket_count(socket, counts);
	counts->received += tap->closed_received;
	counts->lost += tap->closed_lost;
}

uint64_t wc_live_tap_pending(const struct wc_live_tap *tap, struct wc_live_socket *socket)
{
	struct wc_live_counts counts;

	wc_live_tap_count(tap, socket, &counts);
	return counts.received - counts.lost - tap->handed - tap->refused;
}

size_t wc_live_tap_read(struct wc_live_tap *tap, struct wc_live_socket *socket, size_t budget,
			wc_sink *sink, void *user)
{
	uint64_t before = tap->handed + tap->refused;

	tap->sink = sink;
	tap->user = user;
	wc_live_socket_read(socket, budget, take, tap);
	return (size_t)(tap->handed + tap->refused - before);
}

int wc_live_tap_run(struct wc_live_tap *tap, struct wc_live_socket *socket, size_t budget,
		    wc_sink *sink, void *user)
{
	uint64_t before = tap->handed;

	for (int reads = 0; reads < READS_MAX && tap->handed == before; reads++)
		if (wc_live_tap_read(tap, socket, budget, sink, user) == 0)
			break;
	return (int)(tap->handed - before);
}
