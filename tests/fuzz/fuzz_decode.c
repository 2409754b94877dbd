/* fuzz_decode.c - any bytes, as a frame of any link type: one class, and counts that fit */
#undef NDEBUG
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "decode.h"
#include "link.h"
#include "local.h"
#include "memo.h"
#include "packet.h"
#include "wirecensus/snapshot.h"

/* The first three bytes choose the link type, the origin, and how much longer the frame was. */
#define CHOICES 3

#define CAPTURED_MAX 65536

/* What a live source and a filter ask of a link header. */
static void check_link(const struct wc_frame *frame)
{
	static const uint8_t own[6] = {2, 0, 0, 0, 0, 1};
	static uint8_t copy[CAPTURED_MAX];

	assert(wc_link_untag(copy, frame->bytes, frame->captured, frame->link) <= frame->captured);
	assert(wc_link_origin(frame->bytes, frame->captured, frame->link, own) <= WC_ORIGIN_OTHER);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct wc_hash_seed seed = {{1, 2, 3, 4}};
	static struct wc_memo memo;
	struct wc_packet packet;

	if (!memo.local)
		wc_memo_begin(&memo, wc_local_new(), &seed);
	if (size < CHOICES || size > CAPTURED_MAX)
		return 0;

	struct wc_frame frame = {
		.bytes = data + CHOICES,
		.captured = (uint32_t)(size - CHOICES),
		.length = (uint32_t)(size - CHOICES) + data[2],
		.time_ns = WC_TIME_UNKNOWN,
		.link = data[0] % (WC_LINK_NULL + 1),
		.origin = data[1] % (WC_ORIGIN_OTHER + 1),
	};

	wc_decode(&packet, &frame, &memo);
	assert(packet.class < WC_CLASSES);
	assert(packet.direction < WC_DIRECTIONS);
	assert(packet.bytes == frame.length);
	assert(packet.event == WC_EVENT_NONE || packet.event_direction < WC_DIRECTIONS);
	check_link(&frame);
	return 0;
}
