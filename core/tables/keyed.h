/*
 * keyed.h - rows found by a key, up to a bound
 *
 * An open-addressed index of tags and row numbers, at most half full, and the
 * rows themselves, which never move. Address space for all rows is reserved at
 * the start; the index grows between batches, by wc_keyed_make_room(). When the
 * bound is reached a new key gets no row, and its caller counts in a row "other".
 *
 * Beside each row lie up to WC_KEYED_SIDES others, in arrays of their own, for what
 * few frames touch, or only snapshots.
 */
#ifndef WC_KEYED_H
#define WC_KEYED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define WC_KEYED_SIDES 4

/* The first member of every row; the key follows at once. */
struct wc_keyed_head {
	uint16_t kind; /* what kind of key it is: a part of it */
	uint8_t used;  /* 0: this row is free */
	uint8_t idle;  /* found idle by the last sweep, and freed by the next if it still is */
	uint32_t due;  /* the row's own */
};

struct wc_keyed {
	uint64_t *index; /* tag << 32 | row number + 1; 0: nothing here */
	uint32_t mask;   /* size of the index, less one */
	uint32_t bound;
	uint32_t limit;   /* rows that may be in use: the bound, or what the index can hold */
	uint32_t used;    /* rows in use */
	uint32_t touched; /* rows beyond this number were never used */
	uint32_t freed;   /* the first of a chain of free rows below it, plus one; 0: none */
	size_t row_size;
	size_t side_sizes[WC_KEYED_SIDES];
	char *rows;
	uint32_t *tags; /* of each row; of a free one, the next that is free, plus one */
	char *sides[WC_KEYED_SIDES];
};

/*
 * Makes @table ready for up to @bound rows, and sides of these sizes, ended by a
 * size of 0 if they are fewer. Returns 0, or WC_FAILED when there is
 * no address space; wc_keyed_close() is then still allowed, as on a zeroed table.
 */
int wc_keyed_open(struct wc_keyed *table, uint32_t bound, size_t row_size,
		  const size_t side_sizes[WC_KEYED_SIDES]);
void wc_keyed_close(struct wc_keyed *table);

/*
 * Makes the index large enough for @more new keys, as far as the bound allows.
 * Called between batches. When memory is short it stays as it is.
 */
void wc_keyed_make_room(struct wc_keyed *table, uint32_t more);

/*
 * Tells, once a snapshot, whether a row that was last counted at @active_s has been
 * idle for @idle_s at two snapshots in a row, and is to be freed; never when
 * @idle_s is 0.
 */
bool wc_keyed_is_over(struct wc_keyed_head *row, uint32_t active_s, uint32_t now_s,
		      uint32_t idle_s);

/* Frees a row in use. It, and what is beside it, becomes 0. */
void wc_keyed_remove(struct wc_keyed *table, uint32_t number);

/*
 * Returns the most bytes that the table can take: all of its rows, its largest
 * index, and the one before that, of which the largest is made.
 */
uint64_t wc_keyed_size(const struct wc_keyed *table);

static inline struct wc_keyed_head *wc_keyed_row(const struct wc_keyed *table, uint32_t number)
{
	return (struct wc_keyed_head *)(table->rows + number * table->row_size);
}

static inline void *wc_keyed_side(const struct wc_keyed *table, unsigned side, size_t number)
{
	return table->sides[side] + number * table->side_sizes[side];
}

static inline uint32_t wc_keyed_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

/*
 * A function that only asks for memory: without this attribute gcc 12 takes it for one
 * that does nothing, and drops the call: 178 ns a frame of many flows, and 158 with it.
 */
#define WC_KEYED_PREFETCH static inline __attribute__((always_inline)) void

/* Asks for the index cell of @tag. */
WC_KEYED_PREFETCH wc_keyed_prefetch_index(const struct wc_keyed *table, uint32_t tag)
{
	__builtin_prefetch(&table->index[tag & table->mask]);
}

/*
 * Returns the number, plus one, of the first row with @tag, or 0: most often that of the
 * key, if it has one.
 */
static inline uint32_t wc_keyed_look(const struct wc_keyed *table, uint32_t tag)
{
	uint32_t cell = tag & table->mask;
	uint64_t entry;

	while ((entry = table->index[cell]) != 0 && (uint32_t)(entry >> 32) != tag)
		cell = (cell + 1) & table->mask;
	return (uint32_t)entry;
}

/* Asks for what a row has at @bytes, of @size; @number is its own, plus one, or 0 for none. */
WC_KEYED_PREFETCH wc_keyed_prefetch(const char *bytes, uint32_t number, size_t size)
{
	for (size_t i = 0; number && i < size; i += 64)
		__builtin_prefetch(bytes + (number - 1) * size + i, 1);
}

/* Takes a free row for a key that the index does not have; @cell is where it ends up. */
struct wc_keyed_head *wc_keyed_add(struct wc_keyed *table, uint32_t cell, uint32_t tag);

/*
 * Returns the row of a key, made if there was none, or NULL when the table is
 * full. The sizes are constants at each call. Called for every frame.
 */
static inline void *wc_keyed_get(struct wc_keyed *table, uint32_t tag, uint16_t kind,
				 const void *key, size_t key_size, size_t row_size)
{
	struct wc_keyed_head *row;
	uint32_t cell = tag & table->mask;
	uint64_t entry;

	while ((entry = table->index[cell]) != 0) {
		if ((uint32_t)(entry >> 32) == tag) {
			row = (struct wc_keyed_head *)(table->rows +
						       ((uint32_t)entry - 1) * row_size);
			if (row->kind == kind && memcmp(row + 1, key, key_size) == 0)
				return row;
		}
		cell = (cell + 1) & table->mask;
	}
	row = wc_keyed_add(table, cell, tag);
	if (row) {
		row->kind = kind;
		memcpy(row + 1, key, key_size);
	}
	return row;
}

/* The same, where wc_keyed_look() said @number: it looks there first. */
static inline void *wc_keyed_find(struct wc_keyed *table, uint32_t number, uint32_t tag,
				  uint16_t kind, const void *key, size_t key_size, size_t row_size)
{
	if (number) {
		struct wc_keyed_head *row =
			(struct wc_keyed_head *)(table->rows + (number - 1) * row_size);

		if (row->kind == kind && memcmp(row + 1, key, key_size) == 0)
			return row;
	}
	return wc_keyed_get(table, tag, kind, key, key_size, row_size);
}

#endif /* WC_KEYED_H */
