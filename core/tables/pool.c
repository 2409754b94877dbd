#include "pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

struct wc_pool {
	uint8_t *base;
	size_t size;
	size_t used;
};

struct wc_pool *wc_pool_new(size_t bytes)
{
	struct wc_pool *pool = malloc(sizeof(*pool));

	if (!pool)
		return NULL;
	pool->base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	pool->size = bytes;
	pool->used = 0;
	if (pool->base == MAP_FAILED) {
		free(pool);
		return NULL;
	}
	return pool;
}

void wc_pool_free(struct wc_pool *pool)
{
	if (!pool)
		return;
	munmap(pool->base, pool->size);
	free(pool);
}

void *wc_pool_take(struct wc_pool *pool, size_t size)
{
	void *taken = pool->base + pool->used;

	if (size > pool->size - pool->used)
		return NULL;
	pool->used += size;
	return taken;
}

size_t wc_pool_size(const struct wc_pool *pool)
{
	return pool->size;
}

size_t wc_pool_used(const struct wc_pool *pool)
{
	return pool->used;
}
