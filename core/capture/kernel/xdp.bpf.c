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

char terms[] SEC("license") = "Dual BSD/GPL";

const volatile struct wc_kernel_rules rules = {.link = WC_KERNEL_ETHERNET};
struct wc_kernel_state state;

/* For another host, unless it is to our hardware address or to a group's. */
static __always_inline uint8_t origin_of(struct xdp_md *frame)
{
	union {
		uint8_t bytes[8];
		uint64_t all;
	} target = {.all = 0};

	if (rules.link != WC_KERNEL_ETHERNET || !fetch(frame, 0, target.bytes, 6) ||
	    (target.bytes[0] & 1) || target.all == state.control.own)
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
	const struct seen *seen = count_now(frame, origin_of(frame));

	return rules.drop_echo && seen && seen->echo && is_for_us(seen) ? XDP_DROP : XDP_PASS;
}
