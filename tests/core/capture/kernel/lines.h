/*
 * lines.h - all rows of a snapshot as lines of text, sorted
 */
#ifndef TESTS_LINES_H
#define TESTS_LINES_H

#include <stddef.h>
#include <stdint.h>

struct wc_snapshot; /* wirecensus/snapshot.h */

struct lines {
	char **items;
	size_t count;
};

/* To be emptied with lines_free(). @threshold: of scanners. */
void lines_list(struct lines *lines, const struct wc_snapshot *snapshot, uint32_t threshold);
void lines_free(struct lines *lines);

#endif /* TESTS_LINES_H */
