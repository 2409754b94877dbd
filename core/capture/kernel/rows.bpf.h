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

/*
 * Of two hashed addresses, which come in either order, and what else is in a key. Nobody
 * outside knows the hashes, so that nobody chooses two pairs of equal sum, which alone one
 * seed for both does not tell apart by itself.
 */
static __always_inline uint32_t hash_pair(uint32_t one, uint32_t other, uint32_t ports,
					  uint32_t kind)
{
	return upper((rules.seed[6] + one) * (rules.seed[6] + other) +
		     (rules.seed[8] + ports) * (rules.seed[9] + kind));
}

/* No map has so many. */
#define NO_ROW UINT32_MAX

/* Rows of a slice's buckets, in all slices. */
#define PLACES(buckets) (rules.slices * (buckets)*WC_KERNEL_PROBES)

/* The number of the entry of a row that counts into @generation. */
static __always_inline uint32_t in_generation(uint32_t place, uint32_t generation, uint32_t buckets)
{
	return (generation & 1) * PLACES(buckets) + place;
}

/* The number of the bucket of a hash, of @buckets in each slice. */
static __always_inline uint32_t bucket_of(uint32_t hash, uint32_t slice, uint32_t buckets)
{
	return slice * buckets + (hash & (buckets - 1));
}

/* A hash's favourite in its bucket, by bits of which no bucket's number is made. */
static __always_inline uint32_t favourite(uint32_t hash)
{
	return hash >> 28;
}

/* Where a hash's row is made, if that is free. */
static __always_inline uint32_t first_place(uint32_t hash, uint32_t slice, uint32_t buckets)
{
	return bucket_of(hash, slice, buckets) * WC_KERNEL_PROBES + favourite(hash);
}

static __always_inline void touch_tags(void *map, uint32_t number)
{
	struct wc_kernel_bucket *bucket = entry(map, number);

	TOUCH(bucket, tags[0]);
}

static __always_inline bool take(struct wc_kernel_bucket *bucket, uint32_t place)
{
	uint32_t *tag = &bucket->tags[place % WC_KERNEL_PROBES];

	return *tag == WC_KERNEL_TAG_FREE &&
	       (!rules.shared ||
		__sync_val_compare_and_swap(tag, WC_KERNEL_TAG_FREE, WC_KERNEL_TAG_BUSY) ==
			WC_KERNEL_TAG_FREE);
}

/*
 * Takes a free place in a bucket, @wanted if possible. Returns its number, or
 * WC_KERNEL_PROBES if there is none. For a function that is not inlined: so the verifier
 * does not follow each place on its own through what comes then.
 */
static __always_inline uint32_t claim(struct wc_kernel_bucket *bucket, uint32_t wanted)
{
	if (take(bucket, wanted))
		return wanted;
#pragma unroll
	for (uint32_t i = 0; i < WC_KERNEL_PROBES; i++)
		if (take(bucket, i))
			return i;
	return WC_KERNEL_PROBES;
}

/*
 * Other processors find a row by its kind or version, so that it is written last; @tag is
 * of the row's place, an exchange of which is a barrier.
 */
#define PUBLISH(tag, value, kind, even, odd)                                                       \
	do {                                                                                       \
		if (rules.shared)                                                                  \
			__sync_lock_test_and_set((tag), WC_KERNEL_TAG_BUSY);                       \
		FORGET();                                                                          \
		*(volatile __typeof__(even) *)&(even) = (kind);                                    \
		*(volatile __typeof__(odd) *)&(odd) = (kind);                                      \
		FORGET();                                                                          \
		*(volatile uint32_t *)(tag) = (value);                                             \
	} while (0)

#endif /* WC_ROWS_BPF_H */
