/*
 * count.bpf.c - counts frames where they are, in the kernel
 *
 * The program sees each frame as a packet socket does, or as tcx does, counts it
 * into the maps of maps.bpf.h, and keeps no bytes of it: there is no queue behind which
 * any could be lost.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <linux/if_packet.h>
#include <stdint.h>

#include "count.bpf.h"
#include "frame.bpf.h"
#include "layout.h"
#include "wait.bpf.h"

/* The next program of tcx is to see the frame, too: of linux/bpf.h since 6.6. */
#define TCX_NEXT (-1)

char terms[] SEC("license") = "Dual BSD/GPL";

const volatile struct wc_kernel_rules rules = {.slices = 0};
struct wc_kernel_state state;

/* Those of tcx once more, as they count what comes while the reader counts what has waited. */
PROGRAMS(beside, WC_KERNEL_BESIDE);

SEC("socket")
int wc_count(struct __sk_buff *frame)
{
	if (rules.sent_only && frame->pkt_type != PACKET_OUTGOING)
		return 0;
	if (rules.loopback && frame->pkt_type == PACKET_OUTGOING &&
	    frame->ifindex == rules.loopback)
		return 0;
	if (state.control.hand_over)
		return WC_KERNEL_HAND_OVER;
	return count_frame(frame, origin_of(frame), SIGHT_FETCHED) ? 0 : WC_KERNEL_HAND_OVER;
}

static long settle_next(uint32_t processor, void *unused)
{
	(void)unused;
	settle(processor);
	return 0;
}

/* Run by the reader, by a frame of its own: counts what waits since before it turned. */
SEC("socket")
int wc_settle(struct __sk_buff *frame)
{
	(void)frame;
	bpf_loop(rules.processors, settle_next, NULL, 0);
	return 0;
}

SEC("tc")
int wc_received(struct __sk_buff *frame)
{
	/* What the host sends to a group comes back to it, without a link header: see XDP's. */
	if (frame->pkt_type == PACKET_LOOPBACK)
		return TCX_NEXT;
	if (!count_frame(frame, origin_of(frame), SIGHT_DIRECT))
		bpf_tail_call(frame, &beside, WC_KERNEL_BESIDE_RECEIVED);
	return TCX_NEXT;
}

SEC("tc")
int wc_sent(struct __sk_buff *frame)
{
	if (!count_frame(frame, ORIGIN_SENT, SIGHT_DIRECT))
		bpf_tail_call(frame, &beside, WC_KERNEL_BESIDE_SENT);
	return TCX_NEXT;
}
