#include "memo.h"

#include <string.h>

#include "local.h"

void wc_memo_begin(struct wc_memo *memo, const struct wc_local *local,
		   const struct wc_hash_seed *seed)
{
	struct wc_hash_seed kept = *seed; /* which may be the memo's own */

	memset(memo, 0, sizeof(*memo));
	memo->local = local;
	memo->seed = kept;
}

const struct wc_memo_entry *wc_memo_learn(struct wc_memo *memo, struct wc_memo_entry *entry,
					  const struct wc_address *address)
{
	entry->address = *address;
	entry->hash = wc_hash_address(&memo->seed, address);
	entry->bits = wc_local_look(memo->local, address);
	return entry;
}
