#include "wirecensus/census.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "census_parts.h"
#include "collect.h"
#include "engine.h"
#include "file.h"
#include "host.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"
#include "worker.h"

/* A difference between two clocks that is more than their drift within an interval. */
#define CLOCK_STEP_NS 100000000

#define MEGABYTE 1000000

static struct wc_census_times times_now(void)
{
	struct timespec wall, steady;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &steady);
	return (struct wc_census_times){
		.wall_ns = (int64_t)wall.tv_sec * 1000000000 + wall.tv_nsec,
		.steady_ns = (uint64_t)steady.tv_sec * 1000000000 + (uint64_t)steady.tv_nsec,
	};
}

/* Makes all of a census but its worker. */
static int begin(struct wc_census **census, const char *name, const char *observer, bool live,
		 const struct wc_options *options, struct wc_error *error)
{
	struct wc_census *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "to count");
	made->live = live;
	made->name = strdup(name);
	made->observer = strdup(observer);
	made->last = wc_tables_new(WC_TABLES_POOL_ALL, NULL);
	if (!made->name || !made->observer || !made->last)
		status = wc_error_no_memory(error, "to count");
	else
		status = wc_census_plan_make(&made->plan, options, live, error);
	made->plan.rules.never = &made->plan.never;
	if (status)
		wc_census_free(made);
	else
		*census = made;
	return status;
}

/* Gives @census a worker that owns @source and @host. */
static int join(struct wc_census *census, struct wc_source *source, struct wc_host *host,
		struct wc_error *error)
{
	int status = wc_worker_new(&census->worker, source, host, &census->plan.rules, error);

	if (status)
		source->ops->close(source);
	else
		wc_worker_set_match(census->worker, census->plan.match);
	return status;
}

static int open_live(struct wc_census **census, const char *name, const char *interface, bool wait,
		     const struct wc_options *options, struct wc_error *error)
{
	struct wc_census *made = NULL;
	struct wc_source *source;
	struct wc_host *host = NULL;
	int status = begin(&made, name, interface, true, options, error);

	if (!status)
		status = wc_host_open(&host, options, error);
	if (!status)
		status =
			wc_engine_open(&source, interface, wait, options, &made->plan, host, error);
	if (!status)
		status = join(made, source, host, error);
	if (status) {
		wc_host_free(host);
		wc_census_free(made);
		return status;
	}
	*census = made;
	return WC_OK;
}

int wc_census_open_live(struct wc_census **census, const char *name, const char *interface,
			const struct wc_options *options, struct wc_error *error)
{
	return open_live(census, name, interface, false, options, error);
}

int wc_census_open_waiting(struct wc_census **census, const char *name, const char *interface,
			   const struct wc_options *options, struct wc_error *error)
{
	return open_live(census, name, interface, true, options, error);
}

int wc_census_open_file(struct wc_census **census, const char *name, const char *path,
			const struct wc_options *options, struct wc_error *error)
{
	struct wc_census *made = NULL;
	struct wc_source *source;
	struct wc_host *host = NULL;
	int status = begin(&made, name, path, false, options, error);

	if (!status)
		status = wc_host_open(&host, options, error);
	if (!status)
		status = wc_file_open(&source, path, made->plan.filter, error);
	if (!status)
		status = join(made, source, host, error);
	if (status) {
		wc_host_free(host);
		wc_census_free(made);
		return status;
	}
	*census = made;
	return WC_OK;
}

void wc_census_free(struct wc_census *census)
{
	if (!census)
		return;
	wc_worker_free(census->worker);
	wc_census_plan_free(&census->plan);
	wc_tables_free(census->last);
	free(census->observer);
	free(census->name);
	free(census);
}

int wc_census_start(struct wc_census *census, struct wc_error *error)
{
	census->start = times_now();
	return wc_worker_start(census->worker, error);
}

void wc_census_stop(struct wc_census *census)
{
	wc_worker_stop(census->worker);
}

int wc_census_read(struct wc_census *census, size_t frames, struct wc_error *error)
{
	int result = wc_worker_run(census->worker, frames, error);

	if (result >= 0)
		return 1;
	if (result == WC_SOURCE_END)
		return 0;
	census->damaged = true;
	return WC_FAILED;
}

void wc_census_progress(const struct wc_census *census, uint64_t *done, uint64_t *all)
{
	const struct wc_source_stats *stats = wc_worker_stats(census->worker);

	*done = stats->position;
	*all = stats->size;
}

/* What the source says, as totals and as deltas against the last snapshot. */
static void fill_stats(struct wc_snapshot *snapshot, const struct wc_source_stats *now,
		       const struct wc_source_stats *before)
{
	struct wc_totals *total = &snapshot->total, *delta = &snapshot->delta;

	total->received = now->received;
	total->lost_kernel = now->lost_kernel;
	total->lost_interface = now->lost_interface;
	total->gone_ns = now->gone_ns;
	total->restarts = now->restarts;
	total->merged = now->merged;
	delta->received = now->received - before->received;
	delta->lost_kernel = now->lost_kernel - before->lost_kernel;
	delta->lost_interface = now->lost_interface - before->lost_interface;
	delta->gone_ns = now->gone_ns - before->gone_ns;
	delta->restarts = now->restarts - before->restarts;
	delta->merged = now->merged - before->merged;
	snapshot->pending = now->received - now->lost_kernel - total->frames;
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

static void fill_file_times(struct wc_snapshot *snapshot, struct wc_worker *worker)
{
	wc_worker_times(worker, &snapshot->start_ns, &snapshot->end_ns);
	if (snapshot->start_ns != WC_TIME_UNKNOWN)
		snapshot->length_ns = (uint64_t)snapshot->end_ns - (uint64_t)snapshot->start_ns;
}

/* Takes the picture of a worker that stands still. */
static int picture(struct wc_census *census, struct wc_snapshot *snapshot, struct wc_error *error)
{
	struct wc_tables *now = wc_worker_tables(census->worker);
	const struct wc_source_stats *stats = wc_worker_stats(census->worker);
	struct wc_census_times end = times_now();
	struct wc_span span = {census->start.steady_ns, end.steady_ns, end.wall_ns};
	int status;

	if (!census->live) {
		fill_file_times(snapshot, census->worker);
		span.frame_ns = snapshot->end_ns;
	}
	status = wc_collect(snapshot, census->last, &now, 1, &span, error);

	if (status)
		return status;
	fill_stats(snapshot, stats, &census->last_stats);
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
	census->last_stats = *stats;
	census->start = end;
	return WC_OK;
}

void wc_census_ask(struct wc_census *census)
{
	wc_worker_ask(census->worker);
}

void wc_census_answer(struct wc_census *census)
{
	wc_worker_hold(census->worker);
	wc_worker_release(census->worker);
}

int wc_census_snapshot(struct wc_census *census, struct wc_snapshot **snapshot,
		       struct wc_error *error)
{
	struct wc_snapshot *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "to count");
	wc_worker_hold(census->worker);
	status = picture(census, made, error);
	wc_worker_release(census->worker);
	if (status)
		wc_snapshot_free(made);
	else
		*snapshot = made;
	return status;
}

void wc_census_state(const struct wc_census *census, struct wc_census_state *state)
{
	struct wc_worker_state worker;
	struct timespec now;

	wc_worker_state(census->worker, &worker);
	clock_gettime(CLOCK_MONOTONIC, &now);
	*state = (struct wc_census_state){
		.engine = worker.engine,
		.present = !worker.gone,
		.gone_since_ns = WC_TIME_UNKNOWN,
	};
	if (worker.gone)
		state->gone_since_ns =
			times_now().wall_ns - (now.tv_sec * INT64_C(1000000000) + now.tv_nsec -
					       (int64_t)worker.gone_since_ns);
}

const char *wc_census_describe(const struct wc_census *census, char *text, size_t size)
{
	uint64_t bytes =
		wc_tables_size(wc_worker_tables(census->worker)) + wc_tables_size(census->last);
	size_t used;

	wc_worker_describe(census->worker, text, size);
	used = strlen(text);
	snprintf(text + used, size - used, "memory: at most %" PRIu64 " MB for tables\n",
		 (bytes + MEGABYTE - 1) / MEGABYTE);
	return text;
}
