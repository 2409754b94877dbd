/* Rows by key: every search, removal and growth of the index against what must be there. */
#include <check.h>
#include <string.h>

#include "keyed_rows.h"
#include "suite.h"

/* A generator of numbers that a failure can be repeated with (xorshift, Marsaglia 2003). */
static uint64_t draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static bool is_zero(const void *bytes, size_t size)
{
	const char *at = bytes;

	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

#define KEYS 3000

/* What must be in a table: the row number of each key, plus one. */
struct reference {
	uint32_t rows[KEYS];
	uint32_t used;
	uint32_t tag_mask, tag_add; /* few tags make many collisions */
};

static uint32_t tag_of(const struct reference *reference, uint32_t key)
{
	return (key * UINT32_C(0x9e3779b1) & reference->tag_mask) + reference->tag_add;
}

static void add(struct wc_keyed *table, struct reference *reference, uint32_t key)
{
	struct keyed_row *row = keyed_get(table, key, tag_of(reference, key));
	uint32_t number;

	if (!row) {
		ck_assert_uint_eq(reference->rows[key], 0);
		ck_assert_uint_eq(reference->used, table->limit);
		return;
	}
	number = keyed_number(table, row);
	if (reference->rows[key]) {
		ck_assert_uint_eq(number + 1, reference->rows[key]);
		return;
	}
	ck_assert_uint_eq(row->value, 0);
	for (unsigned i = 0; i < 2; i++) {
		char *side = wc_keyed_side(table, i, number);

		ck_assert(is_zero(side, keyed_sides[i]));
		side[keyed_sides[i] - 1] = 1;
	}
	row->value = key;
	reference->rows[key] = number + 1;
	reference->used++;
}

/* Each key that must be there is, in its place, and nothing else. */
static void check_all(struct wc_keyed *table, const struct reference *reference)
{
	uint32_t entries = 0;

	ck_assert_uint_eq(table->used, reference->used);
	for (uint32_t key = 0; key < KEYS; key++) {
		struct keyed_row *row;

		if (!reference->rows[key])
			continue;
		row = keyed_get(table, key, tag_of(reference, key));
		if (!row || row->value != key ||
		    keyed_number(table, row) + 1 != reference->rows[key])
			ck_abort_msg("key %u is not where it was", key);
	}
	for (uint32_t cell = 0; cell <= table->mask; cell++)
		entries += table->index[cell] != 0;
	ck_assert_uint_eq(entries, reference->used);
	ck_assert_uint_eq(table->used, reference->used);
}

static void churn(uint32_t bound, uint32_t tag_mask, uint32_t tag_add, uint64_t seed)
{
	static struct reference reference;
	struct wc_keyed table;

	reference = (struct reference){.tag_mask = tag_mask, .tag_add = tag_add};
	keyed_open(&table, bound);
	for (int step = 0; step < 40000; step++) {
		uint32_t key = (uint32_t)(draw(&seed) % KEYS);
		bool fills = step / 4000 % 2 == 0;

		if (step % 64 == 0)
			wc_keyed_make_room(&table, 64);
		if (reference.rows[key] && draw(&seed) % 8 < (fills ? 1 : 7)) {
			wc_keyed_remove(&table, reference.rows[key] - 1);
			reference.rows[key] = 0;
			reference.used--;
		} else if (fills || draw(&seed) % 4 == 0) {
			add(&table, &reference, key);
		}
		if (step % 500 == 0)
			check_all(&table, &reference);
	}
	check_all(&table, &reference);
	ck_assert_uint_le(table.touched, bound);
	wc_keyed_close(&table);
}

START_TEST(random_against_a_reference)
{
	churn(1000, UINT32_MAX, 0, 1);
	churn(2500, UINT32_MAX, 0, 2);
	/* Sixty-four tags around the end of the index, which their chains run over. */
	churn(1000, 63, KEYED_CELLS - 32, 3);
	/* One tag for all. */
	churn(300, 0, KEYED_CELLS - 1, 4);
}
END_TEST

/* Returns what stands in the index cell: the row's value, or -1. */
static int64_t in_cell(const struct wc_keyed *table, uint32_t cell)
{
	uint32_t number = (uint32_t)table->index[cell];

	return number ? (int64_t)((struct keyed_row *)wc_keyed_row(table, number - 1))->value : -1;
}

static void assert_cells(const struct wc_keyed *table, const int64_t cells[4])
{
	for (uint32_t i = 0; i < 4; i++)
		ck_assert_int_eq(in_cell(table, (KEYED_CELLS - 1 + i) & table->mask), cells[i]);
}

/* A gap is closed across the end of the index, and never in front of where a search begins. */
START_TEST(removal_across_the_end)
{
	static const uint32_t tags[] = {KEYED_CELLS - 1, KEYED_CELLS - 1, 0, KEYED_CELLS - 1};
	struct wc_keyed table;

	keyed_open(&table, 100);
	for (uint32_t key = 0; key < 4; key++)
		keyed_get(&table, key, tags[key])->value = key;
	assert_cells(&table, (int64_t[]){0, 1, 2, 3});
	wc_keyed_remove(&table, 0);
	assert_cells(&table, (int64_t[]){1, 2, 3, -1});
	wc_keyed_remove(&table, 1);
	/* Key 2 begins at cell 0, so that key 3 passes it. */
	assert_cells(&table, (int64_t[]){3, 2, -1, -1});
	wc_keyed_remove(&table, 3);
	assert_cells(&table, (int64_t[]){-1, 2, -1, -1});
	ck_assert_uint_eq(keyed_get(&table, 2, 0)->value, 2);
	wc_keyed_close(&table);
}
END_TEST

/* Tag, kind and every byte of the key tell rows apart. */
START_TEST(what_a_key_is)
{
	static const uint64_t keys[][2] = {{1, 2}, {1, 3}, {2, 1}, {UINT64_C(1) << 63, 2}};
	struct wc_keyed table;
	uint32_t rows = 0;

	keyed_open(&table, 100);
	for (uint32_t tag = 7; tag <= 7 + KEYED_CELLS; tag += KEYED_CELLS)
		for (uint16_t kind = 4; kind <= 6; kind += 2)
			for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
				struct keyed_row *row =
					wc_keyed_get(&table, tag, kind, keys[i], 16, sizeof(*row));

				ck_assert_uint_eq(keyed_number(&table, row), rows++);
				ck_assert_uint_eq(row->head.kind, kind);
				ck_assert_mem_eq(row->key, keys[i], 16);
				ck_assert_ptr_eq(row, wc_keyed_get(&table, tag, kind, keys[i], 16,
								   sizeof(*row)));
			}
	ck_assert_uint_eq(table.used, 16);
	wc_keyed_close(&table);
}
END_TEST

/* The index grows only when told to, up to the bound; rows stay where they are. */
START_TEST(growth)
{
	const uint32_t bound = 5000;
	struct wc_keyed table;
	struct keyed_row *first;

	keyed_open(&table, bound);
	for (uint32_t key = 0; key < KEYED_CELLS / 2; key++)
		ck_assert_ptr_nonnull(keyed_get(&table, key, key * 77));
	ck_assert_ptr_null(keyed_get(&table, bound, 0));
	first = keyed_get(&table, 0, 0);
	for (uint32_t key = 0; key < bound; key++) {
		struct keyed_row *row;

		wc_keyed_make_room(&table, 1);
		row = keyed_get(&table, key, key * 77);
		ck_assert_ptr_nonnull(row);
		ck_assert_uint_eq(keyed_number(&table, row), key);
		ck_assert_uint_ge(table.mask + 1, 2 * table.used);
	}
	ck_assert_ptr_eq(first, keyed_get(&table, 0, 0));
	ck_assert_uint_eq(table.mask, 16383);
	wc_keyed_make_room(&table, UINT32_MAX);
	ck_assert_uint_eq(table.mask, 16383);
	ck_assert_uint_eq(table.limit, bound);
	for (uint32_t key = 0; key < bound; key++)
		ck_assert_uint_eq(keyed_number(&table, keyed_get(&table, key, key * 77)), key);
	ck_assert_ptr_null(keyed_get(&table, bound, 0));
	ck_assert_uint_eq(table.used, bound);
	wc_keyed_close(&table);
}
END_TEST

/* Freed rows come back zeroed, sides and all, the last one first; then the table is full again. */
START_TEST(freed_rows_are_used_again)
{
	struct wc_keyed table;

	keyed_open(&table, 16);
	for (uint32_t key = 0; key < 16; key++) {
		struct keyed_row *row = keyed_get(&table, key, key);

		row->value = 1;
		row->head.idle = 1;
		memset(wc_keyed_side(&table, KEYED_SMALL, key), 0xff, keyed_sides[KEYED_SMALL]);
		memset(wc_keyed_side(&table, KEYED_LARGE, key), 0xff, keyed_sides[KEYED_LARGE]);
	}
	ck_assert_ptr_null(keyed_get(&table, 100, 100));
	wc_keyed_remove(&table, 3);
	wc_keyed_remove(&table, 9);
	for (uint32_t key = 100; key < 102; key++) {
		struct keyed_row *row = keyed_get(&table, key, key);
		uint32_t number = keyed_number(&table, row);

		ck_assert_uint_eq(number, key == 100 ? 9 : 3);
		ck_assert_uint_eq(row->value, 0);
		ck_assert_uint_eq(row->head.idle, 0);
		ck_assert_uint_eq(row->head.used, 1);
		ck_assert(is_zero(wc_keyed_side(&table, KEYED_SMALL, number),
				  keyed_sides[KEYED_SMALL]));
		ck_assert(is_zero(wc_keyed_side(&table, KEYED_LARGE, number),
				  keyed_sides[KEYED_LARGE]));
	}
	ck_assert_ptr_null(keyed_get(&table, 3, 3));
	/* The neighbours of what was freed have kept what they had. */
	for (uint32_t key = 0; key < 16; key++)
		if (key != 3 && key != 9)
			ck_assert_uint_eq(keyed_get(&table, key, key)->value, 1);
	ck_assert_uint_eq(table.touched, 16);
	wc_keyed_close(&table);
}
END_TEST

/* A row is over when it was idle for long enough at two snapshots in a row. */
START_TEST(two_phases)
{
	struct wc_keyed_head row = {.used = 1};

	ck_assert(!wc_keyed_is_over(&row, 100, 159, 60));
	ck_assert(!wc_keyed_is_over(&row, 100, 160, 60));
	ck_assert_uint_eq(row.idle, 1);
	ck_assert(wc_keyed_is_over(&row, 100, 161, 60));

	/* Counted again in between: it begins anew. */
	row.idle = 0;
	ck_assert(!wc_keyed_is_over(&row, 100, 160, 60));
	ck_assert(!wc_keyed_is_over(&row, 170, 170, 60));
	ck_assert_uint_eq(row.idle, 0);
	ck_assert(!wc_keyed_is_over(&row, 170, 230, 60));
	ck_assert(wc_keyed_is_over(&row, 170, 230, 60));

	/* Never, and across the clock's end. */
	ck_assert(!wc_keyed_is_over(&row, 0, 1000000, 0));
	ck_assert(!wc_keyed_is_over(&row, 0, 1000000, 0));
	ck_assert(!wc_keyed_is_over(&row, UINT32_MAX - 9, 49, 60));
	ck_assert(!wc_keyed_is_over(&row, UINT32_MAX - 9, 50, 60));
	ck_assert(wc_keyed_is_over(&row, UINT32_MAX - 9, 51, 60));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {random_against_a_reference,
				      removal_across_the_end,
				      what_a_key_is,
				      growth,
				      freed_rows_are_used_again,
				      two_phases,
				      NULL};

	return suite_run("keyed", tests, 60);
}
