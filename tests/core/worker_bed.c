#include "worker_bed.h"

#include <check.h>

#include "host.h"
#include "recipe.h"
#include "rules.h"
#include "settle.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define FRAMES 4

static struct recipe recipes[FRAMES];
static struct wc_frame frames[FRAMES];
struct memory_source worker_memory;
struct wc_worker *worker;

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

void worker_begin(void)
{
	static const struct wc_rules rules = {.conversations = 1024, .hosts = 1024};
	struct wc_error error = {""};
	struct wc_options options;
	struct wc_host *host;

	make_frames();
	memory_source_open(&worker_memory, frames, FRAMES);
	ck_assert_int_eq(wc_options_init(&options, &error), 0);
	ck_assert_int_eq(wc_host_open(&host, &options, &error), 0);
	wc_options_free(&options);
	ck_assert_int_eq(wc_worker_new(&worker, &worker_memory.source, host, &rules, &error), 0);
}

void worker_start(void)
{
	struct wc_error error = {""};

	ck_assert_int_eq(wc_worker_start(worker, &error), 0);
}

void worker_end(void)
{
	wc_worker_free(worker);
	ck_assert_int_eq(atomic_load(&worker_memory.closed), 1);
}

uint64_t worker_counted(void)
{
	return wc_worker_tables(worker)->sums.frames;
}

static struct wc_counts class_counts(enum wc_class class)
{
	const struct wc_sums *sums = &wc_worker_tables(worker)->sums;
	struct wc_counts all = {0, 0};

	wc_settle(wc_worker_tables(worker));
	for (int direction = 0; direction < WC_DIRECTIONS; direction++) {
		all.packets += sums->classes[class][direction].packets;
		all.bytes += sums->classes[class][direction].bytes;
	}
	return all;
}

void worker_assert_counted(uint64_t given)
{
	static const enum wc_class classes[FRAMES] = {WC_CLASS_TCP, WC_CLASS_UDP,
						      WC_CLASS_ETHERTYPE, WC_CLASS_MALFORMED};

	ck_assert_uint_eq(worker_counted(), given);
	for (uint64_t i = 0; i < FRAMES; i++) {
		struct wc_counts counts = class_counts(classes[i]);

		ck_assert_uint_eq(counts.packets, (given + FRAMES - 1 - i) / FRAMES);
		ck_assert_uint_eq(counts.bytes, counts.packets * frames[i].length);
	}
}
