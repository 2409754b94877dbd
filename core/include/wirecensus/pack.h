/*
 * pack.h - a whole snapshot as bytes, for another process of the same host
 *
 * Every row, deltas and totals, with the names that go with them; little-endian
 * fields of fixed width behind a magic word and a version. Both sides are to be of
 * one version. Not for the wire, nor for keeping: see the exporters for those.
 */
#ifndef WC_PACK_H
#define WC_PACK_H

#include <stddef.h>
#include <stdint.h>

struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* The longest of the names in a snapshot, in bytes; a longer one is cut. */
#define WC_PACK_NAME 4096

/* Who counted. */
struct wc_pack_origin {
	const char *instance; /* a UUID, another one in each run */
	const char *host;
};

/*
 * Packs @snapshot. Returns 0 and bytes that the caller frees with free(), or
 * WC_FAILED (memory) with @error filled in.
 */
int wc_pack(const struct wc_snapshot *snapshot, const struct wc_pack_origin *origin,
	    uint8_t **bytes, size_t *size, struct wc_error *error);

/*
 * Makes a snapshot of bytes that may be anybody's. Nothing is allocated before all
 * lengths are found to agree, and no more than @most bytes; every field is one that a
 * snapshot can have, and the rows are in its order. Returns 0 and a snapshot to be
 * freed with wc_snapshot_free(), which ends what @origin points to; WC_INVALID when
 * the bytes are no snapshot of this version, or WC_FAILED (memory, or more than
 * @most), with @error filled in.
 */
int wc_unpack(struct wc_snapshot **snapshot, struct wc_pack_origin *origin, const uint8_t *bytes,
	      size_t size, size_t most, struct wc_error *error);

#endif /* WC_PACK_H */
