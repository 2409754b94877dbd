/*
 * keyed_rows.h - rows with a value and two sides, for the tests of rows by key
 */
#ifndef TESTS_KEYED_ROWS_H
#define TESTS_KEYED_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "keyed.h"

/* Of the index, when a table is opened. */
#define KEYED_CELLS 2048

struct keyed_row {
	struct wc_keyed_head head;
	uint64_t key[2];
	uint64_t value;
};

enum { KEYED_SMALL, KEYED_LARGE };

extern const size_t keyed_sides[WC_KEYED_SIDES];

/* Opens a table of @bound rows. */
void keyed_open(struct wc_keyed *table, uint32_t bound);

/* Returns the row of @key, made if there is room; or NULL. */
struct keyed_row *keyed_get(struct wc_keyed *table, uint64_t key, uint32_t tag);

uint32_t keyed_number(const struct wc_keyed *table, const struct keyed_row *row);

#endif /* TESTS_KEYED_ROWS_H */
