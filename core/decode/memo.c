#include "memo.h"

#include <string.h>

void wc_memo_begin(struct wc_memo *memo, const struct wc_hash_seed *seed, bool hashing)
{
	memset(memo, 0, sizeof(*memo));
	memo->seed = *seed;
	memo->idle = !hashing;
}

uint64_t wc_memo_learn(const struct wc_memo *memo, struct wc_memo_entry *entry,
		       const struct wc_address *address)
{
	entry->address = *address;
	entry->hash = wc_hash_address(&memo->seed, address);
	return entry->hash;
}
