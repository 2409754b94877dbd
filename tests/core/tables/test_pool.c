#include "pool.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

#include "suite.h"

START_TEST(gives_out_all_and_no_more)
{
	struct wc_pool *pool = wc_pool_new(4096);
	uint8_t *first = wc_pool_take(pool, 64), *second;

	ck_assert_ptr_nonnull(first);
	ck_assert_uint_eq((uintptr_t)first % 64, 0);
	ck_assert_uint_eq(wc_pool_used(pool), 64);
	second = wc_pool_take(pool, 4096 - 64);
	ck_assert_ptr_eq(second, first + 64);
	ck_assert_uint_eq(wc_pool_used(pool), 4096);
	ck_assert_ptr_null(wc_pool_take(pool, 64));
	ck_assert_uint_eq(wc_pool_used(pool), 4096);
	wc_pool_free(pool);
}
END_TEST

/* What is too large for the rest is refused; what fits it is still given. */
START_TEST(a_smaller_piece_may_still_fit)
{
	struct wc_pool *pool = wc_pool_new(1024);

	ck_assert_ptr_nonnull(wc_pool_take(pool, 512));
	ck_assert_ptr_null(wc_pool_take(pool, 576));
	ck_assert_ptr_null(wc_pool_take(pool, SIZE_MAX & ~(size_t)63));
	ck_assert_ptr_nonnull(wc_pool_take(pool, 512));
	ck_assert_ptr_null(wc_pool_take(pool, 64));
	wc_pool_free(pool);
}
END_TEST

START_TEST(zeroed_and_apart)
{
	static const uint8_t zeros[512];
	struct wc_pool *pool = wc_pool_new(64 * 512);
	uint8_t *pieces[64];

	for (int i = 0; i < 64; i++) {
		pieces[i] = wc_pool_take(pool, 512);
		ck_assert_mem_eq(pieces[i], zeros, 512);
		memset(pieces[i], i + 1, 512);
	}
	for (int i = 0; i < 64; i++) {
		uint8_t expected[512];

		memset(expected, i + 1, 512);
		ck_assert_mem_eq(pieces[i], expected, 512);
	}
	wc_pool_free(pool);
	wc_pool_free(NULL);
}
END_TEST

START_TEST(no_address_space)
{
	ck_assert_ptr_null(wc_pool_new(SIZE_MAX / 2));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {gives_out_all_and_no_more, a_smaller_piece_may_still_fit,
				      zeroed_and_apart, no_address_space, NULL};

	return suite_run("pool", tests, 60);
}
