/*
 * lines.h - memory in whole cache lines
 *
 * What is one line long, and read for every frame, is not to lie across two.
 */
#ifndef WC_LINES_H
#define WC_LINES_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a line, on nearly all processors. */
#define WC_LINE 64

/*
 * Returns @size bytes, all 0, from the beginning of a line on; @size is a multiple of one.
 * NULL when memory is short. To be freed with free(3).
 */
static inline void *wc_lines_new(size_t size)
{
	void *memory = aligned_alloc(WC_LINE, size);

	if (memory)
		memset(memory, 0, size);
	return memory;
}

#endif /* WC_LINES_H */
