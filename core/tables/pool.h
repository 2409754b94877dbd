/*
 * pool.h - zeroed memory for table pages, up to a bound, given out once and never back
 *
 * The whole bound is reserved as address space when the pool is made; memory is
 * touched only where a page is used. Taking is a few instructions, no system call.
 */
#ifndef WC_POOL_H
#define WC_POOL_H

#include <stddef.h>

struct wc_pool;

/* Makes a pool of @bytes. Returns NULL when there is no address space for it. */
struct wc_pool *wc_pool_new(size_t bytes);

/* Frees the pool and all that was taken from it. NULL is allowed. */
void wc_pool_free(struct wc_pool *pool);

/* Returns @size zeroed bytes, a multiple of 64 and aligned to 64, or NULL when the pool is used up.
 */
void *wc_pool_take(struct wc_pool *pool, size_t size);

/* Returns how many bytes the pool has, and how many of them have been taken. */
size_t wc_pool_size(const struct wc_pool *pool);
size_t wc_pool_used(const struct wc_pool *pool);

#endif /* WC_POOL_H */
