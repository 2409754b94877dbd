/*
 * sums.h - counts that have no key: frames, classes, the internet
 *
 * A struct of 64-bit words and nothing else, so that sets are added, and two
 * states subtracted, word by word.
 */
#ifndef WC_SUMS_H
#define WC_SUMS_H

#include <stdint.h>

#include "packet.h"
#include "wirecensus/snapshot.h"

struct wc_sums {
	uint64_t frames; /* handed over: of all classes, and rejected */
	struct wc_counts rejected;
	struct wc_counts classes[WC_CLASSES][WC_DIRECTIONS];
	struct wc_counts internet_in, internet_out;
};

static inline void wc_counts_add(struct wc_counts *to, const struct wc_counts *more)
{
	to->packets += more->packets;
	to->bytes += more->bytes;
}

static inline struct wc_counts wc_counts_of(const struct wc_packet *packet)
{
	return (struct wc_counts){packet->packets, packet->bytes};
}

/* Counts packets of a class and a direction, by WC_INSIDE_ bits of which ends are local. */
static inline void wc_sums_count(struct wc_sums *sums, unsigned class, unsigned direction,
				 unsigned inside, const struct wc_counts *counts)
{
	wc_counts_add(&sums->classes[class][direction], counts);
	if (inside == WC_INSIDE_SOURCE)
		wc_counts_add(&sums->internet_out, counts);
	else if (inside == WC_INSIDE_DESTINATION)
		wc_counts_add(&sums->internet_in, counts);
}

/* Adds @more to @sums. */
void wc_sums_add(struct wc_sums *sums, const struct wc_sums *more);

/* Returns what @now has more than @before. */
struct wc_sums wc_sums_since(const struct wc_sums *now, const struct wc_sums *before);

/* Fills in the part of @totals that the decoder knows. */
void wc_sums_total(struct wc_totals *totals, const struct wc_sums *sums);

#endif /* WC_SUMS_H */
