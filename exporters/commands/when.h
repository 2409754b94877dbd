/*
 * when.h - the span of time that the options --last, --since and --until ask for, and its steps
 */
#ifndef WC_WHEN_H
#define WC_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error;   /* wirecensus/error.h */
struct wc_options; /* wirecensus/options.h */

struct wc_when {
	int64_t from_ns, to_ns; /* wall clock */
};

/*
 * Reads a time: a date, a date and a time of day, a time of day (today), all local; in UTC
 * as RFC 3339 has it; or @ and seconds since 1970. Returns 0, or WC_INVALID with a sentence in
 * @error that begins with @as.
 */
int wc_when_parse(int64_t *ns, const char *as, const char *text, int64_t now_ns,
		  struct wc_error *error);

/* True if the options ask for a span at all. */
bool wc_when_given(const struct wc_options *options);

/*
 * Works out the span; without options the last @fallback_s seconds. Returns 0, or WC_INVALID
 * with a sentence in @error: a time cannot be read, or the span is empty.
 */
int wc_when_span(struct wc_when *span, const struct wc_options *options, int64_t now_ns,
		 uint64_t fallback_s, struct wc_error *error);

/* Returns a step, in nanoseconds, that cuts @span into about a hundred at most. */
int64_t wc_when_step(const struct wc_when *span);

/*
 * Has @span begin at a multiple of @step_ns, so that an hour is one of the clock's, and counts
 * its steps. Returns 0, or WC_INVALID with @error filled in when there are too many.
 */
int wc_when_cut(struct wc_when *span, int64_t step_ns, size_t *count, struct wc_error *error);

#endif /* WC_WHEN_H */
