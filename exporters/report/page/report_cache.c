#include "report_cache.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "domain.h"
#include "history.h"
#include "journal.h"
#include "picture.h"
#include "report_make.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define NS_PER_S INT64_C(1000000000)

/* Reports that are kept: four spans of some captures. */
#define ENTRIES 16

/* A report that was long in the making is kept so many times as long: no more of a core is spent.
 */
#define KEPT_FOR_MADE 40

/* No chart has more points. */
#define STEPS_MAX 168

#define WITH_POINTS (1u << WC_REPORT_TRAFFIC)

static const struct wc_report_span spans[] = {
	{"now", 0, 60, 0, 0},
	{"hour", 60, 60, 10, 30},
	{"day", 900, 96, 60, 120},
	{"week", 3600, 168, 300, 600},
};

struct entry {
	const struct wc_report_span *span;
	char *capture;
	int64_t taken_ns; /* of the picture that it was made by */
	int64_t made_ns;  /* how long it took */
	struct wc_report *report;
	uint64_t used; /* the larger, the later */
};

struct wc_report_cache {
	struct entry entries[ENTRIES];
	uint64_t uses;
	struct wc_history *history; /* NULL: not opened yet */
	struct wc_domains *domains;
};

const struct wc_report_span *wc_report_span_find(const char *name)
{
	for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++)
		if (!strcmp(spans[i].name, name))
			return &spans[i];
	return NULL;
}

struct wc_report_cache *wc_report_cache_new(void)
{
	struct wc_report_cache *cache = calloc(1, sizeof(*cache));

	if (cache)
		cache->domains = wc_domains_new();
	return cache;
}

static void empty(struct entry *entry)
{
	free(entry->capture);
	wc_report_free(entry->report);
	*entry = (struct entry){.span = NULL};
}

void wc_report_cache_free(struct wc_report_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < ENTRIES; i++)
		empty(&cache->entries[i]);
	wc_history_close(cache->history);
	wc_domains_free(cache->domains);
	free(cache);
}

/* ---- making ---- */

static int64_t step_of(const struct wc_report_question *question)
{
	int64_t step = question->span->step_s;

	return (step ? step : (int64_t)question->picture->interval) * NS_PER_S;
}

/* The steps end with the one that the last interval is in, or ends. */
static struct wc_history_span span_of(const struct wc_report_question *question,
				      const struct wc_snapshot *last)
{
	int64_t step = step_of(question);
	int64_t to = last && last->end_ns != WC_TIME_UNKNOWN ? last->end_ns
							     : question->picture->taken_ns;

	/* An end lies a little before or behind its multiple. */
	to = question->span->step_s ? to - to % step + step
				    : (to + step / 2) - (to + step / 2) % step;
	return (struct wc_history_span){
		.from_ns = to - step * (int64_t)question->span->steps,
		.to_ns = to,
		.capture = question->picture->captures[question->capture].name,
		.kinds = WC_JOURNAL_PORTS | WC_JOURNAL_PROTOCOLS | WC_JOURNAL_CONVERSATIONS |
			 WC_JOURNAL_HOSTS | WC_JOURNAL_SCANNERS,
	};
}

static int make(struct wc_report_cache *cache, const struct wc_report_question *question,
		const struct wc_snapshot *snapshot, const struct wc_history_point *points,
		struct wc_report **report, struct wc_error *error)
{
	struct wc_report_wish wish = {
		.snapshot = snapshot,
		.context = question->context,
		.domains = cache->domains,
		.tables = question->tables,
		.points = question->tables & WITH_POINTS ? points : NULL,
		.point_count = question->span->steps,
		.step_ns = step_of(question),
	};

	return wc_report_make(report, &wish, error);
}

/* A report of the sum of a span. */
static int make_sum(struct wc_report_cache *cache, const struct wc_report_question *question,
		    const struct wc_history_span *span, const struct wc_history_point *points,
		    struct wc_report **report, struct wc_error *error)
{
	struct wc_journal_interval *sums;
	size_t count;
	int status = wc_history_sum(cache->history, span, &sums, &count, error);

	if (!status && count)
		status = make(cache, question, sums[0].snapshot, points, report, error);
	wc_journal_intervals_free(sums, count);
	return status;
}

int wc_report_cache_make(struct wc_report_cache *cache, const struct wc_report_question *question,
			 struct wc_report **report, struct wc_error *error)
{
	const struct wc_snapshot *last = question->picture->captures[question->capture].last;
	struct wc_history_span span = span_of(question, last);
	struct wc_history_point points[STEPS_MAX];
	int status = WC_OK;

	*report = NULL;
	if (!cache->history)
		status = wc_history_of(&cache->history, question->picture->journal, error);
	if (!status && (question->tables & WITH_POINTS))
		status = wc_history_points(cache->history, &span, step_of(question), points,
					   question->span->steps, error);
	if (status)
		return status;
	if (question->span->step_s)
		return make_sum(cache, question, &span, points, report, error);
	return last ? make(cache, question, last, points, report, error) : WC_OK;
}

/* ---- keeping ---- */

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

static bool is_fresh(const struct entry *entry, const struct wc_report_question *question)
{
	int64_t age = question->picture->taken_ns - entry->taken_ns;
	int64_t fresh = question->span->fresh_s * NS_PER_S;

	if (fresh < entry->made_ns * KEPT_FOR_MADE)
		fresh = entry->made_ns * KEPT_FOR_MADE;
	return !age || (age > 0 && age < fresh);
}

/* Returns the entry of what is asked for, or the one that was used longest ago. */
static struct entry *find(struct wc_report_cache *cache, const struct wc_report_question *question)
{
	const char *capture = question->picture->captures[question->capture].name;
	struct entry *oldest = &cache->entries[0];

	for (size_t i = 0; i < ENTRIES; i++) {
		struct entry *entry = &cache->entries[i];

		if (entry->span == question->span && !strcmp(entry->capture, capture))
			return entry;
		if (entry->used < oldest->used)
			oldest = entry;
	}
	empty(oldest);
	return oldest;
}

int wc_report_cache_get(struct wc_report_cache *cache, const struct wc_report_question *question,
			const struct wc_report **report, struct wc_error *error)
{
	struct entry *entry = find(cache, question);
	int status = WC_OK;

	entry->used = ++cache->uses;
	if (!entry->span || !is_fresh(entry, question)) {
		int64_t begin = now();

		empty(entry);
		status = wc_report_cache_make(cache, question, &entry->report, error);
		entry->used = cache->uses;
		entry->made_ns = now() - begin;
		entry->taken_ns = question->picture->taken_ns;
		entry->capture = strdup(question->picture->captures[question->capture].name);
		/* Where nothing is known yet, the next who asks may hear more. */
		entry->span = status || !entry->report || !entry->capture ? NULL : question->span;
	}
	*report = entry->report;
	return status;
}
