#include "shortage.h"

#include <stdbool.h>
#include <stdlib.h>

long shortage_left = -1;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

static bool short_of_memory(void)
{
	if (shortage_left <= 0)
		return shortage_left == 0;
	shortage_left--;
	return false;
}

void *__wrap_malloc(size_t size)
{
	return short_of_memory() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return short_of_memory() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
	return short_of_memory() ? NULL : __real_realloc(block, size);
}
