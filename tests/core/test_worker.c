#include "worker.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host.h"
#include "memory_source.h"
#include "recipe.h"
#include "rules.h"
#include "suite.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define FRAMES 4

static struct recipe recipes[FRAMES];
static struct wc_frame frames[FRAMES];
static struct memory_source memory;
static struct wc_worker *worker;

/* TCP, UDP, ARP and one cut short, at 10 s, 30 s, an unknown time and 20 s. */
static void make_frames(void)
{
	static const char *const texts[FRAMES] = {
		"eth 0800 / ip4 198.51.100.9 203.0.113.7 6 / tcp 40000 80 S 1",
		"eth 86dd / ip6 2001:db8:f::9 2001:db8:e::7 17 / udp 40000 53 / zeros 30",
		"eth 0806 / zeros 46",
		"eth 0800 / zeros 10",
	};
	static const int64_t times[FRAMES] = {10000000000, 30000000000, WC_TIME_UNKNOWN,
					      20000000000};

	for (int i = 0; i < FRAMES; i++) {
		recipe_build(&recipes[i], texts[i]);
		frames[i] = (struct wc_frame){
			.bytes = recipes[i].frame.bytes,
			.captured = recipes[i].captured,
			.length = recipes[i].length,
			.time_ns = times[i],
			.link = WC_LINK_ETHERNET,
			.origin = WC_ORIGIN_RECEIVED,
		};
	}
}

static void begin(void)
{
	static const struct wc_rules rules = {.conversations = 1024, .hosts = 1024};
	struct wc_error error = {""};
	struct wc_options options;
	struct wc_host *host;

	make_frames();
	memory_source_open(&memory, frames, FRAMES);
	ck_assert_int_eq(wc_options_init(&options, &error), 0);
	ck_assert_int_eq(wc_host_open(&host, &options, &error), 0);
	wc_options_free(&options);
	ck_assert_int_eq(wc_worker_new(&worker, &memory.source, host, &rules, &error), 0);
}

static void start(void)
{
	struct wc_error error = {""};

	ck_assert_int_eq(wc_worker_start(worker, &error), 0);
}

static void end(void)
{
	wc_worker_free(worker);
	ck_assert_int_eq(atomic_load(&memory.closed), 1);
}

static uint64_t counted(void)
{
	return wc_worker_tables(worker)->sums.frames;
}

static struct wc_counts class_counts(enum wc_class class)
{
	const struct wc_sums *sums = &wc_worker_tables(worker)->sums;
	struct wc_counts all = {0, 0};

	for (int direction = 0; direction < WC_DIRECTIONS; direction++) {
		all.packets += sums->classes[class][direction].packets;
		all.bytes += sums->classes[class][direction].bytes;
	}
	return all;
}

/* Fails unless the first @given of the frames, in turn, are what was counted. */
static void assert_counted(uint64_t given)
{
	static const enum wc_class classes[FRAMES] = {WC_CLASS_TCP, WC_CLASS_UDP,
						      WC_CLASS_ETHERTYPE, WC_CLASS_MALFORMED};

	ck_assert_uint_eq(counted(), given);
	for (uint64_t i = 0; i < FRAMES; i++) {
		struct wc_counts counts = class_counts(classes[i]);

		ck_assert_uint_eq(counts.packets, (given + FRAMES - 1 - i) / FRAMES);
		ck_assert_uint_eq(counts.bytes, counts.packets * frames[i].length);
	}
}

static void sleep_ms(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* As a file is read: by the caller, in portions, to its end. */
START_TEST(run_by_its_caller)
{
	int64_t first, last;
	size_t runs = 0;

	begin();
	memory.end = 1001;
	memory_source_arrive(&memory, 1001);
	wc_worker_times(worker, &first, &last);
	ck_assert_int_eq(first, WC_TIME_UNKNOWN);
	ck_assert_int_eq(last, WC_TIME_UNKNOWN);
	while (wc_worker_run(worker, 100, NULL) != WC_SOURCE_END)
		runs++;
	ck_assert_uint_eq(runs, 11);
	assert_counted(1001);
	ck_assert_uint_eq(wc_worker_stats(worker)->received, 1001);
	ck_assert_uint_eq(wc_worker_stats(worker)->pending, 0);
	wc_worker_times(worker, &first, &last);
	ck_assert_int_eq(first, 10000000000);
	ck_assert_int_eq(last, 30000000000);
	wc_worker_times(worker, &first, &last);
	ck_assert_int_eq(first, WC_TIME_UNKNOWN);
	ck_assert_int_eq(last, WC_TIME_UNKNOWN);
	end();
}
END_TEST

/* Without a thread these have nothing to do. */
START_TEST(not_started)
{
	begin();
	wc_worker_ask(worker);
	wc_worker_hold(worker);
	wc_worker_release(worker);
	wc_worker_stop(worker);
	assert_counted(0);
	end();
	wc_worker_free(NULL);
}
END_TEST

START_TEST(describes_itself)
{
	char text[200], expected[20];

	begin();
	wc_worker_describe(worker, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "engine: memory\naddresses: "));
	wc_worker_describe(worker, text, 8);
	ck_assert_str_eq(text, "engine:");
	snprintf(expected, sizeof(expected), "engine: memory\n");
	wc_worker_describe(worker, text, strlen(expected) + 1);
	ck_assert_str_eq(text, expected);
	end();
}
END_TEST

START_TEST(counts_what_arrived_before)
{
	begin();
	start();
	for (uint64_t round = 1; round <= 50; round++) {
		memory_source_arrive(&memory, 10007);
		wc_worker_hold(worker);
		/* All at once, or as much as a worker takes at a time: never lost. */
		ck_assert_uint_eq(counted() + wc_worker_stats(worker)->pending, round * 10007);
		wc_worker_release(worker);
	}
	sleep_ms(1);
	wc_worker_stop(worker);
	while (wc_worker_run(worker, 4096, NULL) > 0)
		;
	assert_counted(50 * 10007);
	end();
}
END_TEST

/* An empty look is not the end while the source may withhold frames. */
START_TEST(waits_for_withheld_frames)
{
	begin();
	memory.source.lag_ms = 100;
	atomic_store(&memory.withheld, true);
	start();
	for (uint64_t round = 1; round <= 5; round++) {
		memory_source_arrive(&memory, 7);
		wc_worker_hold(worker);
		assert_counted(round * 7);
		ck_assert_uint_eq(wc_worker_stats(worker)->received, round * 7);
		ck_assert_uint_eq(wc_worker_stats(worker)->pending, 0);
		wc_worker_release(worker);
	}
	end();
}
END_TEST

/* What does not come within the lag is pending; it counts when it comes. */
START_TEST(gives_up_after_the_lag)
{
	begin();
	memory.source.lag_ms = 20;
	start();
	memory_source_arrive(&memory, 5);
	wc_worker_hold(worker);
	assert_counted(5);
	wc_worker_release(worker);
	atomic_store(&memory.withheld, true);
	memory_source_arrive(&memory, 6);
	atomic_store(&memory.arrived_ms, UINT32_MAX * UINT64_C(1000000)); /* not for a long time */
	wc_worker_hold(worker);
	assert_counted(5);
	ck_assert_uint_eq(wc_worker_stats(worker)->pending, 6);
	atomic_store(&memory.arrived_ms, 0);
	wc_worker_release(worker);
	wc_worker_hold(worker);
	assert_counted(11);
	wc_worker_release(worker);
	end();
}
END_TEST

START_TEST(lost_frames_are_not_waited_for)
{
	begin();
	memory.source.lag_ms = 60000;
	atomic_store(&memory.lost, 1000);
	memory_source_arrive(&memory, 1010);
	start();
	wc_worker_hold(worker);
	assert_counted(10);
	ck_assert_uint_eq(wc_worker_stats(worker)->received, 1010);
	ck_assert_uint_eq(wc_worker_stats(worker)->lost_kernel, 1000);
	wc_worker_release(worker);
	end();
}
END_TEST

/* A source under more load than a worker can take is held all the same. */
START_TEST(source_that_never_idles)
{
	uint64_t before = 0;

	begin();
	memory.endless = true;
	memory.source.lag_ms = 10;
	start();
	for (int i = 0; i < 20; i++) {
		wc_worker_hold(worker);
		ck_assert_uint_gt(counted(), before);
		before = counted();
		assert_counted(before);
		ck_assert_uint_eq(wc_worker_stats(worker)->received, before + 1);
		wc_worker_release(worker);
	}
	wc_worker_stop(worker);
	ck_assert_uint_gt(counted(), before);
	end();
}
END_TEST

#define ARRIVALS 200000

static void *let_arrive(void *user)
{
	atomic_bool *done = user;

	for (int i = 0; i < ARRIVALS / 10; i++) {
		if (i % 10 == 0) {
			atomic_fetch_add(&memory.lost, 1);
			memory_source_arrive(&memory, 11);
		} else {
			memory_source_arrive(&memory, 10);
		}
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

	begin();
	memory.source.lag_ms = 5;
	start();
	ck_assert_int_eq(pthread_create(&thread, NULL, let_arrive, &done), 0);
	for (int i = 0; i < 1000; i++) {
		const struct wc_source_stats *stats;

		if (i % 3 == 0)
			wc_worker_ask(worker);
		wc_worker_hold(worker);
		stats = wc_worker_stats(worker);
		ck_assert_uint_ge(counted(), before);
		before = counted();
		assert_counted(before);
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
	assert_counted(ARRIVALS);
	end();
}
END_TEST

/* Who asked may think better of it: the worker goes on counting, and can be stopped. */
START_TEST(asked_and_not_held)
{
	begin();
	memory.source.lag_ms = 50;
	atomic_store(&memory.withheld, true);
	start();
	memory_source_arrive(&memory, 3);
	wc_worker_ask(worker);
	sleep_ms(10); /* it waits for what is withheld */
	wc_worker_release(worker);
	sleep_ms(100); /* it must not stand still now, with nobody to release it */
	memory_source_arrive(&memory, 4);
	for (int i = 0; i < 1000 && atomic_load(&memory.given) < 7; i++)
		sleep_ms(10);
	ck_assert_uint_eq(atomic_load(&memory.given), 7);
	memory_source_arrive(&memory, 5);
	wc_worker_ask(worker);
	sleep_ms(10);
	wc_worker_stop(worker);
	assert_counted(12);
	end();
}
END_TEST

/* Ends while held or not, twice or by being freed. */
START_TEST(stopped)
{
	begin();
	start();
	memory_source_arrive(&memory, 9);
	wc_worker_stop(worker);
	assert_counted(9);
	wc_worker_stop(worker);
	wc_worker_hold(worker);
	wc_worker_release(worker);
	end();

	begin();
	start();
	wc_worker_hold(worker);
	memory_source_arrive(&memory, 9);
	wc_worker_stop(worker);
	assert_counted(9);
	end();

	begin();
	start();
	memory_source_arrive(&memory, 9);
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {run_by_its_caller,
				      not_started,
				      describes_itself,
				      counts_what_arrived_before,
				      waits_for_withheld_frames,
				      gives_up_after_the_lag,
				      lost_frames_are_not_waited_for,
				      source_that_never_idles,
				      held_a_thousand_times,
				      asked_and_not_held,
				      stopped,
				      NULL};

	return suite_run("worker", tests, 120);
}
