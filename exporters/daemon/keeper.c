#include "keeper.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "interval.h"
#include "journal.h"
#include "keeper_queue.h"
#include "log.h"
#include "steady.h"
#include "wirecensus/error.h"

/* Between two flushes of positions, and before what failed is tried again. */
#define PACE_NS WC_SECOND_NS

struct wc_keeper {
	struct wc_journal *journal;
	pthread_t thread;
	int written; /* eventfd(2) */

	pthread_mutex_t lock; /* all that follows */
	pthread_cond_t changed;
	struct wc_keeper_queue queue;
	struct wc_interval *writing; /* out of the queue */
	bool stale;                  /* positions could not be brought to disk, as the log has it */
	bool ending, ended;
	struct wc_keeper_state state;
};

/* Makes room for another one. */
static void drop_oldest(struct wc_keeper *keeper)
{
	struct wc_keeper_state *state = &keeper->state;
	size_t dropped = wc_keeper_queue_shrink(&keeper->queue);

	state->lost += dropped;
	/* Why, is known already when writing fails. */
	if (!dropped || state->behind || *state->reason)
		return;
	state->behind = true;
	wc_log(WC_LOG_WARNING, "%s", WC_KEEPER_BEHIND);
}

static void tell(struct wc_keeper *keeper)
{
	uint64_t one = 1;

	/* It fails only when the count is full, and then it is readable anyway. */
	if (write(keeper->written, &one, sizeof(one)) < 0)
		return;
}

/* What became of a try to write: called with the lock. */
static void note_result(struct wc_keeper *keeper, int status, const struct wc_error *error)
{
	struct wc_keeper_state *state = &keeper->state;

	if (status) {
		state->failures++;
		/* Told once until it is over: it is tried each second. */
		if (!*state->reason)
			wc_log(WC_LOG_WARNING,
			       "%s; counting goes on, and intervals wait for the journal",
			       error->text);
		snprintf(state->reason, sizeof(state->reason), "%s", error->text);
		return;
	}
	if (*state->reason)
		wc_log(WC_LOG_NOTICE, "the journal is written again; %llu intervals were lost",
		       (unsigned long long)state->lost);
	state->reason[0] = '\0';
	if (!state->behind || keeper->queue.count)
		return;
	state->behind = false;
	wc_log(WC_LOG_NOTICE, "the journal has caught up; %llu intervals were lost",
	       (unsigned long long)state->lost);
}

static int write_interval(struct wc_journal *journal, const struct wc_interval *interval,
			  struct wc_error *error)
{
	int status = WC_OK;

	if (*interval->instance)
		status = wc_journal_run(journal, interval->instance, error);
	return status ? status
		      : wc_journal_write(journal,
					 (const struct wc_snapshot *const *)interval->snapshots,
					 interval->count, error);
}

/* Writes the oldest interval; the lock is open meanwhile. Returns false when it failed. */
static bool write_oldest(struct wc_keeper *keeper)
{
	struct wc_interval *interval = wc_keeper_queue_take(&keeper->queue);
	struct wc_error error;
	int status;

	keeper->writing = interval;
	pthread_mutex_unlock(&keeper->lock);
	status = write_interval(keeper->journal, interval, &error);
	pthread_mutex_lock(&keeper->lock);
	keeper->writing = NULL;
	if (status)
		wc_keeper_queue_put_back(&keeper->queue, interval);
	else
		wc_interval_drop(interval);
	keeper->state.written += !status;
	note_result(keeper, status, &error);
	drop_oldest(keeper);
	if (wc_journal_notice(keeper->journal, error.text))
		wc_log(WC_LOG_WARNING, "noticed: %s", error.text);
	if (!status)
		tell(keeper);
	return !status;
}

static void flush(struct wc_keeper *keeper)
{
	struct wc_error error;
	int status;

	pthread_mutex_unlock(&keeper->lock);
	status = wc_journal_flush(keeper->journal, &error);
	pthread_mutex_lock(&keeper->lock);
	if (status && !keeper->stale)
		wc_log(WC_LOG_WARNING, "%s; records may be delivered again after a restart",
		       error.text);
	else if (!status && keeper->stale)
		wc_log(WC_LOG_NOTICE, "how far records are delivered is on the disk again");
	keeper->stale = status;
}

static void sleep_until(struct wc_keeper *keeper, uint64_t deadline_ns)
{
	uint64_t left = wc_steady_left(deadline_ns);
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	left += (uint64_t)until.tv_nsec;
	until.tv_sec += (time_t)(left / WC_SECOND_NS);
	until.tv_nsec = (long)(left % WC_SECOND_NS);
	pthread_cond_clockwait(&keeper->changed, &keeper->lock, CLOCK_MONOTONIC, &until);
}

/* Writes what waits, gives up at the first failure. */
static void write_rest(struct wc_keeper *keeper)
{
	while (keeper->queue.count && write_oldest(keeper))
		;
	if (keeper->queue.count)
		wc_log(WC_LOG_WARNING,
		       "%zu intervals could not be written to the journal, and are lost",
		       keeper->queue.count);
	flush(keeper);
}

static void *thread_main(void *user)
{
	struct wc_keeper *keeper = user;
	uint64_t retry_ns = 0, flush_ns = wc_steady_now() + PACE_NS;

	pthread_mutex_lock(&keeper->lock);
	while (!keeper->ending) {
		uint64_t now = wc_steady_now();

		if (keeper->queue.count && now >= retry_ns) {
			retry_ns = write_oldest(keeper) ? 0 : now + PACE_NS;
		} else if (now >= flush_ns) {
			flush(keeper);
			flush_ns = now + PACE_NS;
		} else {
			sleep_until(keeper, keeper->queue.count && retry_ns < flush_ns ? retry_ns
										       : flush_ns);
		}
	}
	write_rest(keeper);
	keeper->ended = true;
	pthread_cond_broadcast(&keeper->changed);
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

static void release(struct wc_keeper *keeper)
{
	wc_keeper_queue_clear(&keeper->queue);
	pthread_cond_destroy(&keeper->changed);
	pthread_mutex_destroy(&keeper->lock);
	close(keeper->written);
	free(keeper);
}

int wc_keeper_start(struct wc_keeper **keeper, struct wc_journal *journal, struct wc_error *error)
{
	struct wc_keeper *made = calloc(1, sizeof(*made));
	int failed;

	if (!made)
		return wc_error_no_memory(error, "for the journal");
	made->journal = journal;
	pthread_mutex_init(&made->lock, NULL);
	pthread_cond_init(&made->changed, NULL);
	made->written = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	failed =
		made->written < 0 ? EMFILE : pthread_create(&made->thread, NULL, thread_main, made);
	if (failed) {
		release(made);
		return wc_error_set(error, WC_FAILED,
				    "a thread to write the journal in cannot be made: %s",
				    strerror(failed));
	}
	*keeper = made;
	return WC_OK;
}

void wc_keeper_hand(struct wc_keeper *keeper, struct wc_interval *interval)
{
	pthread_mutex_lock(&keeper->lock);
	drop_oldest(keeper);
	wc_keeper_queue_add(&keeper->queue, interval);
	pthread_cond_broadcast(&keeper->changed);
	pthread_mutex_unlock(&keeper->lock);
}

int wc_keeper_fd(const struct wc_keeper *keeper)
{
	return keeper->written;
}

void wc_keeper_heard(struct wc_keeper *keeper)
{
	uint64_t ignored;

	if (read(keeper->written, &ignored, sizeof(ignored)) < 0)
		return; /* nothing was written since */
}

void wc_keeper_state(struct wc_keeper *keeper, struct wc_keeper_state *state)
{
	pthread_mutex_lock(&keeper->lock);
	*state = keeper->state;
	state->waiting = keeper->queue.count + (keeper->writing != NULL);
	pthread_mutex_unlock(&keeper->lock);
}

bool wc_keeper_end(struct wc_keeper *keeper, uint64_t deadline_ns)
{
	bool ended;

	pthread_mutex_lock(&keeper->lock);
	keeper->ending = true;
	pthread_cond_broadcast(&keeper->changed);
	while (!keeper->ended && wc_steady_left(deadline_ns))
		sleep_until(keeper, deadline_ns);
	ended = keeper->ended;
	pthread_mutex_unlock(&keeper->lock);
	if (!ended)
		return false;
	pthread_join(keeper->thread, NULL);
	release(keeper);
	return true;
}
