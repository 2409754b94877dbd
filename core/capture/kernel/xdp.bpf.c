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

const volatile struct wc_kernel_rules rules = {.link = WC_KERNEL_ETHERNET};
struct wc_kernel_state state;

/* The program once more, as it counts what comes while the reader counts what has waited. */
PROGRAMS(xdp_beside, 1);

#define ADDRESS_SIZE 6 /* of Ethernet */

/* For another host, unless it is to our hardware address or to a group's. */
static __always_inline uint8_t origin_of(struct xdp_md *frame)
{
	union {
		uint8_t bytes[8];
		uint64_t all;
	} target = {.all = 0};
	const uint8_t *bytes = BEGIN_OF(frame);

	if (rules.link != WC_KERNEL_ETHERNET)
		return ORIGIN_RECEIVED;
	if (bytes + ADDRESS_SIZE <= END_OF(frame))
		__builtin_memcpy(target.bytes, bytes, ADDRESS_SIZE);
	else if (!fetch(frame, 0, target.bytes, ADDRESS_SIZE))
		return ORIGIN_RECEIVED;
	if ((target.bytes[0] & 1) || target.all == state.control.own)
		return ORIGIN_RECEIVED;
	return ORIGIN_OTHER;
}

static __always_inline bool is_for_us(const struct seen *seen)
{
	return seen->direction == DIRECTION_IN || seen->direction == DIRECTION_LOCAL;
}

SEC("xdp.frags")
int wc_xdp(struct xdp_md *frame)
{
	const struct seen *seen = count_frame(frame, origin_of(frame), SIGHT_DIRECT);

	if (!seen)
		bpf_tail_call(frame, &xdp_beside, 0);

	return rules.drop_echo && seen && seen->echo && is_for_us(seen) ? XDP_DROP : XDP_PASS;
}
