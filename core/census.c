#include "wirecensus/census.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "census_parts.h"
#include "engine.h"
#include "file.h"
#include "host.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"
#include "worker.h"

#define MEGABYTE 1000000

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

	if (status) {
		source->ops->close(source);
		return status;
	}
	wc_worker_set_match(census->worker, census->plan.match);
	if (*source->declined)
		census->declined = source->declined;
	return WC_OK;
}

enum kind {
	KIND_FILE,
	KIND_LIVE,
	KIND_WAITING, /* live, and the interface need not be there yet */
};

static int open_source(struct wc_source **source, const struct wc_census *census, enum kind kind,
		       const struct wc_options *options, struct wc_host *host,
		       struct wc_error *error)
{
	if (kind == KIND_FILE)
		return wc_file_open(source, census->observer, census->plan.filter, error);
	return wc_engine_open(source, census->observer, kind == KIND_WAITING, options,
			      &census->plan, host, error);
}

static int open_census(struct wc_census **census, enum kind kind, const char *name,
		       const char *observer, const struct wc_options *options,
		       struct wc_error *error)
{
	struct wc_census *made = NULL;
	struct wc_source *source;
	struct wc_host *host = NULL;
	int status = begin(&made, name, observer, kind != KIND_FILE, options, error);

	if (!status)
		status = wc_host_open(&host, options, error);
	if (!status)
		status = open_source(&source, made, kind, options, host, error);
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
	return open_census(census, KIND_LIVE, name, interface, options, error);
}

int wc_census_open_waiting(struct wc_census **census, const char *name, const char *interface,
			   const struct wc_options *options, struct wc_error *error)
{
	return open_census(census, KIND_WAITING, name, interface, options, error);
}

int wc_census_open_file(struct wc_census **census, const char *name, const char *path,
			const struct wc_options *options, struct wc_error *error)
{
	return open_census(census, KIND_FILE, name, path, options, error);
}

void wc_census_free(struct wc_census *census)
{
	if (!census)
		return;
	wc_worker_free(census->worker);
	wc_census_plan_free(&census->plan);
	wc_tables_free(census->last);
	wc_tables_free(census->base);
	wc_tables_free(census->next_base);
	free(census->observer);
	free(census->name);
	free(census);
}

int wc_census_start(struct wc_census *census, struct wc_error *error)
{
	census->start = wc_census_now();
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
	status = wc_census_picture(census, made, error);
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
		.declined = census->declined,
	};
	if (worker.gone)
		state->gone_since_ns =
			wc_census_now().wall_ns - (now.tv_sec * INT64_C(1000000000) + now.tv_nsec -
						   (int64_t)worker.gone_since_ns);
}

const char *wc_census_describe(const struct wc_census *census, char *text, size_t size)
{
	uint64_t bytes =
		wc_tables_size(wc_worker_tables(census->worker)) + wc_tables_size(census->last);
	size_t used;

	if (census->base)
		bytes += wc_tables_size(census->base);

	wc_worker_describe(census->worker, text, size);
	used = strlen(text);
	snprintf(text + used, size - used, "memory: at most %" PRIu64 " MB for tables\n",
		 (bytes + MEGABYTE - 1) / MEGABYTE);
	return text;
}
