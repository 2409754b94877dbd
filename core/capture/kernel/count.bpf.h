/*
 * count.bpf.h - all that is counted of a frame
 */
#ifndef WC_COUNT_BPF_H
#define WC_COUNT_BPF_H

#include "hosts.bpf.h"
#include "local.bpf.h"
#include "maps.bpf.h"
#include "ports.bpf.h"
#include "talk.bpf.h"
#include "walk.bpf.h"

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

static __always_inline bool has_ports(const struct seen *seen)
{
	return seen->class == CLASS_TCP || seen->class == CLASS_UDP;
}

/*
 * Finds out which rows the frame is for, and asks for all of them: they come together, in
 * the time that one takes.
 */
static __always_inline void prepare(struct seen *seen)
{
	if (seen->event == EVENT_NEW) {
		touch_local(&seen->source.address, seen->version);
		touch_port(seen);
	}
	seen->source.hash = hash_address(&seen->source.address, seen->version);
	seen->destination.hash = hash_address(&seen->destination.address, seen->version);
	if (has_ports(seen)) {
		seen->reverse = source_serves(seen);
		if (rules.conversation_buckets) {
			begin_talk(seen);
			touch_talk(seen);
		}
	}
	if (rules.host_buckets) {
		bool datagram = seen->class == CLASS_UDP;
		bool fresh = seen->event == EVENT_NEW;

		touch_host(&seen->source, seen, fresh || (datagram && !seen->reverse));
		touch_host(&seen->destination, seen, datagram && seen->reverse);
	}
}

/* All that is counted only of a frame with a valid IP header. */
static __always_inline void count_ip(struct seen *seen)
{
	bool counts_talk = has_ports(seen) && rules.conversation_buckets;

	look_up(&seen->source, seen->version, seen->slice, seen->generation);
	FORGET();
	look_up(&seen->destination, seen->version, seen->slice, seen->generation);
	FORGET();
	seen->direction =
		direction_by_ends(seen->source.bits, seen->destination.bits, seen->origin);
	FORGET();
	count_internet(seen);
	if (seen->event != EVENT_NONE) {
		direct_event(seen);
		count_event(seen);
	}
	FORGET();
	if (has_ports(seen) && is_undecided(seen))
		seen->reverse = source_is_server(seen);
	FORGET();
	if (counts_talk)
		count_talk(seen);
	FORGET();
	if (rules.host_buckets)
		count_hosts(seen);
}

static __always_inline uint32_t current_generation(void)
{
	return *(volatile uint32_t *)&state.control.generation & 1;
}

/* Finds out all of a frame that does not need its rows, and asks for those. */
static __always_inline void look_at(FRAME *frame, uint8_t origin, struct seen *seen)
{
	const struct wc_kernel_control *control = &state.control;

	walk(frame, seen, control->longest);
	seen->origin = origin;
	seen->generation = current_generation();
	if (rules.slices > 1)
		seen->slice = bpf_get_smp_processor_id() % WC_KERNEL_SLICES;
	seen->fold_internet = control->fold_internet;
	seen->scan_plain = control->scan_plain;
	seen->direction = direction_by_origin(origin);
	FORGET();
	if (seen->version && (rules.conversation_buckets || rules.host_buckets))
		prepare(seen);
	FORGET();
}

/* Counts what was looked at. */
static __always_inline void count(struct seen *seen)
{
	if (seen->version)
		count_ip(seen);
	FORGET();
	count_class(seen);
}

/* Counts a frame at once. Returns what was seen, or NULL, which is never. */
static __always_inline const struct seen *count_now(FRAME *frame, uint8_t origin)
{
	struct seen *seen = entry(&scratch, bpf_get_smp_processor_id());

	if (!seen)
		return NULL;
	look_at(frame, origin, seen);
	count(seen);
	return seen;
}

#endif /* WC_COUNT_BPF_H */
