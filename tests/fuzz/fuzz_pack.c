/* fuzz_pack.c - any bytes, as a packed snapshot: none, or one that packs to the same bytes */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/pack.h"
#include "wirecensus/snapshot.h"

#define MOST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wc_snapshot *snapshot;
	struct wc_pack_origin origin;
	uint8_t *again;
	size_t again_size;

	if (wc_unpack(&snapshot, &origin, data, size, MOST, NULL))
		return 0;
	assert(!wc_pack(snapshot, &origin, &again, &again_size, NULL));
	assert(again_size == size && memcmp(again, data, size) == 0);
	free(again);
	wc_snapshot_free(snapshot);
	return 0;
}
