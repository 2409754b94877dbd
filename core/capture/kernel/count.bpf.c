/*
 * count.bpf.c - counts frames where they are, in the kernel
 *
 * The program sees each frame as a packet socket does, counts it into the maps
 * of maps.bpf.h, and keeps nothing: no frame waits in a queue, so that none can
 * be lost. What it cannot walk it hands to the socket, for the decoder.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <linux/if_packet.h>
#include <stdbool.h>
#include <stdint.h>

#include "hosts.bpf.h"
#include "layout.h"
#include "local.bpf.h"
#include "maps.bpf.h"
#include "ports.bpf.h"
#include "talk.bpf.h"
#include "walk.bpf.h"

char terms[] SEC("license") = "Dual BSD/GPL";

const volatile struct wc_kernel_rules rules = {.link = WC_KERNEL_ETHERNET};
struct wc_kernel_state state;

static __always_inline void count_internet(const struct seen *seen)
{
	struct wc_kernel_slice *slice = slice_of(seen);
	struct wc_kernel_counts *counts;

	if (!((seen->source.bits ^ seen->destination.bits) & LOCAL_INSIDE))
		return;
	counts = &slice->internet[(seen->source.bits & LOCAL_INSIDE) / LOCAL_INSIDE];
	ADD(counts->packets, seen->packets);
	ADD(counts->bytes, seen->bytes);
}

/* All that is counted only of a frame with a valid IP header. */
static __always_inline void count_ip(struct seen *seen)
{
	bool ports = seen->class == CLASS_TCP || seen->class == CLASS_UDP;

	look_up(&seen->source, seen->version, seen->slice);
	look_up(&seen->destination, seen->version, seen->slice);
	seen->direction =
		direction_by_ends(seen->source.bits, seen->destination.bits, seen->origin);
	count_internet(seen);
	if (seen->event != EVENT_NONE) {
		direct_event(seen);
		count_event(seen);
	}
	if (ports && (rules.conversation_buckets || rules.host_buckets))
		seen->reverse = source_serves(seen);
	if (ports && rules.conversation_buckets)
		count_talk(seen);
	if (rules.host_buckets)
		count_hosts(seen);
}

SEC("socket")
int wc_count(struct __sk_buff *skb)
{
	const struct wc_kernel_control *control = &state.control;
	struct seen seen;

	if (rules.loopback && skb->pkt_type == PACKET_OUTGOING && skb->ifindex == rules.loopback)
		return 0;
	if (control->hand_over)
		return WC_KERNEL_HAND_OVER;
	__builtin_memset(&seen, 0, sizeof(seen));
	walk(skb, &seen, control->longest);
	if (seen.hand_over)
		return WC_KERNEL_HAND_OVER;
	seen.generation = *(volatile uint32_t *)&control->generation & 1;
	if (rules.slices > 1)
		seen.slice = bpf_get_smp_processor_id() % WC_KERNEL_SLICES;
	seen.fold_internet = control->fold_internet;
	seen.scan_plain = control->scan_plain;
	seen.direction = direction_by_origin(seen.origin);
	if (seen.version)
		count_ip(&seen);
	count_class(&seen);
	return 0;
}
