/*
 * top.h - the largest of many rows, without sorting all of them
 *
 * Rows are offered one by one; a heap keeps those that are largest so far. Of
 * rows that are equally large, the ones offered first stay and come first.
 */
#ifndef WC_TOP_H
#define WC_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Says how large a row is. */
typedef uint64_t wc_top_size(const void *row);

struct wc_top_entry {
	const void *row;
	uint64_t size;
	size_t number; /* of the offer */
};

struct wc_top {
	struct wc_top_entry *entries; /* sorted only by wc_top_sort() */
	size_t count, room, offers;
	wc_top_size *size;
};

/* Begins with room for @room rows. Returns false when memory is short. */
bool wc_top_begin(struct wc_top *top, size_t room, wc_top_size *size);

/* Takes @row, which must stay where it is, if it is among the largest. */
void wc_top_offer(struct wc_top *top, const void *row);

/* Puts the largest first. Nothing can be offered afterwards. */
void wc_top_sort(struct wc_top *top);

/* Frees what wc_top_begin() made. */
void wc_top_end(struct wc_top *top);

#endif /* WC_TOP_H */
