/*
 * memo.h - what is known of the addresses that were seen lately
 *
 * Most frames have an address that the frames before them had, too. A memo
 * remembers for some hundred addresses what wc_local_look() says of them and how
 * they hash. It changes no result. It belongs to one thread.
 */
#ifndef WC_MEMO_H
#define WC_MEMO_H

#include <stdint.h>

#include "hash.h"
#include "wirecensus/address.h"

struct wc_local; /* local.h */

#define WC_MEMO_BITS 9

struct wc_memo_entry {
	struct wc_address address;
	uint64_t hash;
	unsigned bits; /* WC_LOCAL_ bits */
};

struct wc_memo {
	const struct wc_local *local;
	struct wc_hash_seed seed;
	struct wc_memo_entry entries[1 << WC_MEMO_BITS];
};

/* Forgets all, and looks in @local, which stays the caller's, and hashes by @seed from now on. */
void wc_memo_begin(struct wc_memo *memo, const struct wc_local *local,
		   const struct wc_hash_seed *seed);

/* Makes an entry for an address that has none. Returns it. */
const struct wc_memo_entry *wc_memo_learn(struct wc_memo *memo, struct wc_memo_entry *entry,
					  const struct wc_address *address);

/* Returns what is known of @address; valid until the next call. Called for every frame. */
static inline const struct wc_memo_entry *wc_memo_look(struct wc_memo *memo,
						       const struct wc_address *address)
{
	uint64_t mixed = (address->high ^ address->low) * UINT64_C(0x9e3779b97f4a7c15);
	struct wc_memo_entry *entry = &memo->entries[mixed >> (64 - WC_MEMO_BITS)];

	if (wc_address_equal(&entry->address, address))
		return entry;
	return wc_memo_learn(memo, entry, address);
}

#endif /* WC_MEMO_H */
