#include "dense.h"

#include <check.h>
#include <stdlib.h>

#include "pool.h"
#include "suite.h"

#define WIDTH 3
#define PAGE  (WC_DENSE_PAGE_ROWS * WIDTH * sizeof(uint64_t))

static struct wc_pool *pool;
static struct wc_dense *dense;

static void begin(size_t pages)
{
	pool = wc_pool_new(pages * PAGE);
	dense = calloc(1, sizeof(*dense));
	ck_assert(pool && dense);
	wc_dense_init(dense, WIDTH, pool);
}

static void end(void)
{
	free(dense);
	wc_pool_free(pool);
}

START_TEST(a_row_for_each_key_and_direction)
{
	uint64_t expected = 0, wrong = 0;

	begin((size_t)WC_DIRECTIONS * WC_DENSE_PAGES);
	for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
		for (unsigned key = 0; key < 65536; key++)
			for (unsigned i = 0; i < WIDTH; i++)
				wc_dense_row(dense, direction, (uint16_t)key)[i] = ++expected;
	ck_assert_uint_eq(wc_pool_used(pool), (size_t)WC_DIRECTIONS * WC_DENSE_PAGES * PAGE);
	expected = 0;
	for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
		for (unsigned key = 0; key < 65536; key++)
			for (unsigned i = 0; i < WIDTH; i++)
				wrong += wc_dense_look(dense, direction, (uint16_t)key)[i] !=
					 ++expected;
	ck_assert_uint_eq(wrong, 0);
	for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
		for (unsigned i = 0; i < WIDTH; i++)
			ck_assert_uint_eq(dense->other[direction][i], 0);
	end();
}
END_TEST

START_TEST(a_page_has_64_keys)
{
	begin(2);
	ck_assert_ptr_null(wc_dense_look(dense, 1, 63));
	ck_assert_uint_eq(wc_pool_used(pool), 0);
	wc_dense_row(dense, 1, 63);
	ck_assert_uint_eq(wc_pool_used(pool), PAGE);
	wc_dense_row(dense, 1, 0);
	ck_assert_uint_eq(wc_pool_used(pool), PAGE);
	ck_assert_ptr_null(wc_dense_look(dense, 1, 64));
	ck_assert_ptr_null(wc_dense_look(dense, 0, 63));
	wc_dense_row(dense, 1, 64);
	ck_assert_uint_eq(wc_pool_used(pool), 2 * PAGE);
	end();
}
END_TEST

START_TEST(without_a_page_it_is_other)
{
	begin(1);
	ck_assert_ptr_ne(wc_dense_row(dense, 2, 7), dense->other[2]);
	ck_assert_ptr_eq(wc_dense_row(dense, 2, 64), dense->other[2]);
	ck_assert_ptr_eq(wc_dense_row(dense, 3, 7), dense->other[3]);
	ck_assert_ptr_eq(wc_dense_row(dense, 2, 65535), dense->other[2]);
	ck_assert_ptr_ne(wc_dense_row(dense, 2, 8), dense->other[2]);
	ck_assert_ptr_null(wc_dense_look(dense, 2, 64));
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_row_for_each_key_and_direction, a_page_has_64_keys,
				      without_a_page_it_is_other, NULL};

	return suite_run("dense", tests, 60);
}
