/*
 * gather_captures.h - sums of several captures, each for itself
 */
#ifndef WC_GATHER_CAPTURES_H
#define WC_GATHER_CAPTURES_H

#include <stdbool.h>
#include <stddef.h>

#include "gather.h"

struct wc_journal_interval; /* journal.h */

/* Begins as all zeros. */
struct wc_gather_captures {
	struct wc_gather *items;
	size_t count;
	char *host, *instance; /* of the run that counted it */
};

/* Frees what is in it. */
void wc_gather_captures_free(struct wc_gather_captures *captures);

/* Returns the capture of that name, or NULL. */
struct wc_gather *wc_gather_captures_find(const struct wc_gather_captures *captures,
					  const char *name);

/* Returns the capture that @snapshot is of, with its counts added; NULL without memory. */
struct wc_gather *wc_gather_captures_add(struct wc_gather_captures *captures,
					 const struct wc_snapshot *snapshot);

/* Sets who counted. False without memory. */
bool wc_gather_captures_run(struct wc_gather_captures *captures, const char *host,
			    const char *instance);

/* Makes one sum of each, to be freed with wc_journal_intervals_free(). False without memory. */
bool wc_gather_captures_finish(struct wc_gather_captures *captures,
			       struct wc_journal_interval **intervals, size_t *count);

#endif /* WC_GATHER_CAPTURES_H */
