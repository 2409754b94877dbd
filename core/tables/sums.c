#include "sums.h"

#include <stddef.h>

#define WORDS (sizeof(struct wc_sums) / sizeof(uint64_t))

void wc_sums_add(struct wc_sums *sums, const struct wc_sums *more)
{
	uint64_t *to = (uint64_t *)sums;
	const uint64_t *from = (const uint64_t *)more;

	for (size_t i = 0; i < WORDS; i++)
		to[i] += from[i];
}

struct wc_sums wc_sums_since(const struct wc_sums *now, const struct wc_sums *before)
{
	struct wc_sums since = *now;
	uint64_t *to = (uint64_t *)&since;
	const uint64_t *from = (const uint64_t *)before;

	for (size_t i = 0; i < WORDS; i++)
		to[i] -= from[i];
	return since;
}

void wc_sums_total(struct wc_totals *totals, const struct wc_sums *sums)
{
	totals->frames = sums->frames;
	totals->rejected = sums->rejected;
	totals->internet_in = sums->internet_in;
	totals->internet_out = sums->internet_out;
	for (int c = 0; c < WC_CLASSES; c++) {
		for (int d = 0; d < WC_DIRECTIONS; d++) {
			wc_counts_add(&totals->classes[c], &sums->classes[c][d]);
			wc_counts_add(&totals->directions[d], &sums->classes[c][d]);
		}
	}
}
