/*
 * worker.h - one source, decoded and counted into one set of tables
 *
 * The packet path: frame -> decode -> a batch of packets -> tables. A live worker
 * has a thread, which also follows the host's addresses and links; a worker for a
 * file is run by its caller.
 */
#ifndef WC_WORKER_H
#define WC_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct wc_error;   /* wirecensus/error.h */
struct wc_filter;  /* filter.h */
struct wc_host;    /* host.h */
struct wc_match;   /* match.h */
struct wc_options; /* wirecensus/options.h */
struct wc_rules;   /* rules.h */
struct wc_tables;
struct wc_worker;

/*
 * Makes a worker that counts by @rules, which stay the caller's, and which from
 * then on owns @source and @host. Returns 0, or WC_FAILED with @error filled in;
 * both are then still the caller's.
 */
int wc_worker_new(struct wc_worker **worker, struct wc_source *source, struct wc_host *host,
		  const struct wc_rules *rules, struct wc_error *error);

/* Sets the payload filter, which stays the caller's; before any frame is counted. */
void wc_worker_set_match(struct wc_worker *worker, const struct wc_match *match);

/* Ends its thread, closes its source and frees it. NULL is allowed. */
void wc_worker_free(struct wc_worker *worker);

/* Starts the thread. Returns 0, or WC_FAILED with @error filled in. */
int wc_worker_start(struct wc_worker *worker, struct wc_error *error);

/*
 * Asks the thread to stand still once all frames are counted that had reached the
 * link by now; returns at once. Asking twice is the same as once.
 */
void wc_worker_ask(struct wc_worker *worker);

/* Asks, and waits until the thread stands still or has ended. */
void wc_worker_hold(struct wc_worker *worker);

/* Lets it go on after wc_worker_hold(). */
void wc_worker_release(struct wc_worker *worker);

/* Ends the thread, after counting as wc_worker_ask() has it. */
void wc_worker_stop(struct wc_worker *worker);

/*
 * Counts about @frames frames in the calling thread; only for a worker that was
 * not started. Returns what struct wc_source_ops.run returns.
 */
int wc_worker_run(struct wc_worker *worker, size_t frames, struct wc_error *error);

/*
 * The state of a worker that stands still: its tables, its source's counts, and
 * the first and last frame times since they were forgotten, WC_TIME_UNKNOWN without any.
 */
struct wc_tables *wc_worker_tables(const struct wc_worker *worker);
const struct wc_source_stats *wc_worker_stats(struct wc_worker *worker);
void wc_worker_times(const struct wc_worker *worker, int64_t *first_ns, int64_t *last_ns);
void wc_worker_forget_times(struct wc_worker *worker);

/*
 * Makes @filter, which may be NULL, ready for the link of a worker that stands still.
 * Returns 0, or WC_INVALID with @error filled in: it has no meaning on that link, or
 * the engine cannot change its filter.
 */
int wc_worker_prepare(struct wc_worker *worker, struct wc_filter *filter, struct wc_error *error);

/*
 * Has a worker that stands still count by @filter and @match, which stay the caller's,
 * and the local addresses and networks of @options from here on. Frames received before
 * are counted by the old ones first. Returns 0; or a negative code with @error filled
 * in, and nothing is changed.
 */
int wc_worker_change(struct wc_worker *worker, struct wc_filter *filter,
		     const struct wc_match *match, const struct wc_options *options,
		     struct wc_error *error);

/* How its source stands. */
struct wc_worker_state {
	const char *engine;     /* lives for ever */
	bool gone;              /* there is no interface now */
	uint64_t gone_since_ns; /* by the monotonic clock */
};

/* These can be called by any thread, at any time. */
void wc_worker_state(struct wc_worker *worker, struct wc_worker_state *state);

/* Writes lines about source and addresses, cut at @size. */
void wc_worker_describe(struct wc_worker *worker, char *text, size_t size);

#endif /* WC_WORKER_H */
