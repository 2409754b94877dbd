#include "memory_source.h"

#include <stdio.h>
#include <time.h>

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint64_t pending(struct memory_source *memory)
{
	if (memory->endless)
		return 1;
	return atomic_load(&memory->arrived) - atomic_load(&memory->given);
}

static uint64_t ready(struct memory_source *memory)
{
	if (memory->endless)
		return UINT64_MAX;
	if (atomic_load(&memory->withheld) &&
	    now_ms() < atomic_load(&memory->arrived_ms) + memory->source.lag_ms)
		return 0;
	return pending(memory);
}

static int run(struct wc_source *source, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	struct memory_source *memory = (struct memory_source *)source;
	uint64_t count = ready(memory);

	(void)error;
	if (memory->end && atomic_load(&memory->given) == memory->end)
		return WC_SOURCE_END;
	if (count > budget)
		count = budget;
	for (uint64_t i = 0; i < count; i++)
		sink(user,
		     &memory->frames[atomic_fetch_add(&memory->given, 1) % memory->frame_count]);
	return (int)count;
}

static void stats(struct wc_source *source, struct wc_source_stats *stats)
{
	struct memory_source *memory = (struct memory_source *)source;

	stats->lost_kernel = atomic_load(&memory->lost);
	stats->pending = pending(memory);
	stats->received = atomic_load(&memory->given) + stats->pending + stats->lost_kernel;
}

static void changed(struct wc_source *source, const struct wc_host *host)
{
	(void)host;
	atomic_fetch_add(&((struct memory_source *)source)->changes, 1);
}

static void describe(const struct wc_source *source, char *text, size_t size)
{
	(void)source;
	snprintf(text, size, "engine: memory\n");
}

static void shut(struct wc_source *source)
{
	atomic_fetch_add(&((struct memory_source *)source)->closed, 1);
}

static const struct wc_source_ops ops = {
	.name = "memory",
	.run = run,
	.stats = stats,
	.changed = changed,
	.describe = describe,
	.close = shut,
};

void memory_source_open(struct memory_source *source, const struct wc_frame *frames, size_t count)
{
	*source = (struct memory_source){
		.source = {.ops = &ops, .tick_ms = 50},
		.frames = frames,
		.frame_count = count,
	};
}

void memory_source_arrive(struct memory_source *source, uint64_t count)
{
	atomic_store(&source->arrived_ms, now_ms());
	atomic_fetch_add(&source->arrived, count);
}

void memory_source_withhold(struct memory_source *source, uint64_t count)
{
	atomic_store(&source->withheld, true);
	atomic_store(&source->arrived_ms, UINT32_MAX * UINT64_C(1000000)); /* not for a long time */
	atomic_fetch_add(&source->arrived, count);
}
