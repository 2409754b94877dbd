#include "stage.h"

#include <check.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "delivery.h"
#include "disk.h"
#include "encode.h"
#include "exporter.h"
#include "exporter_options.h"
#include "journal.h"
#include "place.h"
#include "record.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

static const char *const names[EXPORTERS] = {"record/stream", "record/datagrams", "record/sums"};

/* The port says which collector it is. */
static char stream[] = "tcp://127.0.0.1:1";
static char datagrams[] = "udp://127.0.0.1:2";
static char sums[] = "tcp://127.0.0.1:3";

static const struct wc_exporter_options options[EXPORTERS] = {
	{.address = stream, .top = WC_ROWS_FITTING, .patience = 10},
	{.address = datagrams, .top = WC_ROWS_FITTING, .patience = 10},
	{.address = sums, .top = 1, .interval = 30, .patience = 10},
};

static const struct wc_context context = {.host = "host"};

/* ---- the world ---- */

static uint64_t world_steady(void *arg)
{
	return ((struct stage *)arg)->now_ns;
}

int64_t stage_wall(const struct stage *stage)
{
	return (int64_t)stage->now_ns + stage->offset_ns;
}

static int64_t world_wall(void *arg)
{
	return stage_wall(arg);
}

static uint64_t world_random(void *arg)
{
	return chance_next(&((struct stage *)arg)->chance);
}

static int world_deliver(void *arg, struct wc_delivery **delivery, const struct wc_place *place,
			 const struct wc_delivery_settings *settings, struct wc_error *error)
{
	struct stage *stage = arg;

	(void)settings;
	(void)error;
	*delivery = collector_delivery(&stage->collectors[atoi(place->port) - 1]);
	return 0;
}

/* ---- the daemon ---- */

static void open_journal(struct stage *stage)
{
	char instance[16], path[256], notice[WC_ERROR_SIZE];
	const struct wc_journal_settings settings = {
		.path = path,
		.vfs = DISK_VFS,
		.size = UINT64_C(1) << 30,
		.undelivered = stage->tight ? 4096 : UINT64_C(1) << 29,
		/* A step of the clock can make all of it old. */
		.age = stage->tight ? 1000000 : UINT64_C(1) << 40,
		.host = "host",
		.instance = instance,
		.version = "0",
	};
	struct wc_error error;

	snprintf(instance, sizeof(instance), "%" PRIu32, stage->run);
	snprintf(path, sizeof(path), "%s/census.db", stage->path);
	ck_assert_msg(!wc_journal_open(&stage->journal, &settings, notice, &error), "%s",
		      error.text);
}

static void start_exporter(struct stage *stage, int number)
{
	struct wc_exporter_settings settings = {
		.name = names[number],
		.format = &record_format,
		.options = &options[number],
		.interval = INTERVAL / SECOND,
		.encoding = 1,
		.context = &context,
		.journal = stage->journal,
		.world = &stage->world,
	};
	struct wc_journal_position position;
	struct wc_error error;
	int status = wc_exporter_new(&stage->exporters[number], &settings, &error);

	ck_assert_msg(!status, "%s", error.text);
	stage->due_ns[number] = stage->now_ns;
	stage->checked[number] = 0;
	if (!wc_journal_position(stage->journal, names[number], &position, &error))
		stage->tally->parts += position.messages != UINT64_MAX;
	else
		stage->tally->unlocated++;
}

void stage_start(struct stage *stage)
{
	stage->run++;
	stage->number = 0;
	stage->gone_since_ns = 0;
	stage->waits = 0;
	open_journal(stage);
	for (int i = 0; i < EXPORTERS; i++)
		start_exporter(stage, i);
	wc_clock_begin(&stage->clock, INTERVAL, stage->now_ns, stage_wall(stage));
	stage->running = true;
	stage_begin_interval(stage);
}

static void stop_exporters(struct stage *stage)
{
	struct wc_exporter_status status;

	for (int i = 0; i < EXPORTERS; i++) {
		wc_exporter_status(stage->exporters[i], &status);
		stage->stated[i] += status.lost_intervals;
		wc_exporter_free(stage->exporters[i]);
		stage->exporters[i] = NULL;
	}
	stage->running = false;
}

/* Whatever is not on disk is gone. */
void stage_kill(struct stage *stage)
{
	stage->lost_with_daemon += stage_frames(&stage->now);
	for (size_t i = 0; i < stage->waits; i++)
		stage->lost_with_daemon += stage_frames(&stage->waiting[i]);
	disk.dead = true;
	stop_exporters(stage);
	wc_journal_close(stage->journal);
	disk.dead = false;
	stage->tally->kills++;
}

void stage_wake(struct stage *stage)
{
	for (int i = 0; i < EXPORTERS; i++)
		stage->due_ns[i] = stage->now_ns;
}

static uint64_t count_confirmed(const struct ledger *ledger, const struct interval *interval)
{
	uint64_t confirmed = 0;

	for (int i = 0; i < CAPTURES * RECORD_ROWS; i++)
		confirmed += ledger->entries[interval->run][interval->number][i / RECORD_ROWS]
					    [i % RECORD_ROWS]
						    .fate &
			     LEDGER_CONFIRMED;
	return confirmed;
}

/* Each position covers only what was confirmed, or what the journal has dropped. */
static void check_position(struct stage *stage, int number)
{
	const struct ledger *ledger = &stage->collectors[number].ledger;
	struct wc_journal_position position;
	bool part;
	uint64_t whole;

	if (wc_journal_position(stage->journal, names[number], &position, NULL))
		return;
	ck_assert_uint_le(position.sequence, stage->last);
	part = position.sequence && position.messages != UINT64_MAX;
	whole = part ? position.sequence - 1 : position.sequence;
	for (uint64_t s = stage->checked[number] + 1; s <= whole; s++) {
		const struct interval *interval = &stage->written[s];

		/* Sums have the number of the last interval in them. */
		if (!stage->dropped[s] && (number != SUMS || s == whole))
			ck_assert(ledger_is_whole(ledger, interval->run, interval->number,
						  LEDGER_CONFIRMED));
	}
	if (number == 0 && part)
		ck_assert_uint_ge(count_confirmed(ledger, &stage->written[position.sequence]),
				  position.messages);
	stage->checked[number] = whole;
}

void stage_step(struct stage *stage)
{
	struct pollfd fds[WC_DELIVERY_FDS];

	for (int i = 0; i < EXPORTERS; i++) {
		if (stage->due_ns[i] > stage->now_ns)
			continue;
		wc_exporter_step(stage->exporters[i], fds, &stage->due_ns[i]);
		check_position(stage, i);
	}
}

uint64_t stage_next(const struct stage *stage)
{
	uint64_t next_ns = stage->clock.end_ns;

	for (int i = 0; i < EXPORTERS; i++)
		if (stage->due_ns[i] < next_ns)
			next_ns = stage->due_ns[i];
	return next_ns;
}

/* True when every exporter has delivered all. */
static bool is_idle(const struct stage *stage)
{
	struct wc_exporter_status status;

	for (int i = 0; i < EXPORTERS; i++) {
		wc_exporter_status(stage->exporters[i], &status);
		if (status.condition != WC_EXPORTER_IDLE || status.backlog || status.unconfirmed)
			return false;
	}
	return true;
}

bool stage_finish(struct stage *stage, uint64_t deadline_ns)
{
	struct wc_error error;
	bool idle;

	stage_end_interval(stage);
	stage->clock.end_ns = UINT64_MAX;
	for (size_t i = 0; i < stage->waits; i++)
		stage->lost_with_daemon += stage_frames(&stage->waiting[i]);
	wc_journal_end_run(stage->journal);
	while (!(idle = is_idle(stage)) && stage->now_ns < deadline_ns) {
		uint64_t next_ns = stage_next(stage);

		stage->now_ns = next_ns > stage->now_ns ? next_ns : stage->now_ns + 1;
		if (stage->now_ns < deadline_ns)
			stage_step(stage);
	}
	for (int i = 0; i < EXPORTERS; i++)
		wc_exporter_stop(stage->exporters[i]);
	wc_journal_flush(stage->journal, &error);
	stop_exporters(stage);
	wc_journal_close(stage->journal);
	stage->tally->ends++;
	return idle;
}

void stage_begin(struct stage *stage)
{
	stage->world = (struct wc_world){
		.arg = stage,
		.steady = world_steady,
		.wall = world_wall,
		.random = world_random,
		.deliver = world_deliver,
	};
	for (int i = 0; i < EXPORTERS; i++) {
		stage->collectors[i].chance = &stage->chance;
		stage->collectors[i].datagrams = i == 1;
	}
}
