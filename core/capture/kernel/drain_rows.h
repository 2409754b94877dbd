/*
 * drain_rows.h - the part of drain.h that is about rows found by a hash
 */
#ifndef WC_KERNEL_DRAIN_ROWS_H
#define WC_KERNEL_DRAIN_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "scan.h"

struct wc_kernel_maps; /* program.h */
struct wc_kernel_when; /* drain.h */
struct wc_tables;      /* tables.h */

/* What is remembered of each place for a row; touched only where there is one. */
struct wc_kernel_rows {
	uint32_t *talked_s, *heard_s;   /* when it was last counted: conversations, hosts */
	struct wc_scan_counts *scanned; /* what was last read */
	uint64_t talks, hosts;          /* places */
};

/* Returns false when memory is short. wc_kernel_rows_close() is allowed in either case. */
bool wc_kernel_rows_open(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps);
void wc_kernel_rows_close(struct wc_kernel_rows *rows);

/* Adds to @tables what the rows have of @generation, which nobody counts into. */
void wc_kernel_rows_drain(struct wc_kernel_rows *rows, const struct wc_kernel_maps *maps,
			  struct wc_tables *tables, uint32_t generation,
			  const struct wc_kernel_when *when);

#endif /* WC_KERNEL_DRAIN_ROWS_H */
