/* The memo: it changes no result, whatever was seen before. */
#include <check.h>
#include <stdlib.h>

#include "memo.h"
#include "suite.h"

static const struct wc_hash_seed seed = {{1, 2, 3, 4}};
static struct wc_memo memo;

static struct wc_address random_address(void)
{
	struct wc_address address = {.low = (uint64_t)(rand() % 4096), .version = 4};

	if (rand() % 2)
		address = (struct wc_address){.high = UINT64_C(0xfe80) << 48,
					      .low = (uint64_t)(rand() % 4096),
					      .version = 6};
	return address;
}

START_TEST(it_changes_no_result)
{
	srand(1);
	wc_memo_begin(&memo, &seed, true);
	for (int i = 0; i < 100000; i++) {
		struct wc_address address = random_address();

		ck_assert_uint_eq(wc_memo_hash(&memo, &address), wc_hash_address(&seed, &address));
	}
}
END_TEST

START_TEST(versions_are_apart)
{
	struct wc_address v4 = {.low = 1, .version = 4}, v6 = {.low = 1, .version = 6};

	wc_memo_begin(&memo, &seed, true);
	ck_assert_uint_eq(wc_memo_hash(&memo, &v4), wc_hash_address(&seed, &v4));
	ck_assert_uint_eq(wc_memo_hash(&memo, &v6), wc_hash_address(&seed, &v6));
	ck_assert_uint_eq(wc_memo_hash(&memo, &v4), wc_hash_address(&seed, &v4));
	ck_assert_uint_ne(wc_hash_address(&seed, &v4), wc_hash_address(&seed, &v6));
}
END_TEST

START_TEST(it_can_be_idle)
{
	struct wc_address address = {.low = 1, .version = 4};

	wc_memo_begin(&memo, &seed, false);
	ck_assert_uint_eq(wc_memo_hash(&memo, &address), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {it_changes_no_result, versions_are_apart, it_can_be_idle,
				      NULL};

	return suite_run("memo", tests, 60);
}
