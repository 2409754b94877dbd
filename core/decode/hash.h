/*
 * hash.h - keyed hashes of addresses and of pairs of them
 *
 * Whoever sends frames chooses the keys of a table, so that the hash must be
 * secret: SipHash-1-3 (Aumasson and Bernstein, 2012) under a random seed. A pair
 * is made from the hashes of its addresses, which a sender cannot know, by one
 * multiplication.
 */
#ifndef WC_HASH_H
#define WC_HASH_H

#include <stdint.h>

#include "wirecensus/address.h"

struct wc_hash_seed {
	uint64_t words[4]; /* from getrandom(2) */
};

struct wc_hash_state {
	uint64_t a, b, c, d;
};

static inline uint64_t wc_hash_rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void wc_hash_round(struct wc_hash_state *s)
{
	s->a += s->b;
	s->b = wc_hash_rotate(s->b, 13) ^ s->a;
	s->a = wc_hash_rotate(s->a, 32);
	s->c += s->d;
	s->d = wc_hash_rotate(s->d, 16) ^ s->c;
	s->a += s->d;
	s->d = wc_hash_rotate(s->d, 21) ^ s->a;
	s->c += s->b;
	s->b = wc_hash_rotate(s->b, 17) ^ s->c;
	s->c = wc_hash_rotate(s->c, 32);
}

static inline void wc_hash_word(struct wc_hash_state *s, uint64_t word)
{
	s->d ^= word;
	wc_hash_round(s);
	s->a ^= word;
}

/*
 * Hashes an address. The last word carries the version where SipHash has the
 * length, so that no two addresses are the same message.
 */
static inline uint64_t wc_hash_address(const struct wc_hash_seed *seed,
				       const struct wc_address *address)
{
	struct wc_hash_state s = {
		seed->words[0] ^ UINT64_C(0x736f6d6570736575),
		seed->words[1] ^ UINT64_C(0x646f72616e646f6d),
		seed->words[0] ^ UINT64_C(0x6c7967656e657261),
		seed->words[1] ^ UINT64_C(0x7465646279746573),
	};
	uint64_t last = (uint64_t)address->version << 56;

	if (address->version == 6) {
		wc_hash_word(&s, address->high);
		wc_hash_word(&s, address->low);
	} else {
		last |= address->low;
	}
	wc_hash_word(&s, last);
	s.c ^= 0xff;
	wc_hash_round(&s);
	wc_hash_round(&s);
	wc_hash_round(&s);
	return s.a ^ s.b ^ s.c ^ s.d;
}

/* Hashes two hashed addresses, in their order, and what else is in a key. */
static inline uint64_t wc_hash_pair(const struct wc_hash_seed *seed, uint64_t first,
				    uint64_t second, uint64_t rest)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)(first ^ rest ^ seed->words[2]) *
		       (wc_hash_rotate(second, 32) ^ seed->words[3]);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

#endif /* WC_HASH_H */
