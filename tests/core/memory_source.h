/*
 * memory_source.h - frames out of memory, for tests of what runs a source
 *
 * Frames arrive when a test says so, from any thread, and are handed over as the
 * source was told: at once, after its lag, or without an end.
 */
#ifndef TESTS_MEMORY_SOURCE_H
#define TESTS_MEMORY_SOURCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct memory_source {
	struct wc_source source;
	const struct wc_frame *frames; /* handed over in turn, over and over */
	size_t frame_count;
	uint64_t end;         /* so many are handed over, then it ends; 0: it does not */
	bool endless;         /* there is always one more */
	atomic_bool withheld; /* what arrived last is not handed over before lag_ms have passed */
	atomic_uint_fast64_t arrived;    /* frames that reached the link and found room */
	atomic_uint_fast64_t lost;       /* those that did not */
	atomic_uint_fast64_t arrived_ms; /* when the last one did */
	atomic_uint_fast64_t given;
	atomic_int closed, changes;
};

/* Makes @source ready. It lasts until its owner closes it, and is not freed by that. */
void memory_source_open(struct memory_source *source, const struct wc_frame *frames, size_t count);

/* Lets @count more frames arrive; the second, some that are withheld until it is told otherwise. */
void memory_source_arrive(struct memory_source *source, uint64_t count);
void memory_source_withhold(struct memory_source *source, uint64_t count);

#endif /* TESTS_MEMORY_SOURCE_H */
