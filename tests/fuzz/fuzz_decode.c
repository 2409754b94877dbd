/* fuzz_decode.c - any bytes, as a frame of any link type: one class, and counts that fit */
#undef NDEBUG
#include <assert.h>
#include <stdbool.h>
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a live source and a filter ask of a link header. */
static void check_link(const struct wc_frame *frame)
{
	static const uint8_t own[6] = {2, 0, 0, 0, 0, 1};
	static uint8_t copy[CAPTURED_MAX];

	assert(wc_link_untag(copy, frame->bytes, frame->captured, frame->link) <= frame->captured);
	assert(wc_link_origin(frame->bytes, frame->captured, frame->link, own) <= WC_ORIGIN_OTHER);
}

/* A key that fits its class, and addresses of one version, or none. */
static void check_key(const struct wc_packet *packet)
{
	bool tcp = packet->protocol == WC_PROTOCOL_TCP, udp = packet->protocol == WC_PROTOCOL_UDP;
	bool valid = packet->source.version != 0;
	bool fits[WC_CLASSES] = {
		[WC_CLASS_TCP] = tcp && valid,
		[WC_CLASS_UDP] = udp && valid,
		[WC_CLASS_PROTOCOL] = packet->key == packet->protocol && !tcp && !udp && valid,
		[WC_CLASS_FRAGMENT] = packet->key == packet->protocol && (tcp || udp) && valid,
		[WC_CLASS_ETHERTYPE] = packet->key >= 0x0600 && !valid,
		[WC_CLASS_LLC] = packet->key == 0 && !valid,
		[WC_CLASS_MALFORMED] = packet->key == 0,
		[WC_CLASS_UNSUPPORTED] = packet->key == 0 && !valid,
	};

	assert(packet->class < WC_CLASSES && fits[packet->class]);
	assert(packet->source.version == packet->destination.version);
}

/* The host of the seeds. */
static const struct wc_local *host(void)
{
	static const struct wc_address own[] = {
		{0, 0xc0000201, 4}, /* 192.0.2.1 */
		{UINT64_C(0x20010db800000000), 1, 6},
	};
	struct wc_local *local = wc_local_new();

	for (int i = 0; i < 2; i++)
		wc_local_add(local, &own[i]);
	return local;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct wc_hash_seed seed = {{1, 2, 3, 4}};
	static const struct wc_local *local;
	static struct wc_memo memo;
	struct wc_packet packet;

	if (!local) {
		local = host();
		wc_memo_begin(&memo, &seed, true);
	}
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

	wc_decode(&packet, &frame, local, &memo);
	check_key(&packet);
	assert(packet.direction < WC_DIRECTIONS);
	assert(packet.bytes == frame.length);
	assert(packet.event == WC_EVENT_NONE || packet.event_direction < WC_DIRECTIONS);
	check_link(&frame);
	return 0;
}
