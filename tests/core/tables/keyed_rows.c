#include "keyed_rows.h"

#include <check.h>

const size_t keyed_sides[WC_KEYED_SIDES] = {[KEYED_SMALL] = 8, [KEYED_LARGE] = 72};

void keyed_open(struct wc_keyed *table, uint32_t bound)
{
	ck_assert_int_eq(wc_keyed_open(table, bound, sizeof(struct keyed_row), keyed_sides), 0);
}

struct keyed_row *keyed_get(struct wc_keyed *table, uint64_t key, uint32_t tag)
{
	const uint64_t words[2] = {key, ~key};

	return wc_keyed_get(table, tag, 4, words, sizeof(words), sizeof(struct keyed_row));
}

uint32_t keyed_number(const struct wc_keyed *table, const struct keyed_row *row)
{
	return (uint32_t)(row - (const struct keyed_row *)(const void *)table->rows);
}
