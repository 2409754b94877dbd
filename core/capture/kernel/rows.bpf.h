/*
 * rows.bpf.h - buckets of rows that are found by a hash
 *
 * Whoever sends frames chooses the keys, so that hashes are drawn from a strongly
 * universal family (Thorup, High Speed Hashing for Integers and Strings, 2015) by
 * a secret seed: no choice of keys fills a bucket sooner than chance does.
 */
#ifndef WC_ROWS_BPF_H
#define WC_ROWS_BPF_H

#include "maps.bpf.h"
#include "seen.bpf.h"

static __always_inline uint32_t upper(uint64_t sum)
{
	uint32_t hash = (uint32_t)(sum >> 32);

	return hash < WC_KERNEL_TAG_LEAST ? hash + WC_KERNEL_TAG_LEAST : hash;
}

static __always_inline uint32_t hash_address(const struct end *address, uint32_t version)
{
	if (version == 4)
		return upper(rules.seed[0] * address->low + rules.seed[1]);
	return upper((rules.seed[2] + (address->high >> 32)) *
			     (rules.seed[3] + (uint32_t)address->high) +
		     (rules.seed[4] + (address->low >> 32)) *
			     (rules.seed[5] + (uint32_t)address->low));
}

/* Of two hashed addresses, in their order, and what else is in a key. */
static __always_inline uint32_t hash_pair(uint32_t first, uint32_t second, uint32_t ports,
					  uint32_t kind)
{
	return upper((rules.seed[6] + first) * (rules.seed[7] + second) +
		     (rules.seed[8] + ports) * (rules.seed[9] + kind));
}

/*
 * Takes a free place in a bucket. Returns its number, or WC_KERNEL_PROBES if there is
 * none. For a function that is not inlined: so the verifier does not follow each place on
 * its own through what comes then.
 */
static __always_inline uint32_t claim(struct wc_kernel_bucket *bucket)
{
#pragma unroll
	for (uint32_t i = 0; i < WC_KERNEL_PROBES; i++) {
		if (bucket->tags[i] != WC_KERNEL_TAG_FREE)
			continue;
		if (!rules.shared ||
		    __sync_val_compare_and_swap(&bucket->tags[i], WC_KERNEL_TAG_FREE,
						WC_KERNEL_TAG_BUSY) == WC_KERNEL_TAG_FREE)
			return i;
	}
	return WC_KERNEL_PROBES;
}

/* No map has so many. */
#define NO_ROW UINT32_MAX

/* How often several processors may be in each other's way. */
#define TRIES 4

/* Takes the next row of those that are free. Returns its place in their ring, or NO_ROW. */
static __always_inline uint32_t take_place(struct wc_kernel_free *unused)
{
#pragma unroll
	for (int i = 0; i < TRIES; i++) {
		uint32_t taken = *(volatile uint32_t *)&unused->taken;

		if (taken == *(volatile uint32_t *)&unused->given)
			return NO_ROW;
		if (!rules.shared) {
			unused->taken = taken + 1;
			return taken;
		}
		if (__sync_val_compare_and_swap(&unused->taken, taken, taken + 1) == taken)
			return taken;
	}
	return NO_ROW;
}

/* Takes a row of a slice that has @buckets. Returns its number, or NO_ROW. */
static __always_inline uint32_t take_row(struct wc_kernel_free *unused, void *numbers,
					 uint32_t slice, uint32_t buckets)
{
	uint32_t place = take_place(unused);
	struct wc_kernel_numbers *found;

	if (place == NO_ROW)
		return NO_ROW;
	found = entry(numbers, slice * buckets + (place / WC_KERNEL_PROBES & (buckets - 1)));
	return found ? found->rows[place % WC_KERNEL_PROBES] : NO_ROW;
}

/* Gives a place back that was taken for nothing. */
static __always_inline void unclaim(struct wc_kernel_bucket *bucket, uint32_t place)
{
	if (rules.shared)
		bucket->tags[place % WC_KERNEL_PROBES] = WC_KERNEL_TAG_FREE;
}

/* Lets others find @row, whose key is written. */
static __always_inline void publish(struct wc_kernel_bucket *bucket, uint32_t place, uint32_t row,
				    uint32_t tag)
{
	bucket->rows[place % WC_KERNEL_PROBES] = row;
	if (rules.shared) {
		__sync_lock_test_and_set(&bucket->tags[place % WC_KERNEL_PROBES], tag);
	} else {
		asm volatile("" ::: "memory");
		bucket->tags[place % WC_KERNEL_PROBES] = tag;
	}
}

#endif /* WC_ROWS_BPF_H */
