/*
 * feed_socket.c - snapshots of a capture that a running daemon counts
 *
 * A thread asks for each interval soon after its end, so that a read finds it here and
 * waits for nothing. A daemon that is gone is asked again and again.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "daemon_ask.h"
#include "feed.h"
#include "since.h"
#include "wirecensus/error.h"
#include "wirecensus/pack.h"
#include "wirecensus/snapshot.h"
#include "wirecensus/thread.h"

#define NS_PER_MS 1000000

/* How long after its end an interval is asked for, and how soon again if it is not there. */
#define GRACE_MS 100
#define AGAIN_MS 250

/* The longest that nobody asks, and the longest while the daemon is gone. */
#define REST_MS      60000
#define REST_GONE_MS 2000

/* So often in a row it may fail, as when the daemon is busy, before somebody is told. */
#define FAILURES_MAX 3

/* The most memory that a snapshot takes. */
#define SNAPSHOT_MAX ((size_t)2 * WC_DAEMON_ANSWER)

struct socket_feed {
	struct wc_feed feed;
	char path[WC_DAEMON_PATH];
	char *capture;
	int wake; /* eventfd(2): the end */
	pthread_t thread;
	bool started;

	/* The thread's own. */
	struct wc_since since;
	int failures; /* in a row */

	pthread_mutex_t lock;
	struct wc_snapshot
		*next; /* that nobody has taken; NULL: none. Under lock, as what follows */
	bool failing;
	struct wc_error error; /* why */

	struct wc_totals taken; /* the reader's own: totals of what was taken last */
};

static int64_t wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Takes the place of a snapshot that nobody has taken. */
static void offer(struct socket_feed *feed, struct wc_snapshot *snapshot)
{
	struct wc_snapshot *old;

	pthread_mutex_lock(&feed->lock);
	old = feed->next;
	feed->next = snapshot;
	feed->failing = false;
	pthread_mutex_unlock(&feed->lock);
	wc_snapshot_free(old);
}

/* Returns in how many ms to ask again. */
static int fail(struct socket_feed *feed, const struct wc_error *error)
{
	int rest = AGAIN_MS << (feed->failures < FAILURES_MAX ? feed->failures : FAILURES_MAX);

	if (++feed->failures >= FAILURES_MAX) {
		pthread_mutex_lock(&feed->lock);
		feed->failing = true;
		feed->error = *error;
		pthread_mutex_unlock(&feed->lock);
	}
	return rest < REST_GONE_MS ? rest : REST_GONE_MS;
}

/* In how many ms the interval after the one of @snapshot can be asked for. */
static int until_next(const struct wc_snapshot *snapshot)
{
	int64_t ms = (snapshot->end_ns + (int64_t)snapshot->length_ns - wall_ns()) / NS_PER_MS +
		     GRACE_MS;

	return ms < AGAIN_MS ? AGAIN_MS : ms > REST_MS ? REST_MS : (int)ms;
}

/* Makes what was answered the next snapshot. Returns in how many ms to ask again. */
static int take_answer(struct socket_feed *feed, const uint8_t *bytes, size_t size)
{
	struct wc_pack_origin origin;
	struct wc_snapshot *snapshot;
	struct wc_error error;
	int result, rest;

	if (wc_unpack(&snapshot, &origin, bytes, size, SNAPSHOT_MAX, &error))
		return fail(feed, &error);
	rest = until_next(snapshot);
	result = wc_since_apply(&feed->since, snapshot, origin.instance, &error);
	if (result) {
		wc_snapshot_free(snapshot);
		return result < 0 ? fail(feed, &error) : rest;
	}
	feed->failures = 0;
	offer(feed, snapshot);
	return rest;
}

static int ask(struct socket_feed *feed)
{
	struct wc_error error;
	uint8_t *bytes;
	size_t size;
	int rest;

	if (wc_daemon_ask(feed->path, feed->capture, feed->wake, &bytes, &size, &error))
		return fail(feed, &error);
	rest = take_answer(feed, bytes, size);
	free(bytes);
	return rest;
}

static void *thread_main(void *user)
{
	struct socket_feed *feed = user;
	struct pollfd wake = {.fd = feed->wake, .events = POLLIN};

	while (poll(&wake, 1, ask(feed)) <= 0)
		;
	return NULL;
}

/* The thread asks by itself. */
static void socket_ask(struct wc_feed *feed)
{
	(void)feed;
}

/* Deltas are since what was taken before: intervals may have gone by in between. */
static void fill_delta(struct socket_feed *feed, struct wc_snapshot *snapshot)
{
	const uint64_t *now = (const uint64_t *)&snapshot->total;
	const uint64_t *before = (const uint64_t *)&feed->taken;
	uint64_t *delta = (uint64_t *)&snapshot->delta;

	for (size_t i = 0; i < sizeof(struct wc_totals) / sizeof(uint64_t); i++)
		delta[i] = now[i] - before[i];
	feed->taken = snapshot->total;
}

static int socket_snapshot(struct wc_feed *user, struct wc_snapshot **snapshot,
			   struct wc_error *error)
{
	struct socket_feed *feed = (struct socket_feed *)user;
	struct wc_snapshot *next;
	bool failing;

	pthread_mutex_lock(&feed->lock);
	next = feed->next;
	feed->next = NULL;
	failing = feed->failing;
	if (failing)
		*error = feed->error;
	pthread_mutex_unlock(&feed->lock);
	if (!next)
		return failing ? WC_FAILED : WC_FEED_NOTHING;
	fill_delta(feed, next);
	*snapshot = next;
	return WC_OK;
}

static void socket_close(struct wc_feed *user)
{
	struct socket_feed *feed = (struct socket_feed *)user;
	uint64_t one = 1;

	if (feed->started) {
		/* A new counter has room for one. */
		if (write(feed->wake, &one, sizeof(one)) == sizeof(one))
			pthread_join(feed->thread, NULL);
	}
	if (feed->wake >= 0)
		close(feed->wake);
	wc_snapshot_free(feed->next);
	wc_since_free(&feed->since);
	pthread_mutex_destroy(&feed->lock);
	free(feed->capture);
	free(feed);
}

static const struct wc_feed_ops socket_ops = {
	.ask = socket_ask,
	.snapshot = socket_snapshot,
	.close = socket_close,
};

static int start(struct socket_feed *feed)
{
	int failed = wc_thread_start(&feed->thread, thread_main, feed);

	feed->started = !failed;
	return failed;
}

int wc_feed_socket_open(struct wc_feed **feed, const char *path, const char *capture,
			struct wc_error *error)
{
	struct socket_feed *made = calloc(1, sizeof(*made));
	int failed;

	if (!made)
		return wc_error_set(error, WC_FAILED, "there is not enough memory to read %s",
				    path);
	made->feed.ops = &socket_ops;
	snprintf(made->path, sizeof(made->path), "%s", path);
	made->capture = strdup(capture);
	made->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&made->lock, NULL);
	failed = !made->capture ? ENOMEM : made->wake < 0 ? errno : start(made);
	if (failed) {
		wc_error_set(error, WC_FAILED, "a thread to read %s in cannot be made: %s", path,
			     strerror(failed));
		socket_close(&made->feed);
		return WC_FAILED;
	}
	*feed = &made->feed;
	return WC_OK;
}
