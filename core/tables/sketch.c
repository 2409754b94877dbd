#include "sketch.h"

#include <stdbool.h>

/*
 * Linear counting (Whang, Vander-Zanden and Taylor, 1990): b bits of which k are
 * set stand for b ln(b / (b - k)) values. All bits set count as half a bit less.
 */
static const double values16[] = {0,       1.0326,  2.1365,  3.3222,  4.6029,  5.9951,
				  7.5201,  9.2058,  11.0904, 13.2269, 15.6933, 18.6104,
				  22.1807, 26.7836, 33.2711, 44.3614, 55.4518};
static const double values8[] = {0,      1.0683,  2.3015,  3.76,   5.5452,
				 7.8466, 11.0904, 16.6355, 22.1807};

#define LEVEL_LAST (WC_SKETCH_LEVELS - 1)

static unsigned bits_set(const struct wc_sketch *sketch, unsigned level)
{
	unsigned set = 0;
	uint64_t bits;

	if (level < WC_SKETCH_WIDE_LEVELS)
		bits = sketch->words[0] >> level * 16 & 0xffff;
	else
		bits = sketch->words[1] >> (level - WC_SKETCH_WIDE_LEVELS) * 8 & 0xff;
	for (; bits; bits &= bits - 1)
		set++;
	return set;
}

static bool is_full(const struct wc_sketch *sketch, unsigned level)
{
	return bits_set(sketch, level) == (level < WC_SKETCH_WIDE_LEVELS ? 16 : 8);
}

static double values_of(const struct wc_sketch *sketch, unsigned level)
{
	unsigned set = bits_set(sketch, level);

	return level < WC_SKETCH_WIDE_LEVELS ? values16[set] : values8[set];
}

/* Full levels say no more; those behind n of them have seen one in 2^n of all values. */
uint32_t wc_sketch_count(const struct wc_sketch *sketch)
{
	unsigned skipped = 0;
	double values = 0;

	while (skipped < LEVEL_LAST && is_full(sketch, skipped))
		skipped++;
	for (unsigned level = skipped; level < WC_SKETCH_LEVELS; level++)
		values += values_of(sketch, level);
	return (uint32_t)(values * (double)(1u << skipped) + 0.5);
}
