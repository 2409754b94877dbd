/* A worker without a thread, as a file is read. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/snapshot.h"
#include "worker_bed.h"

/* As a file is read: by the caller, in portions, to its end. */
START_TEST(run_by_its_caller)
{
	int64_t first, last;
	size_t runs = 0;

	worker_begin();
	worker_memory.end = 1001;
	memory_source_arrive(&worker_memory, 1001);
	wc_worker_times(worker, &first, &last);
	ck_assert_int_eq(first, WC_TIME_UNKNOWN);
	ck_assert_int_eq(last, WC_TIME_UNKNOWN);
	while (wc_worker_run(worker, 100, NULL) != WC_SOURCE_END)
		runs++;
	ck_assert_uint_eq(runs, 11);
	worker_assert_counted(1001);
	ck_assert_uint_eq(wc_worker_stats(worker)->received, 1001);
	ck_assert_uint_eq(wc_worker_stats(worker)->pending, 0);
	wc_worker_times(worker, &first, &last);
	ck_assert_int_eq(first, 10000000000);
	ck_assert_int_eq(last, 30000000000);
	wc_worker_forget_times(worker);
	wc_worker_times(worker, &first, &last);
	ck_assert_int_eq(first, WC_TIME_UNKNOWN);
	ck_assert_int_eq(last, WC_TIME_UNKNOWN);
	worker_end();
}
END_TEST

/* Without a thread these have nothing to do. */
START_TEST(not_started)
{
	worker_begin();
	wc_worker_ask(worker);
	wc_worker_hold(worker);
	wc_worker_release(worker);
	wc_worker_stop(worker);
	worker_assert_counted(0);
	worker_end();
	wc_worker_free(NULL);
}
END_TEST

START_TEST(describes_itself)
{
	char text[200], expected[20];

	worker_begin();
	wc_worker_describe(worker, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "engine: memory\naddresses: "));
	wc_worker_describe(worker, text, 8);
	ck_assert_str_eq(text, "engine:");
	snprintf(expected, sizeof(expected), "engine: memory\n");
	wc_worker_describe(worker, text, strlen(expected) + 1);
	ck_assert_str_eq(text, expected);
	worker_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		run_by_its_caller,
		not_started,
		describes_itself,
		NULL,
	};

	return suite_run("worker", tests, 120);
}
