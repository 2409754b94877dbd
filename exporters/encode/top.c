#include "top.h"

#include <stdlib.h>

bool wc_top_begin(struct wc_top *top, size_t room, wc_top_size *size)
{
	*top = (struct wc_top){.room = room, .size = size};
	top->entries = malloc((room ? room : 1) * sizeof(*top->entries));
	return top->entries != NULL;
}

void wc_top_end(struct wc_top *top)
{
	free(top->entries);
}

static bool smaller(const struct wc_top_entry *a, const struct wc_top_entry *b)
{
	return a->size < b->size || (a->size == b->size && a->number > b->number);
}

static void swap(struct wc_top_entry *a, struct wc_top_entry *b)
{
	struct wc_top_entry kept = *a;

	*a = *b;
	*b = kept;
}

/* Moves an entry towards the root, where the smallest is. */
static void rise(struct wc_top *top, size_t at)
{
	while (at && smaller(&top->entries[at], &top->entries[(at - 1) / 2])) {
		swap(&top->entries[at], &top->entries[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

/* Moves the root's entry away from it, among the first @count. */
static void sink(struct wc_top *top, size_t count)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && smaller(&top->entries[child + 1], &top->entries[child]))
			child++;
		if (!smaller(&top->entries[child], &top->entries[at]))
			return;
		swap(&top->entries[child], &top->entries[at]);
		at = child;
	}
}

void wc_top_offer(struct wc_top *top, const void *row)
{
	struct wc_top_entry entry = {row, top->size(row), top->offers++};

	if (top->count < top->room) {
		top->entries[top->count] = entry;
		rise(top, top->count++);
	} else if (top->count && smaller(&top->entries[0], &entry)) {
		top->entries[0] = entry;
		sink(top, top->count);
	}
}

void wc_top_sort(struct wc_top *top)
{
	for (size_t left = top->count; left > 1; left--) {
		swap(&top->entries[0], &top->entries[left - 1]);
		sink(top, left - 1);
	}
}
