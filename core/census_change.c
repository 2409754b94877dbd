/*
 * census_change.c - other options for a census that goes on counting
 *
 * All that can fail is done first, on a plan of its own; what follows are a few
 * assignments between two batches of a worker that stands still.
 */
#include <stdlib.h>
#include <string.h>

#include "census_parts.h"
#include "collect.h"
#include "engine.h"
#include "tables.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"
#include "worker.h"

static int make_plan(struct wc_census_plan *plan, const struct wc_census *census,
		     const struct wc_options *options, struct wc_error *error)
{
	if (!census->live)
		return wc_error_set(error, WC_INVALID,
				    "the options of %s cannot be changed: a file is read with "
				    "those that it was opened with",
				    census->observer);
	return wc_census_plan_make(plan, options, true, error);
}

int wc_census_try_engine(const struct wc_options *options, struct wc_error *error)
{
	int failed = wc_census_plan_attach(options, error);

	return failed ? failed : wc_engine_check(options, error);
}

int wc_census_try(const struct wc_options *options, struct wc_error *error)
{
	struct wc_census_plan plan;
	int failed = wc_census_plan_make(&plan, options, true, error);

	if (!failed)
		wc_census_plan_free(&plan);
	return failed;
}

int wc_census_check(const struct wc_census *census, const struct wc_options *options,
		    struct wc_error *error)
{
	struct wc_census_plan plan = {0};
	int failed = make_plan(&plan, census, options, error);

	if (failed)
		return failed;
	wc_worker_hold(census->worker);
	failed = wc_worker_prepare(census->worker, plan.filter, error);
	wc_worker_release(census->worker);
	wc_census_plan_free(&plan);
	return failed;
}

/* Exchanges what may change of two plans, so that the old one can be freed. */
static void exchange(struct wc_census_plan *plan, struct wc_census_plan *next)
{
	struct wc_census_plan old = *plan;

	plan->filter = next->filter;
	plan->match = next->match;
	plan->never = next->never;
	next->filter = old.filter;
	next->match = old.match;
	next->never = old.never;
	plan->rules.idle_s = next->rules.idle_s;
	plan->rules.fold_internet = next->rules.fold_internet;
	plan->rules.scan = next->rules.scan;
	plan->rules.served = next->rules.served;
}

int wc_census_reconfigure(struct wc_census *census, const struct wc_options *options,
			  struct wc_error *error)
{
	struct wc_census_plan next = {0};
	int failed = make_plan(&next, census, options, error);

	if (failed)
		return failed;
	wc_worker_hold(census->worker);
	failed = wc_worker_change(census->worker, next.filter, next.match, options, error);
	if (!failed) {
		wc_served_replace(&wc_worker_tables(census->worker)->conversations.served,
				  &next.rules.served);
		exchange(&census->plan, &next);
	}
	wc_worker_release(census->worker);
	wc_census_plan_free(&next);
	return failed;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_texts(const struct wc_texts *a, const struct wc_texts *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = same_text(a->items[i], b->items[i]);
	return same;
}

/* What takes a restart are flags, numbers, choices and texts. */
static bool is_same(const struct wc_option *option, const struct wc_options *now,
		    const struct wc_options *next)
{
	const void *a = (const char *)now + option->offset;
	const void *b = (const char *)next + option->offset;

	switch (option->type) {
	case WC_OPTION_FLAG:
		return *(const bool *)a == *(const bool *)b;
	case WC_OPTION_CHOICE:
		return *(const int *)a == *(const int *)b;
	case WC_OPTION_TEXTS:
		return same_texts(a, b);
	default:
		return *(const uint64_t *)a == *(const uint64_t *)b;
	}
}

size_t wc_census_restarts(const struct wc_options *now, const struct wc_options *next,
			  const struct wc_option *found[], size_t room)
{
	size_t count = 0;

	for (const struct wc_option *option = wc_option_table; option->name; option++) {
		if (!option->restart || is_same(option, now, next))
			continue;
		if (count < room)
			found[count] = option;
		count++;
	}
	return count;
}

int wc_census_prepare_run(struct wc_census *census, struct wc_error *error)
{
	if (!census->next_base)
		census->next_base = wc_tables_new(WC_TABLES_POOL_ALL, NULL);
	return census->next_base ? WC_OK : wc_error_no_memory(error, "to begin a new run");
}

void wc_census_begin_run(struct wc_census *census)
{
	struct wc_totals counted = {0};

	wc_tables_free(census->base);
	census->base = census->next_base;
	census->next_base = NULL;
	wc_collect_base(census->base, census->last);
	census->base_stats = census->last_stats;
	/* What was received and not counted yet is of the new run. */
	wc_sums_total(&counted, &census->last->sums);
	census->base_stats.received = census->last_stats.lost_kernel + counted.frames;
	census->interval = 0;
}
