/*
 * worker_thread.c - the thread of a live worker: counts, stands still when asked, and ends
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "wirecensus/error.h"
#include "wirecensus/thread.h"
#include "worker.h"
#include "worker_parts.h"

#define BUDGET   4096 /* frames between two looks at what is asked of a thread */
#define DRAIN_MS 5    /* between two looks for frames that the kernel still withholds */

static void follow_host(struct wc_worker *worker)
{
	unsigned changes = wc_host_update(worker->host);

	if (wc_host_local(worker->host) != worker->local) {
		worker->local = wc_host_local(worker->host);
		wc_memo_forget(&worker->memo);
		wc_worker_tell(worker);
	}
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
 * when nothing is pending of what was there at first, or the first look that is
 * begun when the time-out has passed.
 */
static void drain(struct wc_worker *worker)
{
	uint64_t deadline = now_ms() + worker->source->lag_ms, there;
	struct wc_source_stats *stats = &worker->stats;

	if (worker->source->ops->collect)
		worker->source->ops->collect(worker->source, worker->tables);
	worker->source->ops->stats(worker->source, stats);
	there = stats->taken + stats->pending;
	for (;;) {
		bool last = now_ms() >= deadline;
		int result = wc_worker_run(worker, BUDGET, NULL);

		worker->source->ops->stats(worker->source, stats);
		if (stats->pending == 0 || stats->taken >= there || last)
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

	if (worker->source->ops->collect)
		worker->source->ops->collect(worker->source, worker->tables);
	while (!atomic_load_explicit(&worker->stopping, memory_order_acquire)) {
		int result = wc_worker_run(worker, BUDGET, NULL);

		if (worker->source->news != worker->told)
			wc_worker_tell(worker);
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

int wc_worker_start(struct wc_worker *worker, struct wc_error *error)
{
	int failed = wc_thread_start(&worker->thread, thread_main, worker);

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
	if (worker->standing && worker->source->ops->settle)
		worker->source->ops->settle(worker->source, worker->tables);
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
