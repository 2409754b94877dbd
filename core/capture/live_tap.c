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

static void take(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct wc_live_tap *tap = (struct wc_live_tap *)user;
	struct wc_frame frame = {
		.bytes = bytes,
		.captured = header->caplen,
		.length = header->len,
		/* The fraction is in nanoseconds: so the socket asked for it. */
		.time_ns = (int64_t)header->ts.tv_sec * 1000000000 + header->ts.tv_usec,
		.link = (uint8_t)tap->link,
		.origin = (uint8_t)wc_link_origin(bytes, header->caplen, tap->link, tap->own),
	};

	if (tap->room)
		wc_live_cooked_mend(&frame, tap->room);
	if (is_refused(tap, &frame)) {
		tap->refused++;
		return;
	}
	tap->merged += frame.length > tap->longest;
	tap->handed++;
	tap->sink(tap->user, &frame);
}

void wc_live_tap_count(const struct wc_live_tap *tap, struct wc_live_socket *socket,
		       uint64_t *received, uint64_t *lost)
{
	*received = *lost = 0;
	if (socket)
		wc_live_socket_count(socket, received, lost);
	*received += tap->closed_received;
	*lost += tap->closed_lost;
}

uint64_t wc_live_tap_pending(const struct wc_live_tap *tap, struct wc_live_socket *socket)
{
	uint64_t received, lost;

	wc_live_tap_count(tap, socket, &received, &lost);
	return received - lost - tap->handed - tap->refused;
}

size_t wc_live_tap_read(struct wc_live_tap *tap, struct wc_live_socket *socket, size_t budget,
			wc_sink *sink, void *user)
{
	uint64_t before = tap->handed + tap->refused;

	tap->sink = sink;
	tap->user = user;
	wc_live_socket_read(socket, budget, take, (u_char *)tap);
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
