/* Snapshots while memory is short. */
#include <check.h>
#include <stdlib.h>

#include "census_bed.h"
#include "shortage.h"
#include "stacks.h"
#include "suite.h"
#include "wirecensus/error.h"

/* Returns a snapshot that was tried with one allocation more each time, and how often in @tries. */
static struct wc_snapshot *made_at_last(long *tries)
{
	struct wc_snapshot *made = NULL;
	int status = WC_FAILED;

	for (*tries = 0; status; ++*tries) {
		struct wc_error error = {""};

		shortage_left = *tries;
		status = wc_census_snapshot(bed.census, &made, &error);
		shortage_left = -1;
		ck_assert(!status || *error.text);
	}
	return made;
}

START_TEST(a_snapshot_that_fails_takes_nothing_from_the_next)
{
	struct wc_snapshot *made;
	uint64_t frames;
	long tries;

	bed_begin();
	frames = bed_add_stacks();
	bed_open(bed.capture.size);
	bed_read_all();
	made = made_at_last(&tries);
	ck_assert_int_gt(tries, 3);
	ck_assert_uint_eq(made->interval, 1);
	ck_assert_uint_eq(made->delta.frames, frames);
	ck_assert_int_eq(made->start_ns, (int64_t)START * SECOND);
	ck_assert_int_eq(made->end_ns, ((int64_t)START + (int64_t)frames - 1) * SECOND);
	ck_assert_uint_eq(made->length_ns, (frames - 1) * SECOND);
	bed_adds_up(made, 0);
	wc_snapshot_free(made);
	made = bed_snapshot();
	ck_assert_uint_eq(made->delta.frames, 0);
	ck_assert_int_eq(made->start_ns, WC_TIME_UNKNOWN);
	wc_snapshot_free(made);
	bed_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {a_snapshot_that_fails_takes_nothing_from_the_next, NULL};

	return suite_run("census_memory", tests, 60);
}
