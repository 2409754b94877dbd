#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "decode.h"
#include "host.h"
#include "local.h"
#include "match.h"
#include "memo.h"
#include "packet.h"
#include "rules.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define BUDGET   4096 /* frames between two looks at what is asked of a thread */
#define DRAIN_MS 5    /* between two looks for frames that the kernel still withholds */

struct wc_worker {
	/* The packet path. */
	const struct wc_match *match; /* NULL: every frame is counted */
	const struct wc_local *local; /* the host's */
	struct wc_memo memo;
	struct wc_tables *tables;
	size_t batched;
	struct wc_packet batch[WC_TABLES_BATCH];
	int64_t first_ns, last_ns;

	struct wc_source *source;
	struct wc_host *host;
	struct wc_source_stats stats;

	/* The thread. */
	pthread_t thread;
	bool started;
	int wake; /* eventfd(2): something is asked */
	atomic_bool asked, stopping;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool standing, ended; /* under lock */
};

static void flush(struct wc_worker *worker)
{
	wc_tables_count(worker->tables, worker->batch, worker->batched);
	worker->batched = 0;
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
	wc_decode(&worker->batch[worker->batched], frame, worker->local, &worker->memo);
	label(worker, frame->time_ns);
	if (++worker->batched == WC_TABLES_BATCH)
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

static void follow_host(struct wc_worker *worker)
{
	unsigned changes = wc_host_update(worker->host);

	worker->local = wc_host_local(worker->host);
	if ((changes & WC_HOST_LINKS) && worker->source->ops->changed)
		worker->source->ops->changed(worker->source, worker->host);
}

/* Sleeps until something is asked, the host changes, or @ms have passed. */
static void rest(struct wc_worker *worker, int ms)
{
	struct pollfd fds[] = {{.fd = worker->wake, .events = POLLIN},
			       {.fd = wc_host_fd(worker->host), .events = POLLIN}};
	uint64_t ignored;

	if (poll(fds, 2, ms) <= 0)
		return;
	if (fds[0].revents && read(worker->wake, &ignored, sizeof(ignored)) < 0)
		return;
	if (fds[1].revents)
		follow_host(worker);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/*
 * Counts what has reached the link by now. The kernel may withhold frames for as
 * long as its buffer's time-out, so that an empty look is not the end: that is
 * when nothing is pending, or when the time-out has passed.
 */
static void drain(struct wc_worker *worker)
{
	uint64_t deadline = now_ms() + worker->source->lag_ms;
	struct wc_source_stats *stats = &worker->stats;

	for (;;) {
		int result = wc_worker_run(worker, BUDGET, NULL);

		worker->source->ops->stats(worker->source, stats);
		if (stats->pending == 0 || now_ms() >= deadline)
			return;
		if (result <= 0)
			rest(worker, DRAIN_MS);
	}
}

static void stand_still(struct wc_worker *worker)
{
	drain(worker);
	pthread_mutex_lock(&worker->lock);
	worker->standing = atomic_load(&worker->asked); /* it may have been released meanwhile */
	pthread_cond_broadcast(&worker->changed);
	while (worker->standing)
		pthread_cond_wait(&worker->changed, &worker->lock);
	pthread_mutex_unlock(&worker->lock);
}

static void *thread_main(void *user)
{
	struct wc_worker *worker = user;

	while (!atomic_load_explicit(&worker->stopping, memory_order_acquire)) {
		int result = wc_worker_run(worker, BUDGET, NULL);

		if (atomic_load_explicit(&worker->asked, memory_order_acquire))
			stand_still(worker);
		else /* under load, too: addresses and links change whenever they like */
			rest(worker, result > 0 ? 0 : (int)worker->source->tick_ms);
	}
	drain(worker);
	pthread_mutex_lock(&worker->lock);
	worker->ended = true;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
	return NULL;
}

int wc_worker_new(struct wc_worker **worker, struct wc_source *source, struct wc_host *host,
		  const struct wc_rules *rules, struct wc_error *error)
{
	struct wc_worker *made = calloc(1, sizeof(*made));

	if (!made)
		return wc_error_set(error, WC_FAILED, "there is not enough memory to count");
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
	made->source = source;
	made->host = host;
	made->local = wc_host_local(host);
	wc_memo_begin(&made->memo, &rules->seed, rules->hosts || rules->conversations);
	made->first_ns = made->last_ns = WC_TIME_UNKNOWN;
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->changed, NULL);
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

/* Signals are for the program's main thread, or for whoever loaded the plugin. */
int wc_worker_start(struct wc_worker *worker, struct wc_error *error)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&worker->thread, NULL, thread_main, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		return wc_error_set(error, WC_FAILED, "a thread to count in cannot be made: %s",
				    strerror(failed));
	worker->started = true;
	return WC_OK;
}

static void wake(struct wc_worker *worker)
{
	uint64_t one = 1;

	/* It can only fail when the count is full, and then the thread is awake anyway. */
	if (write(worker->wake, &one, sizeof(one)) < 0)
		return;
}

void wc_worker_ask(struct wc_worker *worker)
{
	if (!worker->started || atomic_exchange(&worker->asked, true))
		return;
	wake(worker);
}

void wc_worker_hold(struct wc_worker *worker)
{
	if (!worker->started)
		return;
	wc_worker_ask(worker);
	pthread_mutex_lock(&worker->lock);
	while (!worker->standing && !worker->ended)
		pthread_cond_wait(&worker->changed, &worker->lock);
	pthread_mutex_unlock(&worker->lock);
}

void wc_worker_release(struct wc_worker *worker)
{
	if (!worker->started)
		return;
	pthread_mutex_lock(&worker->lock);
	atomic_store(&worker->asked, false);
	worker->standing = false;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->lock);
}

void wc_worker_stop(struct wc_worker *worker)
{
	if (!worker->started)
		return;
	atomic_store_explicit(&worker->stopping, true, memory_order_release);
	wc_worker_release(worker);
	wake(worker);
	pthread_join(worker->thread, NULL);
	worker->started = false;
}

struct wc_tables *wc_worker_tables(const struct wc_worker *worker)
{
	return worker->tables;
}

void wc_worker_times(struct wc_worker *worker, int64_t *first_ns, int64_t *last_ns)
{
	*first_ns = worker->first_ns;
	*last_ns = worker->last_ns;
	worker->first_ns = worker->last_ns = WC_TIME_UNKNOWN;
}

void wc_worker_describe(const struct wc_worker *worker, char *text, size_t size)
{
	size_t used;

	worker->source->ops->describe(worker->source, text, size);
	used = strlen(text);
	snprintf(text + used, size - used, "addresses: %zu local\n", wc_local_count(worker->local));
}
