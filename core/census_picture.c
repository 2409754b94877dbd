/*
 * census_picture.c - what a census has counted since the last time, as a snapshot
 */
#include "census_parts.h"

#include <time.h>

#include "collect.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"
#include "worker.h"

/* A difference between two clocks that is more than their drift within an interval. */
#define CLOCK_STEP_NS 100000000

struct wc_census_times wc_census_now(void)
{
	struct timespec wall, steady;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &steady);
	return (struct wc_census_times){
		.wall_ns = (int64_t)wall.tv_sec * 1000000000 + wall.tv_nsec,
		.steady_ns = (uint64_t)steady.tv_sec * 1000000000 + (uint64_t)steady.tv_nsec,
	};
}

/* What the source says since it said @before. */
static void fill_from(struct wc_totals *totals, const struct wc_source_stats *now,
		      const struct wc_source_stats *before)
{
	totals->received = now->received - before->received;
	totals->lost_kernel = now->lost_kernel - before->lost_kernel;
	totals->lost_interface = now->lost_interface - before->lost_interface;
	totals->gone_ns = now->gone_ns - before->gone_ns;
	totals->restarts = now->restarts - before->restarts;
	totals->merged = now->merged - before->merged;
}

/* As totals of the run, and as deltas against the last snapshot. */
static void fill_stats(struct wc_snapshot *snapshot, const struct wc_census *census,
		       const struct wc_source_stats *now)
{
	const struct wc_totals *total = &snapshot->total;

	fill_from(&snapshot->total, now, &census->base_stats);
	fill_from(&snapshot->delta, now, &census->last_stats);
	snapshot->pending = total->received - total->lost_kernel - total->frames;
}

static void fill_live_times(struct wc_snapshot *snapshot, const struct wc_census_times *start,
			    const struct wc_census_times *end)
{
	int64_t step;

	snapshot->start_ns = start->wall_ns;
	snapshot->end_ns = end->wall_ns;
	snapshot->length_ns = end->steady_ns - start->steady_ns;
	step = end->wall_ns - start->wall_ns - (int64_t)snapshot->length_ns;
	snapshot->clock_step_ns = step > CLOCK_STEP_NS || step < -CLOCK_STEP_NS ? step : 0;
}

static void fill_file_times(struct wc_snapshot *snapshot, const struct wc_worker *worker)
{
	wc_worker_times(worker, &snapshot->start_ns, &snapshot->end_ns);
	if (snapshot->start_ns != WC_TIME_UNKNOWN)
		snapshot->length_ns = (uint64_t)snapshot->end_ns - (uint64_t)snapshot->start_ns;
}

int wc_census_picture(struct wc_census *census, struct wc_snapshot *snapshot,
		      struct wc_error *error)
{
	struct wc_tables *now = wc_worker_tables(census->worker);
	const struct wc_source_stats *stats = wc_worker_stats(census->worker);
	struct wc_census_times end = wc_census_now();
	struct wc_span span = {census->start.steady_ns, end.steady_ns, end.wall_ns, census->base};
	int status;

	if (!census->live) {
		fill_file_times(snapshot, census->worker);
		span.frame_ns = snapshot->end_ns;
	}
	status = wc_collect(snapshot, census->last, &now, 1, &span, error);
	if (status)
		return status;
	fill_stats(snapshot, census, stats);
	if (census->live)
		fill_live_times(snapshot, &census->start, &end);
	snapshot->five_tuple = census->plan.rules.five_tuple;
	snapshot->capture = census->name;
	snapshot->observer = census->observer;
	snapshot->interval = ++census->interval;
	snapshot->offload = !census->live            ? WC_OFFLOAD_UNKNOWN
			    : snapshot->delta.merged ? WC_OFFLOAD_YES
						     : WC_OFFLOAD_NO;
	snapshot->complete = !census->damaged && !snapshot->delta.lost_kernel &&
			     !snapshot->delta.lost_interface && !snapshot->delta.gone_ns;
	wc_worker_forget_times(census->worker);
	census->last_stats = *stats;
	census->start = end;
	return WC_OK;
}
