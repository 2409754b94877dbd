/*
 * wait.bpf.h - frames wait, until some have come, for the memory that they need
 *
 * Rows are seldom in a cache, and memory takes longer than all counting. What is asked for
 * at once comes at once: so the rows of WC_KERNEL_WAITING frames are asked for together, and
 * then the frames are counted; or when the reader has turned the generations, and no more
 * have come since. To ask for a frame's rows when it comes would not do, as the kernel's next
 * locked instruction waits for all that was asked for. What is on none of those rows is
 * counted at once.
 *
 * Frames that wait are of one generation, and are counted into that. As long as the program
 * is in it, they are its processor's alone. After a turn the reader's run and the processor's
 * next run both want them, and an exchange tells who has them; what comes while the reader
 * has them is handed over.
 */
#ifndef WC_WAIT_BPF_H
#define WC_WAIT_BPF_H

#include "count.bpf.h"
#include "maps.bpf.h"
#include "seen.bpf.h"

/* How many frames wait of each processor, and who has them. A line of memory each. */
struct waiting {
	uint32_t waits; /* WC_KERNEL_WAITS_, the last plus the generation */
	uint32_t frames;
	uint32_t fresh; /* those that ask for an attempt, by bits */
	uint32_t unused[13];
	struct wanted wanted[WC_KERNEL_WAITING];
};

MAP(waiting_room, 1, struct waiting);
MAP(waiting_frames, 1, struct seen); /* WC_KERNEL_WAITING for each processor */

static __always_inline uint32_t since(uint32_t generation)
{
	return WC_KERNEL_WAITS_SINCE + (generation & 1);
}

/* Takes what has waited since the generation before this. Returns what waited. */
static __always_inline uint32_t take_waiting(struct waiting *waiting, uint32_t generation,
					     uint32_t taken)
{
	return __sync_val_compare_and_swap(&waiting->waits, since(generation ^ 1), taken);
}

static __always_inline struct seen *waiting_frame(uint32_t processor, uint32_t number)
{
	return entry(&waiting_frames, processor * WC_KERNEL_WAITING + number);
}

/* Two functions of their own, each of which the verifier looks at once. */
__noinline int ask_waiting_fresh(uint32_t processor, uint32_t number)
{
	const struct seen *seen = waiting_frame(processor, number);

	if (seen)
		ask_fresh(seen);
	return 0;
}

__noinline int count_waiting_frame(uint32_t processor, uint32_t number)
{
	struct seen *seen = waiting_frame(processor, number);

	if (seen)
		count(seen);
	return 0;
}

/*
 * Counts all that waits. Loops are unrolled: without CAP_PERFMON the verifier also follows
 * what a processor may run by mistake, and that has no end to it.
 */
static __always_inline void count_waiting(struct waiting *waiting, uint32_t processor)
{
	uint32_t frames = waiting->frames, fresh = waiting->fresh;

#pragma unroll
	for (uint32_t i = 0; i < WC_KERNEL_WAITING; i++)
		ask(&waiting->wanted[i]);
	if (fresh) {
#pragma unroll
		for (uint32_t i = 0; i < WC_KERNEL_WAITING; i++)
			if (fresh >> i & 1)
				ask_waiting_fresh(processor, i);
	}
#pragma unroll
	for (uint32_t i = 0; i < WC_KERNEL_WAITING; i++)
		if (i < frames)
			count_waiting_frame(processor, i);
	waiting->frames = 0;
	waiting->fresh = 0;
}

/* Is a frame counted at once: with no row to wait for, or judged by what is counted of it? */
static __always_inline bool is_urgent(const struct seen *seen)
{
	return !has_rows(seen) || (rules.drop_echo && seen->echo);
}

/* Counts a frame when more have come. Returns what was seen, or NULL while the reader counts. */
static __always_inline const struct seen *count_later(FRAME *frame, uint8_t origin,
						      enum sight sight)
{
	uint32_t processor = bpf_get_smp_processor_id(), frames;
	struct waiting *waiting = entry(&waiting_room, processor);
	uint32_t generation = current_generation(), waits;
	struct seen *seen;

	if (!waiting)
		return NULL;
	waits = *(volatile uint32_t *)&waiting->waits;
	if (waits != since(generation)) {
		waits = take_waiting(waiting, generation, WC_KERNEL_WAITS_NOBODY);
		if (waits == WC_KERNEL_WAITS_READER)
			return NULL;
		if (waits != WC_KERNEL_WAITS_NOBODY)
			count_waiting(waiting, processor);
		waiting->waits = since(generation);
	}
	frames = waiting->frames % WC_KERNEL_WAITING;
	seen = waiting_frame(processor, frames);
	if (!seen)
		return NULL;
	look_at(frame, origin, seen, generation, sight);
	if (is_urgent(seen)) {
		count_waiting_frame(processor, frames);
		return seen;
	}
	want(seen, &waiting->wanted[frames]);
	if (seen->event == EVENT_NEW)
		waiting->fresh |= 1u << frames;
	waiting->frames = frames + 1;
	if (frames + 1 == WC_KERNEL_WAITING)
		count_waiting(waiting, processor);
	return seen;
}

/* Counts a frame. Returns what was seen, or NULL if another program is to count it. */
static __always_inline const struct seen *count_frame(FRAME *frame, uint8_t origin,
						      enum sight sight)
{
	if (rules.waits)
		return count_later(frame, origin, sight);
	count_now(frame, origin);
	return entry(&scratch, bpf_get_smp_processor_id());
}

/* Counts what waits of a processor since the generation that was left. */
__noinline int settle(uint32_t processor)
{
	struct waiting *waiting = entry(&waiting_room, processor);
	uint32_t generation = current_generation();

	if (!waiting ||
	    take_waiting(waiting, generation, WC_KERNEL_WAITS_READER) != since(generation ^ 1))
		return 0;
	count_waiting(waiting, processor);
	__sync_lock_test_and_set(&waiting->waits, WC_KERNEL_WAITS_NOBODY);
	return 0;
}

#endif /* WC_WAIT_BPF_H */
