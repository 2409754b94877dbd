/*
 * chance.h - numbers that look random and are the same for the same seed
 */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdint.h>

struct chance {
	uint64_t state; /* the seed */
};

/* SplitMix64 of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014). */
static inline uint64_t chance_next(struct chance *chance)
{
	uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Returns a number below @bound. */
static inline uint64_t chance_below(struct chance *chance, uint64_t bound)
{
	return chance_next(chance) % bound;
}

#endif /* CHANCE_H */
