/*
 * xdp.bpf.c - counts what an interface receives, before the kernel makes a packet of it
 *
 * As count.bpf.c, and into the same maps. It can also keep echo requests from this
 * host, which then does not answer.
 */
#define WC_XDP

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <stdbool.h>
#include <stdint.h>

#include "count.bpf.h"
#include "frame.bpf.h"
#include "layout.h"
#include "maps.bpf.h"
#include "wait.bpf.h"

char terms[] SEC("license") = "Dual BSD/GPL";

const volatile struct wc_kernel_rules rules = {.slices = 0};
struct wc_kernel_state state;

/* The program once more, as it counts what comes while the reader counts what has waited. */
PROGRAMS(xdp_beside, 1);

#define ADDRESS_SIZE 6 /* of Ethernet */

union target {
	uint8_t bytes[8];
	uint64_t all;
};

/*
 * What the host sends to a group comes back to it, and to generic XDP, without a link header:
 * no frame of the link, and a socket is not shown it either. Nobody's hardware address
 * is the begin of such a packet, with the frame's length in it.
 */
static __always_inline bool came_back(struct xdp_md *frame, const union target *target)
{
	uint32_t length = length_of(frame);
	uint8_t to;

	switch (target->bytes[0] >> 4) {
	case 4:
		return load16(target->bytes + 2) == length &&
		       (target->bytes[0] == 0x45 || (fetch(frame, 16, &to, 1) && to >= 224));
	case 6:
		return load16(target->bytes + 4) + V6_HEADER == length &&
		       fetch(frame, 24, &to, 1) && to == 0xff;
	default:
		return false;
	}
}

/* For another host, unless it is to our hardware address or to a group's; 0: not from the link. */
static __always_inline uint8_t origin_of(struct xdp_md *frame)
{
	union target target = {.all = 0};
	const uint8_t *bytes = BEGIN_OF(frame);

	if (state.control.link != WC_KERNEL_ETHERNET)
		return ORIGIN_RECEIVED;
	if (bytes + ADDRESS_SIZE <= END_OF(frame))
		__builtin_memcpy(target.bytes, bytes, ADDRESS_SIZE);
	else if (!fetch(frame, 0, target.bytes, ADDRESS_SIZE))
		return ORIGIN_RECEIVED;
	if (target.all == state.control.own)
		return ORIGIN_RECEIVED;
	if (came_back(frame, &target))
		return 0;
	return target.bytes[0] & 1 ? ORIGIN_RECEIVED : ORIGIN_OTHER;
}

static __always_inline bool is_for_us(const struct seen *seen)
{
	return seen->direction == DIRECTION_IN || seen->direction == DIRECTION_LOCAL;
}

SEC("xdp.frags")
int wc_xdp(struct xdp_md *frame)
{
	uint8_t origin = origin_of(frame);
	const struct seen *seen;

	if (!origin)
		return XDP_PASS;
	seen = count_frame(frame, origin, SIGHT_DIRECT);
	if (!seen)
		bpf_tail_call(frame, &xdp_beside, 0);

	return rules.drop_echo && seen && seen->echo && is_for_us(seen) ? XDP_DROP : XDP_PASS;
}
