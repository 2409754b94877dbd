/* The thread between counting and the disk; the journal is a fake that fails or hangs when told to.
 */
#include "keeper.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "interval.h"
#include "journal.h"
#include "log.h"
#include "steady.h"
#include "suite.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

static atomic_bool full, hanging;
static atomic_uint flushes, logged[WC_LOG_INFO + 1];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t kept[1000]; /* the intervals that were written */
static char runs[1000];     /* and of which run each is, by the first letter of its name */
static char run;
static size_t kept_count;
static struct wc_keeper *keeper;
static struct wc_error error;

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

int wc_journal_write(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
		     size_t count, struct wc_error *reason)
{
	(void)journal;
	while (hanging)
		nap();
	if (full)
		return wc_error_set(reason, WC_FAILED, "the disk is full");
	pthread_mutex_lock(&lock);
	if (count) {
		runs[kept_count] = run;
		kept[kept_count++] = snapshots[0]->interval;
	}
	pthread_mutex_unlock(&lock);
	return WC_OK;
}

int wc_journal_run(struct wc_journal *journal, const char *instance, struct wc_error *reason)
{
	(void)journal;
	(void)reason;
	run = *instance;
	return WC_OK;
}

int wc_journal_flush(struct wc_journal *journal, struct wc_error *reason)
{
	(void)journal;
	flushes++;
	return full ? wc_error_set(reason, WC_FAILED, "the disk is full") : WC_OK;
}

/* What is logged, by level. */
void wc_log(enum wc_log_level level, const char *format, ...)
{
	(void)format;
	logged[level]++;
}

bool wc_journal_notice(struct wc_journal *journal, char *notice)
{
	(void)journal;
	(void)notice;
	return false;
}

void wc_snapshot_free(struct wc_snapshot *snapshot)
{
	free(snapshot);
}

static void begin(void)
{
	ck_assert_int_eq(wc_keeper_start(&keeper, NULL, &error), WC_OK);
}

static void hand_of(const char *instance, uint64_t number)
{
	struct wc_interval *interval = wc_interval_new(1);
	struct wc_snapshot *snapshot = calloc(1, sizeof(*snapshot));

	ck_assert(interval && snapshot);
	snapshot->interval = number;
	wc_interval_add(interval, snapshot);
	snprintf(interval->instance, sizeof(interval->instance), "%s", instance);
	wc_keeper_hand(keeper, interval);
}

static void hand(uint64_t number)
{
	hand_of("", number);
}

static struct wc_keeper_state state(void)
{
	struct wc_keeper_state now;

	wc_keeper_state(keeper, &now);
	return now;
}

static bool finish(void)
{
	return wc_keeper_end(keeper, wc_steady_now() + 60 * WC_SECOND_NS);
}

START_TEST(in_order)
{
	begin();
	for (uint64_t i = 1; i <= 50; i++)
		hand(i);
	ck_assert(finish());
	ck_assert_uint_eq(kept_count, 50);
	for (uint64_t i = 0; i < 50; i++)
		ck_assert_uint_eq(kept[i], i + 1);
	ck_assert_uint_ge(flushes, 1);
}
END_TEST

/* What waits for the disk is written as of the run that counted it, when the next has begun, too.
 */
START_TEST(of_its_run)
{
	begin();
	full = true;
	hand_of("a", 1);
	while (!state().failures)
		nap();
	hand_of("b", 1);
	hand_of("b", 2);
	full = false;
	while (state().written < 3)
		nap();
	ck_assert(finish());
	ck_assert_mem_eq(runs, "abb", 3);
}
END_TEST

START_TEST(what_was_written_is_heard)
{
	struct pollfd fd;

	begin();
	fd = (struct pollfd){.fd = wc_keeper_fd(keeper), .events = POLLIN};
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	hand(1);
	ck_assert_int_eq(poll(&fd, 1, 60000), 1);
	wc_keeper_heard(keeper);
	ck_assert_int_eq(poll(&fd, 1, 0), 0);
	ck_assert_uint_eq(state().written, 1);
	ck_assert(finish());
}
END_TEST

START_TEST(a_full_disk_is_tried_again)
{
	begin();
	full = true;
	hand(1);
	hand(2);
	while (!state().failures)
		nap();
	ck_assert_str_eq(state().reason, "the disk is full");
	ck_assert_uint_eq(state().waiting, 2);
	full = false;
	while (state().written < 2)
		nap();
	ck_assert_str_eq(state().reason, "");
	ck_assert_uint_eq(kept[0], 1);
	ck_assert_uint_eq(kept[1], 2);
	ck_assert_uint_eq(state().lost, 0);
	ck_assert(finish());
}
END_TEST

/* However long it lasts, and then that it is over: of the intervals, and of the positions. */
START_TEST(a_full_disk_is_told_once)
{
	begin();
	full = true;
	hand(1);
	hand(2);
	while (state().failures < 3 || flushes < 3)
		nap();
	ck_assert_uint_eq(logged[WC_LOG_WARNING], 2);
	ck_assert_uint_eq(logged[WC_LOG_NOTICE], 0);
	full = false;
	while (logged[WC_LOG_NOTICE] < 2)
		nap();
	full = true;
	hand(3);
	ck_assert(finish());
	ck_assert_uint_eq(logged[WC_LOG_NOTICE], 2);
	/* With what is lost by this end. */
	ck_assert_uint_eq(logged[WC_LOG_WARNING], 5);
}
END_TEST

/* The oldest go; the first was being written, and is put back, when the queue was full. */
START_TEST(too_many_wait)
{
	begin();
	hanging = true;
	hand(1);
	while (!state().waiting)
		nap();
	for (uint64_t i = 2; i <= 100; i++)
		hand(i);
	full = true;
	hanging = false;
	while (!state().failures)
		nap();
	full = false;
	ck_assert(finish());
	ck_assert_uint_lt(kept_count, WC_KEEPER_INTERVALS);
	ck_assert_uint_ge(kept_count, WC_KEEPER_INTERVALS - 2);
	for (size_t i = 0; i < kept_count; i++)
		ck_assert_uint_eq(kept[i], 101 - kept_count + i);
}
END_TEST

/* Nothing fails, and yet some are lost: this is wrong until all that waits is written. */
START_TEST(a_slow_disk_is_told)
{
	begin();
	hanging = true;
	hand(1);
	while (!state().waiting)
		nap();
	for (uint64_t i = 2; i <= WC_KEEPER_INTERVALS; i++)
		hand(i);
	ck_assert(!state().behind);
	for (uint64_t i = 1; i <= 3; i++)
		hand(WC_KEEPER_INTERVALS + i);
	ck_assert(state().behind);
	ck_assert_uint_ge(state().lost, 1);
	ck_assert_str_eq(state().reason, "");
	hanging = false;
	while (state().waiting)
		nap();
	ck_assert(!state().behind);
	ck_assert_uint_eq(state().failures, 0);
	ck_assert_uint_eq(state().written + state().lost, WC_KEEPER_INTERVALS + 3);
	ck_assert(finish());
}
END_TEST

/* What is lost while writing fails has that reason, and no other. */
START_TEST(a_full_disk_is_not_slow)
{
	begin();
	full = true;
	hand(1);
	while (!state().failures)
		nap();
	for (uint64_t i = 2; i <= WC_KEEPER_INTERVALS + 3; i++)
		hand(i);
	ck_assert_uint_ge(state().lost, 1);
	ck_assert(!state().behind);
	full = false;
	while (state().waiting)
		nap();
	ck_assert(!state().behind);
	ck_assert(finish());
}
END_TEST

START_TEST(a_hanging_disk_is_left_behind)
{
	begin();
	hanging = true;
	hand(1);
	hand(2);
	ck_assert(!wc_keeper_end(keeper, wc_steady_now() + WC_SECOND_NS / 10));
	hanging = false;
	while (state().waiting)
		nap();
	ck_assert_uint_eq(kept_count, 2);
	ck_assert(finish());
}
END_TEST

START_TEST(positions_each_second)
{
	begin();
	while (flushes < 2) /* whether there are intervals or not */
		nap();
	ck_assert(finish());
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		in_order,
		of_its_run,
		what_was_written_is_heard,
		a_full_disk_is_tried_again,
		a_full_disk_is_told_once,
		too_many_wait,
		a_slow_disk_is_told,
		a_full_disk_is_not_slow,
		a_hanging_disk_is_left_behind,
		positions_each_second,
		NULL,
	};

	return suite_run("keeper", tests, 120);
}
