/*
 * memo.h - how the addresses hash that were seen lately, and what they are to this host
 *
 * Most frames have an address that the frames before them had, too. A memo
 * remembers the hashes of some hundred addresses, and what wc_local_look() says of
 * them; and of pairs of them what ends.h says. It changes no result. It belongs to
 * one thread.
 */
#ifndef WC_MEMO_H
#define WC_MEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "ends.h"
#include "hash.h"
#include "local.h"
#include "wirecensus/address.h"

#define WC_MEMO_BITS 9

struct wc_memo_entry {
	struct wc_address address;
	uint64_t hash;
	unsigned look; /* WC_LOCAL_ bits */
};

struct wc_memo {
	struct wc_hash_seed seed;
	bool idle; /* no table asks for hashes: all are 0 */
	const struct wc_local *local;
	struct wc_memo_entry entries[1 << WC_MEMO_BITS];
	uint32_t numbered; /* the last number of a pair */
	struct wc_ends ends[WC_ENDS_SLOTS];
};

/* Forgets all, and hashes by @seed from now on; without @hashing every hash is 0. */
void wc_memo_begin(struct wc_memo *memo, const struct wc_hash_seed *seed, bool hashing);

/* Forgets what it has seen: the host's addresses have changed. */
void wc_memo_forget(struct wc_memo *memo);

/* The same, and begins anew with the numbers of pairs. */
void wc_memo_renumber(struct wc_memo *memo);

/* Makes @entry that of @address, by @local from now on. */
void wc_memo_learn(struct wc_memo *memo, const struct wc_local *local, struct wc_memo_entry *entry,
		   const struct wc_address *address);

/*
 * True once half of all numbers are used up. Then wc_memo_renumber() is due, and what
 * is known elsewhere by a number is to be forgotten: each may come again.
 */
static inline bool wc_memo_is_spent(const struct wc_memo *memo)
{
	return memo->numbered >= WC_ENDS_NUMBERS / 2;
}

/*
 * Returns the hash of @address, and in @look what wc_local_look() says of it, by @local
 * as it was when that was first asked. Called for every frame.
 */
static inline uint64_t wc_memo_hash(struct wc_memo *memo, const struct wc_local *local,
				    const struct wc_address *address, unsigned *look)
{
	uint64_t mixed = (address->high ^ address->low) * UINT64_C(0x9e3779b97f4a7c15);
	struct wc_memo_entry *entry = &memo->entries[mixed >> (64 - WC_MEMO_BITS)];

	if (memo->idle) {
		*look = wc_local_look(local, address);
		return 0;
	}
	if (memo->local != local || !wc_address_equal(&entry->address, address))
		wc_memo_learn(memo, local, entry, address);
	*look = entry->look;
	return entry->hash;
}

#endif /* WC_MEMO_H */
