#include "worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "decode.h"
#include "host.h"
#include "host_places.h"
#include "lines.h"
#include "local.h"
#include "match.h"
#include "rules.h"
#include "settle.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"
#include "worker_parts.h"

static void flush(struct wc_worker *worker)
{
	wc_tables_count(worker->tables, worker->batch, (size_t)(worker->next - worker->batch));
	worker->next = worker->batch;
	if (wc_memo_is_spent(&worker->memo)) {
		wc_settle_forget(worker->tables);
		wc_memo_renumber(&worker->memo);
	}
}

static void label(struct wc_worker *worker, int64_t time_ns)
{
	if (time_ns == WC_TIME_UNKNOWN)
		return;
	if (worker->first_ns == WC_TIME_UNKNOWN || time_ns < worker->first_ns)
		worker->first_ns = time_ns;
	if (time_ns > worker->last_ns)
		worker->last_ns = time_ns;
}

static void take(void *user, const struct wc_frame *frame)
{
	struct wc_worker *worker = user;

	if (worker->match && !wc_match_pass(worker->match, frame)) {
		wc_tables_reject(worker->tables, frame->length);
		return;
	}
	wc_decode(worker->next, frame, worker->local, &worker->memo);
	label(worker, frame->time_ns);
	if (++worker->next == worker->batch + WC_TABLES_BATCH)
		flush(worker);
}

int wc_worker_run(struct wc_worker *worker, size_t frames, struct wc_error *error)
{
	int result = worker->source->ops->run(worker->source, frames, take, worker, error);
	flush(worker);
	return result;
}

const struct wc_source_stats *wc_worker_stats(struct wc_worker *worker)
{
	if (!worker->started)
		worker->source->ops->stats(worker->source, &worker->stats);
	return &worker->stats;
}

void wc_worker_tell(struct wc_worker *worker)
{
	const struct wc_source *source = worker->source;
	char text[WC_WORKER_TEXT];
	size_t used;

	source->ops->describe(source, text, sizeof(text));
	used = strlen(text);
	snprintf(text + used, sizeof(text) - used, "addresses: %zu local\n%s",
		 wc_local_count(worker->local), source->instead);
	pthread_mutex_lock(&worker->lock);
	worker->state = (struct wc_worker_state){
		.engine = source->ops->name,
		.gone = source->gone,
		.gone_since_ns = source->gone_since_ns,
	};
	memcpy(worker->text, text, sizeof(text));
	pthread_mutex_unlock(&worker->lock);
	worker->told = source->news;
}

int wc_worker_new(struct wc_worker **worker, struct wc_source *source, struct wc_host *host,
		  const struct wc_rules *rules, struct wc_error *error)
{
	struct wc_worker *made = wc_lines_new(sizeof(*made));

	if (!made)
		return wc_error_no_memory(error, "to count");
	made->tables = wc_tables_new(WC_TABLES_POOL, rules);
	made->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!made->tables || made->wake < 0) {
		wc_error_set(error, WC_FAILED, "there are not enough resources to count: %s",
			     strerror(errno));
		if (made->wake >= 0)
			close(made->wake);
		wc_tables_free(made->tables);
		free(made);
		return WC_FAILED;
	}
	made->next = made->batch;
	made->source = source;
	made->host = host;
	made->local = wc_host_local(host);
	wc_memo_begin(&made->memo, &rules->seed, rules->hosts || rules->conversations);
	made->first_ns = made->last_ns = WC_TIME_UNKNOWN;
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->changed, NULL);
	wc_worker_tell(made);
	*worker = made;
	return WC_OK;
}

void wc_worker_set_match(struct wc_worker *worker, const struct wc_match *match)
{
	worker->match = match;
}

void wc_worker_free(struct wc_worker *worker)
{
	if (!worker)
		return;
	wc_worker_stop(worker);
	worker->source->ops->close(worker->source);
	wc_host_free(worker->host);
	wc_tables_free(worker->tables);
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->lock);
	close(worker->wake);
	free(worker);
}

struct wc_tables *wc_worker_tables(const struct wc_worker *worker)
{
	return worker->tables;
}

void wc_worker_times(const struct wc_worker *worker, int64_t *first_ns, int64_t *last_ns)
{
	*first_ns = worker->first_ns;
	*last_ns = worker->last_ns;
}

void wc_worker_forget_times(struct wc_worker *worker)
{
	worker->first_ns = worker->last_ns = WC_TIME_UNKNOWN;
}

int wc_worker_prepare(struct wc_worker *worker, struct wc_filter *filter, struct wc_error *error)
{
	const struct wc_source_ops *ops = worker->source->ops;

	if (!ops->refilter)
		return wc_error_set(error, WC_INVALID,
				    "engine %s goes on with the filter that it was started with",
				    ops->name);
	return ops->prepare(worker->source, filter, error);
}

int wc_worker_change(struct wc_worker *worker, struct wc_filter *filter,
		     const struct wc_match *match, const struct wc_options *options,
		     struct wc_error *error)
{
	const struct wc_source_rule rule = {filter, match != NULL};
	struct wc_host_places *places;
	int failed = wc_worker_prepare(worker, filter, error);

	if (!failed)
		failed = wc_host_prepare(worker->host, options, &places, error);
	if (failed)
		return failed;
	failed = worker->source->ops->refilter(worker->source, &rule, take, worker, error);
	flush(worker);
	if (failed) {
		wc_host_places_free(places);
		return failed;
	}
	worker->match = match;
	wc_host_adopt(worker->host, places);
	worker->local = wc_host_local(worker->host);
	wc_memo_forget(&worker->memo);
	wc_worker_tell(worker);
	return WC_OK;
}

void wc_worker_state(struct wc_worker *worker, struct wc_worker_state *state)
{
	pthread_mutex_lock(&worker->lock);
	*state = worker->state;
	pthread_mutex_unlock(&worker->lock);
}

void wc_worker_describe(struct wc_worker *worker, char *text, size_t size)
{
	pthread_mutex_lock(&worker->lock);
	snprintf(text, size, "%s", worker->text);
	pthread_mutex_unlock(&worker->lock);
}
