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

/* Finds out which rows the frame is for. */
static __always_inline void prepare(struct seen *seen)
{
	seen->source.hash = hash_address(&seen->source.address, seen->version);
	seen->destination.hash = hash_address(&seen->destination.address, seen->version);
	if (has_ports(seen)) {
		seen->reverse = source_serves(seen);
		if (rules.conversation_buckets)
			begin_talk(seen);
	}
}

static __always_inline bool has_rows(const struct seen *seen)
{
	return seen->version && (rules.conversation_buckets || rules.host_buckets);
}

/* Notes which rows those most likely are, of a frame that has some. */
static __always_inline void want(const struct seen *seen, struct wanted *wanted)
{
	uint32_t source, destination, generation = seen->generation;

	*wanted = (struct wanted){NO_ROW, NO_ROW, NO_ROW, NO_ROW};
	if (rules.conversation_buckets && has_ports(seen))
		wanted->talk = in_generation(
			first_place(seen->talk.tag, seen->slice, rules.conversation_buckets),
			generation, rules.conversation_buckets);
	if (!rules.host_buckets)
		return;
	source = first_place(seen->source.hash, seen->slice, rules.host_buckets);
	destination = first_place(seen->destination.hash, seen->slice, rules.host_buckets);
	wanted->source = in_generation(source, generation, rules.host_buckets);
	wanted->destination = in_generation(destination, generation, rules.host_buckets);
	if (seen->event == EVENT_NEW || (seen->class == CLASS_UDP && !seen->reverse))
		wanted->scan = source;
	else if (seen->class == CLASS_UDP)
		wanted->scan = destination;
}

/* Asks for them. */
static __always_inline void ask(const struct wanted *wanted)
{
	if (rules.conversation_buckets)
		TOUCH((struct wc_kernel_talk *)entry(&talks, wanted->talk), ends);
	if (rules.host_buckets) {
		TOUCH((struct wc_kernel_host *)entry(&hosts, wanted->source), low);
		TOUCH((struct wc_kernel_host *)entry(&hosts, wanted->destination), low);
		TOUCH((struct wc_kernel_scan *)entry(&scans, wanted->scan), refused);
	}
}

/* Asks for what only the first frame of a conversation is likely to need. */
static __always_inline void ask_fresh(const struct seen *seen)
{
	uint32_t slice = seen->slice;

	touch_local(&seen->source.address, seen->version);
	touch_port(seen);
	if (rules.conversation_buckets)
		touch_tags(&conversation_tags,
			   bucket_of(seen->talk.tag, slice, rules.conversation_buckets));
	if (rules.host_buckets) {
		touch_tags(&host_tags, bucket_of(seen->source.hash, slice, rules.host_buckets));
		touch_tags(&host_tags,
			   bucket_of(seen->destination.hash, slice, rules.host_buckets));
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
	if (seen->quoted)
		seen->reverse = error_serves(seen);
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

/* Finds out all of a frame that does not need its rows. */
static __always_inline void look_at(FRAME *frame, uint8_t origin, struct seen *seen,
				    uint32_t generation, enum sight sight)
{
	const struct wc_kernel_control *control = &state.control;

	walk(frame, seen, control->longest, sight);
	seen->origin = origin;
	seen->generation = generation;
	if (rules.slices > 1)
		seen->slice = bpf_get_smp_processor_id() % WC_KERNEL_SLICES;
	seen->fold_internet = control->fold_internet;
	seen->scan_plain = control->scan_plain;
	seen->direction = direction_by_origin(origin);
	FORGET();
	if (has_rows(seen))
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

/* Counts a frame at once, in scratch. A function of its own, for a stack of its own. */
__noinline int count_now(FRAME *frame, uint32_t origin)
{
	struct seen *seen = entry(&scratch, bpf_get_smp_processor_id());
	struct wanted wanted;

	if (!seen)
		return 0;
	look_at(frame, (uint8_t)origin, seen, current_generation(), SIGHT_FETCHED);
	if (has_rows(seen)) {
		want(seen, &wanted);
		ask(&wanted);
		if (seen->event == EVENT_NEW)
			ask_fresh(seen);
	}
	count(seen);
	return 0;
}

#endif /* WC_COUNT_BPF_H */
