/*
 * packing.h - the packed forms of capture files, by their own libraries
 */
#ifndef TESTS_PACKING_H
#define TESTS_PACKING_H

#include <stdbool.h>
#include <stddef.h>

#include "capture.h"

enum { PACKING_GZIP, PACKING_ZSTD, PACKINGS };

extern const struct packing {
	const char *name;
	bool built; /* this build reads it */

	/* Packs bytes of @capture from @from to @to, behind what is in @packed already. */
	void (*pack)(struct capture *packed, const struct capture *capture, size_t from, size_t to);

	/*
	 * Returns how many of @room bytes the library gets out of the first @size packed ones.
	 * NULL where this build does not read it.
	 */
	size_t (*unpack)(const struct capture *packed, size_t size, size_t room);
} packings[PACKINGS];

#endif /* TESTS_PACKING_H */
