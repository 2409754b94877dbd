/* A worker with a thread: held, released and stopped while frames arrive. */
#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "suite.h"
#include "worker_bed.h"

static void sleep_ms(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

START_TEST(counts_what_arrived_before)
{
	worker_begin();
	worker_start();
	for (uint64_t round = 1; round <= 50; round++) {
		memory_source_arrive(&worker_memory, 10007);
		wc_worker_hold(worker);
		/* All at once, or as much as a worker takes at a time: never lost. */
		ck_assert_uint_eq(worker_counted() + wc_worker_stats(worker)->pending,
				  round * 10007);
		wc_worker_release(worker);
	}
	sleep_ms(1);
	wc_worker_stop(worker);
	while (wc_worker_run(worker, 4096, NULL) > 0)
		;
	worker_assert_counted(50 * 10007);
	worker_end();
}
END_TEST

/* An empty look is not the end while the source may withhold frames. */
START_TEST(waits_for_withheld_frames)
{
	worker_begin();
	worker_memory.source.lag_ms = 100;
	atomic_store(&worker_memory.withheld, true);
	worker_start();
	for (uint64_t round = 1; round <= 5; round++) {
		memory_source_arrive(&worker_memory, 7);
		wc_worker_hold(worker);
		worker_assert_counted(round * 7);
		ck_assert_uint_eq(wc_worker_stats(worker)->received, round * 7);
		ck_assert_uint_eq(wc_worker_stats(worker)->pending, 0);
		wc_worker_release(worker);
	}
	worker_end();
}
END_TEST

/* What does not come within the lag is pending; it counts when it comes. */
START_TEST(gives_up_after_the_lag)
{
	worker_begin();
	worker_memory.source.lag_ms = 20;
	worker_start();
	memory_source_arrive(&worker_memory, 5);
	wc_worker_hold(worker);
	worker_assert_counted(5);
	wc_worker_release(worker);
	memory_source_withhold(&worker_memory, 6);
	wc_worker_hold(worker);
	worker_assert_counted(5);
	ck_assert_uint_eq(wc_worker_stats(worker)->pending, 6);
	atomic_store(&worker_memory.arrived_ms, 0);
	wc_worker_release(worker);
	wc_worker_hold(worker);
	worker_assert_counted(11);
	wc_worker_release(worker);
	worker_end();
}
END_TEST

START_TEST(lost_frames_are_not_waited_for)
{
	worker_begin();
	worker_memory.source.lag_ms = 60000;
	atomic_store(&worker_memory.lost, 1000);
	memory_source_arrive(&worker_memory, 10);
	worker_start();
	wc_worker_hold(worker);
	worker_assert_counted(10);
	ck_assert_uint_eq(wc_worker_stats(worker)->received, 1010);
	ck_assert_uint_eq(wc_worker_stats(worker)->lost_kernel, 1000);
	wc_worker_release(worker);
	worker_end();
}
END_TEST

/* A source under more load than a worker can take is held all the same. */
START_TEST(source_that_never_idles)
{
	uint64_t before = 0;

	worker_begin();
	worker_memory.endless = true;
	worker_memory.source.lag_ms = 10;
	worker_start();
	for (int i = 0; i < 20; i++) {
		wc_worker_hold(worker);
		ck_assert_uint_gt(worker_counted(), before);
		before = worker_counted();
		worker_assert_counted(before);
		ck_assert_uint_eq(wc_worker_stats(worker)->received, before + 1);
		wc_worker_release(worker);
	}
	wc_worker_stop(worker);
	ck_assert_uint_gt(worker_counted(), before);
	worker_end();
}
END_TEST

#define ARRIVALS 200000

static void *let_arrive(void *user)
{
	atomic_bool *done = user;

	for (int i = 0; i < ARRIVALS / 10; i++) {
		if (i % 10 == 0)
			atomic_fetch_add(&worker_memory.lost, 1);
		memory_source_arrive(&worker_memory, 10);
		if (i % 64 == 0)
			sched_yield();
	}
	atomic_store(done, true);
	return NULL;
}

/* Held a thousand times while another thread lets frames arrive: no frame twice, none missing. */
START_TEST(held_a_thousand_times)
{
	uint64_t before = 0;
	atomic_bool done = false;
	pthread_t thread;

	worker_begin();
	worker_memory.source.lag_ms = 5;
	worker_start();
	ck_assert_int_eq(pthread_create(&thread, NULL, let_arrive, &done), 0);
	for (int i = 0; i < 1000; i++) {
		const struct wc_source_stats *stats;

		if (i % 3 == 0)
			wc_worker_ask(worker);
		wc_worker_hold(worker);
		stats = wc_worker_stats(worker);
		ck_assert_uint_ge(worker_counted(), before);
		before = worker_counted();
		worker_assert_counted(before);
		ck_assert_uint_eq(stats->received, before + stats->lost_kernel + stats->pending);
		wc_worker_release(worker);
	}
	pthread_join(thread, NULL);
	ck_assert(atomic_load(&done));
	do {
		wc_worker_hold(worker);
		before = wc_worker_stats(worker)->pending;
		wc_worker_release(worker);
	} while (before);
	wc_worker_stop(worker);
	worker_assert_counted(ARRIVALS);
	worker_end();
}
END_TEST

/* Who asked may think better of it: the worker goes on counting, and can be stopped. */
START_TEST(asked_and_not_held)
{
	worker_begin();
	worker_memory.source.lag_ms = 50;
	atomic_store(&worker_memory.withheld, true);
	worker_start();
	memory_source_arrive(&worker_memory, 3);
	wc_worker_ask(worker);
	sleep_ms(10); /* it waits for what is withheld */
	wc_worker_release(worker);
	sleep_ms(100); /* it must not stand still now, with nobody to release it */
	memory_source_arrive(&worker_memory, 4);
	for (int i = 0; i < 1000 && atomic_load(&worker_memory.given) < 7; i++)
		sleep_ms(10);
	ck_assert_uint_eq(atomic_load(&worker_memory.given), 7);
	memory_source_arrive(&worker_memory, 5);
	wc_worker_ask(worker);
	sleep_ms(10);
	wc_worker_stop(worker);
	worker_assert_counted(12);
	worker_end();
}
END_TEST

/* Ends while held or not, twice or by being freed. */
START_TEST(stopped)
{
	worker_begin();
	worker_start();
	memory_source_arrive(&worker_memory, 9);
	wc_worker_stop(worker);
	worker_assert_counted(9);
	wc_worker_stop(worker);
	wc_worker_hold(worker);
	wc_worker_release(worker);
	worker_end();

	worker_begin();
	worker_start();
	wc_worker_hold(worker);
	memory_source_arrive(&worker_memory, 9);
	wc_worker_stop(worker);
	worker_assert_counted(9);
	worker_end();

	worker_begin();
	worker_start();
	memory_source_arrive(&worker_memory, 9);
	worker_end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		counts_what_arrived_before,
		waits_for_withheld_frames,
		gives_up_after_the_lag,
		lost_frames_are_not_waited_for,
		source_that_never_idles,
		held_a_thousand_times,
		asked_and_not_held,
		stopped,
		NULL,
	};

	return suite_run("worker_thread", tests, 120);
}
