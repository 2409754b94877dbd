#include "counter32.h"
#include "suite.h"

START_TEST(it_runs_over_without_a_jump)
{
	struct wc_counter32 counter = {0};

	ck_assert_uint_eq(wc_counter32_read(&counter, 0), 0);
	ck_assert_uint_eq(wc_counter32_read(&counter, UINT32_MAX - 9), UINT64_C(0xfffffff6));
	ck_assert_uint_eq(wc_counter32_read(&counter, UINT32_MAX - 9), UINT64_C(0xfffffff6));
	ck_assert_uint_eq(wc_counter32_read(&counter, 10), UINT64_C(0x10000000a));
	/* The most that can be told apart: all but a whole round. */
	for (uint64_t i = 2; i < 10; i++)
		ck_assert_uint_eq(wc_counter32_read(&counter, (uint32_t)(11 - i)),
				  (i << 32) + 11 - i);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {it_runs_over_without_a_jump, NULL};

	return suite_run("counter32", tests, 60);
}
