#include "dense.h"

#include <stddef.h>

#include "pool.h"

void wc_dense_init(struct wc_dense *dense, unsigned width, struct wc_pool *pool)
{
	dense->width = width;
	dense->pool = pool;
}

uint64_t *wc_dense_page(struct wc_dense *dense, unsigned direction, uint16_t key)
{
	uint64_t *page =
		wc_pool_take(dense->pool, sizeof(*page) * WC_DENSE_PAGE_ROWS * dense->width);

	dense->pages[direction][key / WC_DENSE_PAGE_ROWS] = page;
	return page;
}
