/*
 * dense.h - counters by direction and a key of 16 bits
 *
 * Pages of 64 rows, taken from a pool when a key of theirs is first counted:
 * memory is touched only where traffic lands. When the pool is used up, keys
 * without a page are counted in the direction's row "other", so that the rows
 * always add up. A key never moves from one to the other, and no counter falls.
 */
#ifndef WC_DENSE_H
#define WC_DENSE_H

#include <stdint.h>

#include "wirecensus/snapshot.h"

struct wc_pool; /* pool.h */

#define WC_DENSE_PAGE_ROWS 64
#define WC_DENSE_PAGES     (65536 / WC_DENSE_PAGE_ROWS)
#define WC_DENSE_WIDTH_MAX 5

struct wc_dense {
	struct wc_pool *pool;
	unsigned width; /* counters in a row */
	uint64_t *pages[WC_DIRECTIONS][WC_DENSE_PAGES];
	uint64_t other[WC_DIRECTIONS][WC_DENSE_WIDTH_MAX];
};

/* Makes the zeroed @dense ready for rows of @width counters in pages from @pool. */
void wc_dense_init(struct wc_dense *dense, unsigned width, struct wc_pool *pool);

/* Takes the page of @key from the pool. Returns NULL when there is none left. */
uint64_t *wc_dense_page(struct wc_dense *dense, unsigned direction, uint16_t key);

/* Returns the counters of a key, or of `other`. Called for every frame. */
static inline uint64_t *wc_dense_row(struct wc_dense *dense, unsigned direction, uint16_t key)
{
	uint64_t *page = dense->pages[direction][key / WC_DENSE_PAGE_ROWS];

	if (!page)
		page = wc_dense_page(dense, direction, key);
	return page ? page + (size_t)(key % WC_DENSE_PAGE_ROWS) * dense->width
		    : dense->other[direction];
}

/* Returns the counters of a key if it has a page, else NULL. Changes nothing. */
static inline uint64_t *wc_dense_look(const struct wc_dense *dense, unsigned direction,
				      uint16_t key)
{
	uint64_t *page = dense->pages[direction][key / WC_DENSE_PAGE_ROWS];

	return page ? page + (size_t)(key % WC_DENSE_PAGE_ROWS) * dense->width : NULL;
}

#endif /* WC_DENSE_H */
