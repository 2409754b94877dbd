/*
 * gather.h - rows of several intervals as one snapshot
 *
 * Sums are made here and not by SQL: what is kept in memory is the sum, however many intervals
 * there are, and one interval alone passes through as it was written.
 */
#ifndef WC_GATHER_H
#define WC_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "columns.h"
#include "wirecensus/snapshot.h"

/* Rows of one kind. */
struct wc_gather_rows {
	char *rows;
	size_t count, room;
	uint32_t *index; /* hash to row + 1; NULL as long as all rows are of one interval */
	size_t slots;    /* a power of two */
	size_t settled;  /* rows of the intervals before this one */
};

/* One capture. */
struct wc_gather {
	struct wc_snapshot snapshot; /* its texts belong to it */
	struct wc_gather_rows rows[WC_ROW_TABLES];
	uint64_t seed;
};

/* Frees what is in it. */
void wc_gather_free(struct wc_gather *gather);

/* Adds the columns of one interval's snapshot, with the latest observer. False without memory. */
bool wc_gather_snapshot(struct wc_gather *gather, const struct wc_snapshot *snapshot);

/* Adds a row; false without memory. */
bool wc_gather_row(struct wc_gather *gather, size_t table, const void *row);

/* Sorts, and makes a snapshot that owns all; NULL without memory. */
struct wc_snapshot *wc_gather_finish(struct wc_gather *gather);

/* Frees what wc_gather_finish() made. NULL is allowed. */
void wc_gather_snapshot_free(struct wc_snapshot *snapshot);

#endif /* WC_GATHER_H */
