/*
 * since.h - totals of a daemon that goes and comes, as if it had never stopped
 *
 * A daemon's totals begin at 0 with each instance. Here they are made to begin at 0
 * with the first snapshot that was seen, and to go on over instances: a new one adds
 * all that it counts to what was last seen of the one before. So no value ever falls,
 * and nothing counts twice; what an instance counted after its last snapshot was never
 * seen. Plain arithmetic, without I/O.
 */
#ifndef WC_SINCE_H
#define WC_SINCE_H

#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

struct wc_error; /* wirecensus/error.h */

/* Tables whose rows have totals: ports, protocols, fragments, ethertypes. */
#define WC_SINCE_TABLES 4

/* Room for an instance, a UUID, its NUL included. */
#define WC_SINCE_INSTANCE 64

/* Totals and rows with a total, as a snapshot has them. */
struct wc_since_sums {
	struct wc_totals totals;
	void *rows[WC_SINCE_TABLES];
	size_t counts[WC_SINCE_TABLES];
};

/* Begins as zeros, and is freed with wc_since_free(). */
struct wc_since {
	char instance[WC_SINCE_INSTANCE]; /* "": nothing was seen yet */
	uint64_t interval;                /* of the last snapshot, and its frames not yet counted */
	uint64_t pending;
	uint64_t frames;            /* its own total */
	struct wc_since_sums carry; /* what is added to the instance's totals, modulo 2^64 */
	struct wc_since_sums last;  /* the sums that were given last */
};

/*
 * Gives @snapshot, of @instance, the totals that go on. Returns 0, or 1 when it was
 * given before, or WC_FAILED (memory) with @error filled in; @snapshot may then have
 * any totals, and the next one has it all.
 */
int wc_since_apply(struct wc_since *since, struct wc_snapshot *snapshot, const char *instance,
		   struct wc_error *error);

/* Frees what @since remembers, and makes it zeros. */
void wc_since_free(struct wc_since *since);

#endif /* WC_SINCE_H */
