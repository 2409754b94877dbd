/*
 * captures.h - from the sections `capture` of a configuration to censuses that count
 *
 * A section becomes one capture per interface: called NAME where the section names
 * exactly one, NAME-INTERFACE otherwise. They are opened while there are privileges,
 * started when those are dropped, and live until the end.
 */
#ifndef WC_CAPTURES_H
#define WC_CAPTURES_H

#include <stddef.h>

struct wc_board_capture; /* board.h */
struct wc_captures;
struct wc_config; /* config.h */
struct wc_error;  /* wirecensus/error.h */
struct wc_interval;

/*
 * Opens all; nothing is counted yet. Returns 0 and captures to be freed with
 * wc_captures_free(), or a negative code with @error filled in, which names the capture.
 */
int wc_captures_open(struct wc_captures **captures, const struct wc_config *config,
		     struct wc_error *error);

/* Stops counting and frees. NULL is allowed. Intervals that were taken must be dropped before. */
void wc_captures_free(struct wc_captures *captures);

/* Starts counting, each in a thread of its own. Returns 0, or WC_FAILED with @error filled in. */
int wc_captures_start(struct wc_captures *captures, struct wc_error *error);

/*
 * Has a new run begin where the last interval ended, as wc_census_prepare_run() and
 * wc_census_begin_run() have it.
 */
int wc_captures_prepare_run(struct wc_captures *captures, struct wc_error *error);
void wc_captures_begin_run(struct wc_captures *captures);

/*
 * Ends the interval of all at nearly one time. Returns what they counted, held once for the
 * caller; NULL when memory is short. A capture without memory goes on with its interval.
 */
struct wc_interval *wc_captures_take(struct wc_captures *captures);

/* Waits until every thread that counts has answered: for a watchdog. */
void wc_captures_answer(struct wc_captures *captures);

/*
 * Would the captures of @config do, in place of those that count? Changes nothing. Returns 0,
 * or a negative code with @error filled in.
 */
int wc_captures_check(const struct wc_captures *captures, const struct wc_config *config,
		      struct wc_error *error);

/*
 * Swaps filters, networks and scanners for those of @config, which was checked; counts go on.
 * Returns 0, or a negative code with @error filled in: one stays as it was, the others changed.
 */
int wc_captures_change(struct wc_captures *captures, const struct wc_config *config,
		       struct wc_error *error);

/* What others may know of them, in order; lives as long as they do. */
const struct wc_board_capture *wc_captures_board(const struct wc_captures *captures, size_t *count);

/* Their names, in order. */
const char *const *wc_captures_names(const struct wc_captures *captures, size_t *count);

#endif /* WC_CAPTURES_H */
