/*
 * The daemon's middle for a day of its own time, and nothing that grows: tables, journal and
 * an exporter of each format, to collectors that take all. Hosts come and go, so that rows
 * are freed and taken again, and the journal's bounds are reached. A day is 8,640 intervals;
 * WC_SOAK_INTERVALS in the environment is another number.
 */
#include <check.h>
#include <dirent.h>
#include <inttypes.h>
#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect.h"
#include "delivery.h"
#include "encode.h"
#include "exporter.h"
#include "exporter_options.h"
#include "format.h"
#include "hash.h"
#include "journal.h"
#include "packet.h"
#include "place.h"
#include "rules.h"
#include "sink.h"
#include "suite.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"
#include "world.h"

#define SECOND    UINT64_C(1000000000)
#define LENGTH    10 /* of an interval, in seconds */
#define EPOCH     (INT64_C(1700000000) * (int64_t)SECOND)
#define DAY       8640 /* intervals */
#define FRAMES    256  /* in an interval, at most: more by day than by night */
#define BOUND     1024 /* rows of hosts, and of conversations */
#define IDLE      600  /* seconds */
#define EXPORTERS 8    /* at most */
#define ROUNDS    1000 /* steps of the exporters in which an interval is delivered */

/* What may come and go between two looks at an idle program: caches of libraries. */
#define SLACK (128 << 10)

static const struct wc_rules rules = {
	.conversations = BOUND,
	.hosts = BOUND,
	.idle_s = IDLE,
	.scan.threshold = 20,
	.seed = {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89}},
};

static struct {
	uint64_t now_ns;
	uint64_t frames, bytes; /* counted; delivered */
	struct wc_tables *tables, *last;
	struct wc_journal *journal;
	struct wc_exporter *exporters[EXPORTERS];
	size_t exporter_count;
} middle;

/* ---- the world ---- */

static uint64_t world_steady(void *arg)
{
	(void)arg;
	return middle.now_ns;
}

static int64_t world_wall(void *arg)
{
	(void)arg;
	return EPOCH + (int64_t)middle.now_ns;
}

static uint64_t draw(void *arg)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	(void)arg;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static int world_deliver(void *arg, struct wc_delivery **delivery, const struct wc_place *place,
			 const struct wc_delivery_settings *settings, struct wc_error *error)
{
	(void)arg;
	(void)settings;
	(void)error;
	*delivery = sink_new(place, &middle.bytes);
	return 0;
}

static const struct wc_world world = {
	.steady = world_steady,
	.wall = world_wall,
	.random = draw,
	.deliver = world_deliver,
};

/* ---- the daemon ---- */

static void start_exporter(const struct wc_format *format, const struct wc_context *context)
{
	/* The first kind of place that a format can go to; a sink is in all of them. */
	static char tcp[] = "tcp://127.0.0.1:1", tree[] = "tree:///tree",
		    journald[] = "journald://";
	static struct wc_exporter_options options[EXPORTERS];
	static const char *const captures[] = {"wan"};
	struct wc_exporter_options *own = &options[middle.exporter_count];
	struct wc_exporter_settings settings = {
		.name = format->name,
		.format = format,
		.options = own,
		.interval = LENGTH,
		.context = context,
		.journal = middle.journal,
		.world = &world,
		.captures = captures,
		.capture_count = 1,
	};
	struct wc_error error = {""};
	int status;

	ck_assert_uint_lt(middle.exporter_count, EXPORTERS);
	*own = (struct wc_exporter_options){
		.address = format->places & 1U << WC_PLACE_TCP    ? tcp
			   : format->places & 1U << WC_PLACE_TREE ? tree
								  : journald,
		.top = WC_ROWS_FITTING,
		.patience = 10,
		.files = 1000,
		.enterprise = 32473,
		.domain = 1,
	};
	status = wc_exporter_new(&middle.exporters[middle.exporter_count++], &settings, &error);
	ck_assert_msg(!status, "%s: %s", format->name, error.text);
}

static void start(const char *path, const struct wc_context *context)
{
	const struct wc_journal_settings settings = {
		.path = path,
		.size = 2 << 20,
		.undelivered = 1 << 20,
		.age = 86400,
		.host = "host",
		.instance = "00000000-0000-4000-8000-000000000000",
		.version = "0",
	};
	char notice[WC_ERROR_SIZE];
	struct wc_error error = {""};

	middle.tables = wc_tables_new(WC_TABLES_POOL, &rules);
	middle.last = wc_tables_new(WC_TABLES_POOL_ALL, NULL);
	ck_assert(middle.tables && middle.last);
	ck_assert_msg(!wc_journal_open(&middle.journal, &settings, notice, &error), "%s",
		      error.text);
	for (size_t i = 0; wc_format_list[i]; i++)
		start_exporter(wc_format_list[i], context);
}

static void end(void)
{
	for (size_t i = 0; i < middle.exporter_count; i++) {
		wc_exporter_stop(middle.exporters[i]);
		wc_exporter_free(middle.exporters[i]);
	}
	wc_journal_close(middle.journal);
	wc_tables_free(middle.tables);
	wc_tables_free(middle.last);
}

/* ---- a day ---- */

/* A client of the hour asks one of this host's ports; the next hour has other clients. */
static void count_frame(uint64_t interval)
{
	uint64_t drawn = draw(NULL);
	bool tcp = drawn & 1;
	struct wc_packet packet = {
		.packets = 1,
		.source = {.low = 0x0b000000 + interval * 4 + (drawn >> 8 & 0x3ff), .version = 4},
		.destination = {.low = 0xc0000201, .version = 4},
		.ip_bytes = 40,
		.time_ns = WC_TIME_UNKNOWN,
		.bytes = 54,
		.key = (uint16_t)(drawn >> 32 & 0x3ff),
		.class = tcp ? WC_CLASS_TCP : WC_CLASS_UDP,
		.direction = WC_DIRECTION_IN,
		.protocol = tcp ? WC_PROTOCOL_TCP : WC_PROTOCOL_UDP,
		.tcp_flags = tcp ? 2 : 0,
		.source_port = 40000,
		.inside = WC_INSIDE_DESTINATION,
		.event = tcp ? WC_EVENT_NEW : WC_EVENT_NONE,
		.event_protocol = WC_PROTOCOL_TCP,
		.event_direction = WC_DIRECTION_IN,
		.event_port = (uint16_t)(drawn >> 32 & 0x3ff),
	};

	packet.source_hash = wc_hash_address(&rules.seed, &packet.source);
	packet.destination_hash = wc_hash_address(&rules.seed, &packet.destination);
	wc_tables_count(middle.tables, &packet, 1);
	middle.frames++;
}

/* Steps all exporters until each has delivered all. */
static void deliver(void)
{
	struct pollfd fds[WC_DELIVERY_FDS];

	for (size_t i = 0; i < middle.exporter_count; i++) {
		struct wc_exporter_status status;
		uint64_t deadline_ns;
		int rounds = 0;

		do {
			wc_exporter_step(middle.exporters[i], fds, &deadline_ns);
			wc_exporter_status(middle.exporters[i], &status);
			ck_assert_msg(rounds++ < ROUNDS, "exporter %zu: %s", i, status.reason);
		} while (status.condition != WC_EXPORTER_IDLE);
		ck_assert_uint_eq(status.lost_intervals, 0);
		ck_assert_uint_eq(status.failures, 0);
	}
}

static void run_interval(uint64_t number)
{
	struct wc_span span = {.start_ns = middle.now_ns,
			       .end_ns = middle.now_ns + LENGTH * SECOND};
	struct wc_snapshot snapshot = {
		.capture = "wan",
		.observer = "eth0",
		.interval = number,
		.start_ns = world_wall(NULL),
		.end_ns = world_wall(NULL) + (int64_t)(LENGTH * SECOND),
		.length_ns = LENGTH * SECOND,
		.complete = true,
	};
	const struct wc_snapshot *snapshots[] = {&snapshot};
	uint64_t by_day = number % DAY < DAY / 2 ? FRAMES : FRAMES / 4;
	struct wc_error error = {""};

	for (uint64_t i = 0; i < by_day; i++)
		count_frame(number);
	middle.now_ns = span.end_ns;
	ck_assert_int_eq(wc_collect(&snapshot, middle.last, &middle.tables, 1, &span, &error), 0);
	ck_assert_uint_eq(snapshot.total.frames, middle.frames);
	ck_assert_msg(!wc_journal_write(middle.journal, snapshots, 1, &error), "%s", error.text);
	wc_collect_free(&snapshot);
	deliver();
}

/* ---- what must not grow ---- */

static size_t memory(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static unsigned descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	ck_assert_ptr_nonnull(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* What is held at the end must have been held after a third of the time, but for @SLACK. */
static void live(uint64_t intervals)
{
	size_t early = 0, late = 0;
	unsigned open = 0;

	for (uint64_t i = 1; i <= intervals; i++) {
		run_interval(i);
		if (i <= intervals / 3) {
			early = memory() > early ? memory() : early;
			open = descriptors() > open ? descriptors() : open;
		} else {
			late = memory() > late ? memory() : late;
			ck_assert_uint_le(descriptors(), open);
		}
	}
	ck_assert_uint_le(late, early + SLACK);
	printf("figure: endurance: %" PRIu64 " intervals of %d s in virtual time, %" PRIu64
	       " frames, %zu formats: at most %zu kB, %+ld kB in the last two thirds; %u "
	       "descriptors\n",
	       intervals, LENGTH, middle.frames, middle.exporter_count, late >> 10,
	       ((long)late - (long)early) / 1024, open);
}

static void remove_files(const char *folder)
{
	DIR *open = opendir(folder);
	const struct dirent *entry;
	char path[512];

	ck_assert_ptr_nonnull(open);
	while ((entry = readdir(open))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path); /* "." and ".." stay */
	}
	closedir(open);
	ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(test_soak)
{
	const char *wanted = getenv("WC_SOAK_INTERVALS");
	char folder[] = "/dev/shm/wirecensus-soak-XXXXXX", path[64];
	struct wc_context context = {.host = "host", .registry = wc_registry_new()};
	struct wc_journal_state state;

	ck_assert_ptr_nonnull(context.registry);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/census.db", folder);
	start(path, &context);
	live(wanted ? strtoull(wanted, NULL, 10) : DAY);
	wc_journal_state(middle.journal, &state);
	/* The bounds were reached: else this test shows nothing. */
	ck_assert_uint_gt(state.first, 1);
	ck_assert_uint_eq(state.dropped_intervals, 0);
	ck_assert_uint_eq(middle.tables->hosts.table.touched, BOUND);
	ck_assert_uint_gt(middle.bytes, 0);
	end();
	wc_registry_free((struct wc_registry *)context.registry);
	remove_files(folder);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_soak, NULL};

	return suite_run("soak", tests, 3600);
}
