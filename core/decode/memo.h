/*
 * memo.h - how the addresses hash that were seen lately
 *
 * Most frames have an address that the frames before them had, too. A memo
 * remembers the hashes of some hundred addresses. It changes no result. It belongs
 * to one thread.
 */
#ifndef WC_MEMO_H
#define WC_MEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "hash.h"
#include "wirecensus/address.h"

#define WC_MEMO_BITS 9

struct wc_memo_entry {
	struct wc_address address;
	uint64_t hash;
};

struct wc_memo {
	struct wc_hash_seed seed;
	bool idle; /* no table asks for hashes: all are 0 */
	struct wc_memo_entry entries[1 << WC_MEMO_BITS];
};

/* Forgets all, and hashes by @seed from now on; without @hashing every hash is 0. */
void wc_memo_begin(struct wc_memo *memo, const struct wc_hash_seed *seed, bool hashing);

/* Makes @entry that of @address. Returns its hash. */
uint64_t wc_memo_learn(const struct wc_memo *memo, struct wc_memo_entry *entry,
		       const struct wc_address *address);

/* Returns the hash of @address. Called for every frame. */
static inline uint64_t wc_memo_hash(struct wc_memo *memo, const struct wc_address *address)
{
	uint64_t mixed = (address->high ^ address->low) * UINT64_C(0x9e3779b97f4a7c15);
	struct wc_memo_entry *entry = &memo->entries[mixed >> (64 - WC_MEMO_BITS)];

	if (memo->idle)
		return 0;
	if (wc_address_equal(&entry->address, address))
		return entry->hash;
	return wc_memo_learn(memo, entry, address);
}

#endif /* WC_MEMO_H */
