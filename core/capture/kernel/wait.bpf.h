/*
 * wait.bpf.h - a frame waits, until the next one comes, for the memory that it needs
 *
 * Its rows are seldom in a cache, and memory takes longer than all counting. So a frame's
 * rows are asked for when it comes, and it is counted when the next one of its processor
 * comes, or when the reader has turned the generations and none has come since.
 *
 * What waits carries the generation in which it came, and is counted into that. As long as
 * the program is in it, it is its processor's alone. After a turn the reader's run and the
 * processor's next run both want it, and an exchange tells who has it; what comes while the
 * reader has it is handed over.
 */
#ifndef WC_WAIT_BPF_H
#define WC_WAIT_BPF_H

#include "count.bpf.h"
#include "maps.bpf.h"
#include "seen.bpf.h"

struct waiting {
	uint32_t waits; /* WC_KERNEL_WAITS_, the last plus the generation */
	struct seen seen;
};

/* One for each processor. */
MAP(waiting_frames, 1, struct waiting);

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

/* Counts the frame before this one, if it waits still. False: the reader is at it. */
static __always_inline bool count_before(struct waiting *waiting, uint32_t generation)
{
	uint32_t waits = *(volatile uint32_t *)&waiting->waits;

	if (waits != since(generation))
		waits = take_waiting(waiting, generation, WC_KERNEL_WAITS_NOBODY);
	if (waits == WC_KERNEL_WAITS_READER)
		return false;
	FORGET();
	if (waits != WC_KERNEL_WAITS_NOBODY)
		count(&waiting->seen);
	FORGET();
	return true;
}

/* Counts a frame when the next one comes. Returns what the socket is to keep of it. */
static __always_inline int count_later(FRAME *frame, uint8_t origin)
{
	struct waiting *waiting = entry(&waiting_frames, bpf_get_smp_processor_id());
	uint32_t generation = current_generation();

	if (!waiting)
		return 0;
	if (!count_before(waiting, generation))
		return WC_KERNEL_HAND_OVER;
	look_at(frame, origin, &waiting->seen);
	waiting->waits = since(waiting->seen.generation);
	return 0;
}

/* Counts what waits of a processor since the generation that was left. */
__noinline int settle(uint32_t processor)
{
	struct waiting *waiting = entry(&waiting_frames, processor);
	uint32_t generation = current_generation();

	if (!waiting ||
	    take_waiting(waiting, generation, WC_KERNEL_WAITS_READER) != since(generation ^ 1))
		return 0;
	/* As it is; without this the verifier wants CAP_PERFMON. */
	waiting->seen.generation = generation ^ 1;
	FORGET();
	count(&waiting->seen);
	__sync_lock_test_and_set(&waiting->waits, WC_KERNEL_WAITS_NOBODY);
	return 0;
}

#endif /* WC_WAIT_BPF_H */
