/*
 * sums.h - counts that have no key: frames, classes, the internet
 *
 * A struct of 64-bit words and nothing else, so that sets are added, and two
 * states subtracted, word by word.
 */
#ifndef WC_SUMS_H
#define WC_SUMS_H

#include <stdint.h>

#include "wirecensus/snapshot.h"

struct wc_sums {
	uint64_t frames; /* handed over: of all classes, and rejected */
	struct wc_counts rejected;
	struct wc_counts classes[WC_CLASSES][WC_DIRECTIONS];
	struct wc_counts internet_in, internet_out;
};

/* Adds @more to @sums. */
void wc_sums_add(struct wc_sums *sums, const struct wc_sums *more);

/* Returns what @now has more than @before. */
struct wc_sums wc_sums_since(const struct wc_sums *now, const struct wc_sums *before);

/* Fills in the part of @totals that the decoder knows. */
void wc_sums_total(struct wc_totals *totals, const struct wc_sums *sums);

#endif /* WC_SUMS_H */
