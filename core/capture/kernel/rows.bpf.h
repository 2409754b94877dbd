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
 * none. As all that searches a bucket it is part of a function that is not inlined:
 * so the verifier does not follow each place on its own through what comes then.
 */
static __always_inline int claim(struct wc_kernel_bucket *bucket)
{
#pragma unroll
	for (uint32_t i = 0; i < WC_KERNEL_PROBES; i++) {
		if (bucket->tags[i] != WC_KERNEL_TAG_FREE)
			continue;
		if (!rules.shared ||
		    __sync_val_compare_and_swap(&bucket->tags[i], WC_KERNEL_TAG_FREE,
						WC_KERNEL_TAG_BUSY) == WC_KERNEL_TAG_FREE)
			return (int)i;
	}
	return WC_KERNEL_PROBES;
}

/* Lets others find a row whose key is written. */
static __always_inline void publish(struct wc_kernel_bucket *bucket, uint32_t place, uint32_t tag)
{
	if (rules.shared) {
		__sync_lock_test_and_set(&bucket->tags[place % WC_KERNEL_PROBES], tag);
	} else {
		asm volatile("" ::: "memory");
		bucket->tags[place % WC_KERNEL_PROBES] = tag;
	}
}

#endif /* WC_ROWS_BPF_H */
