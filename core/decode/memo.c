#include "memo.h"

#include <string.h>

void wc_memo_begin(struct wc_memo *memo, const struct wc_hash_seed *seed, bool hashing)
{
	memset(memo, 0, sizeof(*memo));
	memo->seed = *seed;
	memo->idle = !hashing;
}

void wc_memo_forget(struct wc_memo *memo)
{
	memset(memo->entries, 0, sizeof(memo->entries));
	memset(memo->ends, 0, sizeof(memo->ends));
	memo->local = NULL;
}

void wc_memo_renumber(struct wc_memo *memo)
{
	wc_memo_forget(memo);
	memo->numbered = 0;
}

void wc_memo_learn(struct wc_memo *memo, const struct wc_local *local, struct wc_memo_entry *entry,
		   const struct wc_address *address)
{
	if (memo->local != local) {
		wc_memo_forget(memo);
		memo->local = local;
	}
	entry->address = *address;
	entry->hash = wc_hash_address(&memo->seed, address);
	entry->look = wc_local_look(local, address);
}
