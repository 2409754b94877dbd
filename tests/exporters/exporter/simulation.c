#include "simulation.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "disk.h"
#include "journal.h"
#include "stage.h"

#define EPOCH    (INT64_C(1700000000) * (int64_t)SECOND)
#define LENGTH   50             /* events */
#define PAUSE    16             /* seconds between them, at most */
#define PATIENCE (600 * SECOND) /* in which all must be delivered in the end */

/* Every third seed has a journal that can keep little of what is not delivered. */
#define TIGHT 3

enum event {
	TURN, /* a collector changes */
	TURN_AGAIN,
	TURN_ONCE_MORE,
	HEAL,
	CLOCK_STEP,
	SUSPEND,
	INTERFACE,
	KILL,
	FINISH,
	DISK_FULL,
	DISK_FREE,
	FLUSH,
	EVENTS
};

static void step_clock(struct stage *stage)
{
	static const int64_t steps[] = {1, -1, 3600, -3600, 100000000, -100000000};

	stage->offset_ns += steps[chance_below(&stage->chance, 6)] * (int64_t)SECOND;
	stage->tally->clock_steps++;
}

/* Half of the time a write is torn on the way. */
static void die(struct stage *stage)
{
	if (chance_below(&stage->chance, 2)) {
		disk.full = true;
		disk.room = chance_below(&stage->chance, 30);
		stage_end_interval(stage);
	}
	stage_kill(stage);
}

static void restart(struct stage *stage)
{
	stage->now_ns += chance_below(&stage->chance, 30) * SECOND;
	stage_start(stage);
}

static void happen(struct stage *stage)
{
	struct chance *chance = &stage->chance;
	struct collector *collector = &stage->collectors[chance_below(chance, EXPORTERS)];

	switch ((enum event)chance_below(chance, EVENTS)) {
	case HEAL:
		collector_turn(collector, COLLECTOR_HEALTHY);
		break;
	case CLOCK_STEP:
		step_clock(stage);
		break;
	case SUSPEND:
		stage->now_ns += chance_below(chance, 8 * 3600) * SECOND;
		stage->tally->suspends++;
		break;
	case INTERFACE:
		stage_turn_interface(stage);
		break;
	case KILL:
		die(stage);
		restart(stage);
		break;
	case FINISH:
		stage_finish(stage, stage->now_ns + SECOND);
		restart(stage);
		break;
	case DISK_FULL:
		disk.full = true;
		disk.room = chance_below(chance, 40);
		break;
	case DISK_FREE:
		disk.full = false;
		break;
	case FLUSH:
		wc_journal_flush(stage->journal, NULL);
		break;
	default:
		collector_turn(collector,
			       (enum collector_mode)chance_below(chance, COLLECTOR_MODES));
		break;
	}
	stage_wake(stage);
}

static void go_on(struct stage *stage, uint64_t until_ns)
{
	uint64_t next_ns = stage_next(stage);

	if (next_ns > until_ns)
		next_ns = until_ns;
	stage->now_ns = next_ns > stage->now_ns ? next_ns : stage->now_ns + 1;
	stage_count(stage);
	if (stage->now_ns >= stage->clock.end_ns)
		stage_end_interval(stage);
	stage_step(stage);
}

/* All is well again: everything must be delivered. */
static void settle(struct stage *stage)
{
	uint64_t deadline_ns = stage->now_ns + PATIENCE;

	disk.full = false;
	for (int i = 0; i < EXPORTERS; i++)
		collector_turn(&stage->collectors[i], COLLECTOR_HEALTHY);
	stage_wake(stage);
	ck_assert(stage_finish(stage, deadline_ns));
	ck_assert_uint_lt(stage->now_ns, deadline_ns);
}

/* ---- what must hold in the end ---- */

/* Frames of intervals that did not reach the collector: the journal has dropped all of these. */
static uint64_t count_missing(const struct stage *stage, int number, uint64_t *intervals)
{
	const struct ledger *ledger = &stage->collectors[number].ledger;
	uint64_t frames = 0;

	for (uint64_t s = 1; s <= stage->last; s++) {
		const struct interval *interval = &stage->written[s];

		if (ledger_is_whole(ledger, interval->run, interval->number,
				    LEDGER_ARRIVED | LEDGER_LOST))
			continue;
		ck_assert(stage->dropped[s]);
		++*intervals;
		frames += stage_frames(interval);
		for (int capture = 0; capture < CAPTURES; capture++) {
			const struct ledger_entry *entry =
				&ledger->entries[interval->run][interval->number][capture][0];

			if (entry->fate & (LEDGER_ARRIVED | LEDGER_LOST))
				frames -= entry->packets;
		}
	}
	return frames;
}

static void check_exporter(struct stage *stage, int number, uint64_t written, uint64_t gone_ns)
{
	const struct ledger *ledger = &stage->collectors[number].ledger;
	struct ledger_sums sums = ledger_sum(ledger, LEDGER_ARRIVED | LEDGER_LOST);
	uint64_t frames = sums.frames, intervals = 0, missing = 0;

	if (number != SUMS)
		missing = count_missing(stage, number, &intervals);
	if (number != SUMS || !stage->tight)
		ck_assert_msg(frames + missing == written,
			      "exporter %d: %" PRIu64 " frames and %" PRIu64 " missing of %" PRIu64,
			      number, frames, missing, written);
	ck_assert_uint_le(frames, written);
	ck_assert_uint_ge(stage->stated[number], intervals);
	if (!stage->tight) {
		ck_assert_uint_eq(frames, sums.ports);
		ck_assert_uint_eq(gone_ns, sums.gone_ns);
		ck_assert_uint_eq(stage->stated[number], 0);
	}
	stage->tally->lost += ledger_sum(ledger, LEDGER_LOST).frames;
	stage->tally->delivered += frames;
	stage->tally->dropped += stage->stated[number];
	stage->tally->repeats += ledger->repeats;
}

static void check_all(struct stage *stage)
{
	uint64_t written = 0, gone_ns = 0;

	for (uint64_t s = 1; s <= stage->last; s++) {
		written += stage_frames(&stage->written[s]);
		gone_ns += stage->written[s].gone_ns;
	}
	ck_assert_uint_eq(written + stage->lost_with_daemon, stage->sent);
	for (int i = 0; i < EXPORTERS; i++)
		check_exporter(stage, i, written, gone_ns);
	stage->tally->frames += stage->sent;
}

static void add_collectors(struct stage *stage)
{
	for (int i = 0; i < EXPORTERS; i++) {
		stage->tally->deaths += stage->collectors[i].deaths;
		stage->tally->refusals += stage->collectors[i].refusals;
		stage->tally->timeouts += stage->collectors[i].timeouts;
	}
}

static void remove_files(const char *folder)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	char path[256];

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		snprintf(path, sizeof(path), "%s/census.db%s", folder, endings[i]);
		unlink(path);
	}
}

void simulation_run(uint64_t seed, const char *path, struct simulation_tally *tally)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	uint64_t event_ns;

	ck_assert_ptr_nonnull(stage);
	disk_register();
	disk = (struct disk){0};
	remove_files(path);
	stage->chance.state = seed;
	stage->tally = tally;
	stage->now_ns = 1 + chance_below(&stage->chance, 1000 * SECOND);
	stage->offset_ns = EPOCH;
	stage->tight = seed % TIGHT == 0;
	stage->path = path;
	stage_begin(stage);
	stage_start(stage);
	for (uint64_t events = 0; events < LENGTH; events++) {
		event_ns = stage->now_ns + chance_below(&stage->chance, PAUSE * SECOND);
		while (stage->now_ns < event_ns)
			go_on(stage, event_ns);
		happen(stage);
	}
	settle(stage);
	check_all(stage);
	add_collectors(stage);
	remove_files(path);
	free(stage);
}
