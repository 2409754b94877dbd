/* The memo: it changes no result, whatever was seen before. */
#include <check.h>
#include <stdlib.h>

#include "local.h"
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
	struct wc_local *local = wc_local_new();

	srand(1);
	for (int i = 0; i < 300; i++) {
		struct wc_address own = random_address();

		ck_assert_int_eq(wc_local_add(local, &own), 0);
	}
	wc_memo_begin(&memo, local, &seed);
	for (int i = 0; i < 100000; i++) {
		struct wc_address address = random_address();
		const struct wc_memo_entry *known = wc_memo_look(&memo, &address);

		ck_assert_uint_eq(known->bits, wc_local_look(local, &address));
		ck_assert_uint_eq(known->hash, wc_hash_address(&seed, &address));
	}
	wc_local_free(local);
}
END_TEST

START_TEST(it_forgets_when_addresses_change)
{
	struct wc_address address = {.low = 0xc0000201, .version = 4};
	struct wc_local *before = wc_local_new(), *after = wc_local_new();

	ck_assert_int_eq(wc_local_add(after, &address), 0);
	wc_memo_begin(&memo, before, &seed);
	ck_assert_uint_eq(wc_memo_look(&memo, &address)->bits, 0);
	wc_memo_begin(&memo, after, &memo.seed);
	ck_assert_uint_eq(wc_memo_look(&memo, &address)->bits, WC_LOCAL_OWN | WC_LOCAL_INSIDE);
	ck_assert_uint_eq(wc_memo_look(&memo, &address)->hash, wc_hash_address(&seed, &address));
	wc_local_free(before);
	wc_local_free(after);
}
END_TEST

START_TEST(versions_are_apart)
{
	struct wc_address v4 = {.low = 1, .version = 4}, v6 = {.low = 1, .version = 6};
	struct wc_local *local = wc_local_new();

	wc_memo_begin(&memo, local, &seed);
	ck_assert_uint_eq(wc_memo_look(&memo, &v4)->bits, 0);
	ck_assert_uint_eq(wc_memo_look(&memo, &v6)->bits, WC_LOCAL_OWN | WC_LOCAL_INSIDE);
	ck_assert_uint_eq(wc_memo_look(&memo, &v4)->bits, 0);
	wc_local_free(local);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {it_changes_no_result, it_forgets_when_addresses_change,
				      versions_are_apart, NULL};

	return suite_run("memo", tests, 60);
}
