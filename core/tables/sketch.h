/*
 * sketch.h - about how many different values, in 16 bytes
 *
 * A multi-resolution bitmap (Estan, Varghese and Fisk, 2003): twelve levels, each
 * of which gets half of the values of the one before; four of 16 bits, eight of
 * 8. The union of two sets is the OR of their sketches.
 *
 * The standard error is 13 % at 20 values, 16 % at 100, 25 % at 1,000 and 30 % at
 * 20,000. Beyond 30,000 values the count falls behind; it ends at WC_SKETCH_MAX.
 */
#ifndef WC_SKETCH_H
#define WC_SKETCH_H

#include <stdint.h>

#define WC_SKETCH_MAX 45426

#define WC_SKETCH_LEVELS      12
#define WC_SKETCH_WIDE_LEVELS 4 /* of 16 bits, in the first word */

struct wc_sketch {
	uint64_t words[2];
};

/* Adds a value by its hash, of which the upper four and the lower twelve bits are used. */
static inline void wc_sketch_add(struct wc_sketch *sketch, uint64_t hash)
{
	unsigned level = (unsigned)__builtin_ctzll(hash | UINT64_C(1) << (WC_SKETCH_LEVELS - 1));

	if (level < WC_SKETCH_WIDE_LEVELS)
		sketch->words[0] |= UINT64_C(1) << (level * 16 + (hash >> 60));
	else
		sketch->words[1] |= UINT64_C(1)
				    << ((level - WC_SKETCH_WIDE_LEVELS) * 8 + (hash >> 61));
}

/* Adds all values of @more. */
static inline void wc_sketch_merge(struct wc_sketch *sketch, const struct wc_sketch *more)
{
	sketch->words[0] |= more->words[0];
	sketch->words[1] |= more->words[1];
}

/* Returns about how many different values were added; 0 and 1 are exact. */
uint32_t wc_sketch_count(const struct wc_sketch *sketch);

#endif /* WC_SKETCH_H */
