/*
 * stage_intervals.c - what the daemon on the stage counts, and how it comes into the journal
 */
#include "stage.h"

#include <check.h>
#include <string.h>

#include "journal.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

void stage_count(struct stage *stage)
{
	uint64_t packets = chance_below(&stage->chance, 5);
	uint64_t which = chance_next(&stage->chance);

	if (stage->running && !(stage->gone_since_ns && which % CAPTURES == 1)) {
		stage->now.packets[which % CAPTURES][which / CAPTURES % PORTS] += packets;
		stage->sent += packets;
	}
}

/* What has passed without an interface belongs to the interval that it passed in. */
static void count_gone(struct stage *stage)
{
	if (!stage->gone_since_ns)
		return;
	stage->now.gone_ns += stage->now_ns - stage->gone_since_ns;
	stage->gone_since_ns = stage->now_ns;
}

void stage_turn_interface(struct stage *stage)
{
	count_gone(stage);
	stage->gone_since_ns = stage->gone_since_ns ? 0 : stage->now_ns;
	stage->tally->interface_events++;
}

uint64_t stage_frames(const struct interval *interval)
{
	uint64_t sum = 0;

	for (int i = 0; i < CAPTURES * PORTS; i++)
		sum += interval->packets[i / PORTS][i % PORTS];
	return sum;
}

/* Makes the snapshot of one capture, as the census would. */
static void make_snapshot(struct wc_snapshot *snapshot, struct wc_port_row rows[static PORTS],
			  const struct interval *interval, int capture)
{
	*snapshot = (struct wc_snapshot){
		.capture = capture ? "b" : "a",
		.observer = "eth0",
		.interval = interval->number,
		.start_ns = interval->start_ns,
		.end_ns = interval->end_ns,
		.length_ns = interval->length_ns,
		.complete = !capture || !interval->gone_ns,
		.ports = rows,
		.delta.gone_ns = capture ? interval->gone_ns : 0,
	};
	for (int port = 0; port < PORTS; port++) {
		uint64_t packets = interval->packets[capture][port];

		if (!packets)
			continue;
		rows[snapshot->port_rows++] = (struct wc_port_row){.protocol = 6,
								   .port = (uint16_t)(port + 1),
								   .delta.all = {packets, packets}};
		snapshot->delta.frames += packets;
	}
	snapshot->delta.received = snapshot->delta.frames;
	snapshot->delta.classes[WC_CLASS_TCP] =
		(struct wc_counts){snapshot->delta.frames, snapshot->delta.frames};
}

/* Which of the intervals that were written the journal no longer has. */
static void note_dropped(struct stage *stage)
{
	struct wc_journal_group group = {0};
	struct wc_journal_reader *reader;
	struct wc_error error;
	uint64_t after = 0;

	ck_assert(!wc_journal_reader_open(&reader, stage->journal, &error));
	while (wc_journal_next(reader, after, 0, &group, &error) == 1) {
		while (++after < group.first)
			stage->dropped[after] = true;
	}
	while (++after <= stage->last)
		stage->dropped[after] = true;
	wc_journal_reader_close(reader);
}

/* Writes what waits, as far as the disk lets it. */
static void write_waiting(struct stage *stage)
{
	struct wc_port_row rows[CAPTURES][PORTS];
	struct wc_snapshot snapshots[CAPTURES];
	const struct wc_snapshot *both[CAPTURES] = {&snapshots[0], &snapshots[1]};
	struct wc_error error;

	while (stage->waits) {
		const struct interval *interval = &stage->waiting[0];
		uint64_t last;

		for (int capture = 0; capture < CAPTURES; capture++)
			make_snapshot(&snapshots[capture], rows[capture], interval, capture);
		if (wc_journal_write(stage->journal, both, CAPTURES, &error)) {
			stage->tally->disk_failures++;
			return;
		}
		last = wc_journal_last(stage->journal);
		ck_assert_uint_eq(last, stage->last + 1);
		ck_assert_uint_lt(last, SEQUENCES);
		stage->last = last;
		stage->written[last] = *interval;
		stage->waits--;
		stage->tally->waited += stage->waits != 0;
		memmove(&stage->waiting[0], &stage->waiting[1], stage->waits * sizeof(*interval));
		if (stage->tight)
			note_dropped(stage);
	}
}

void stage_begin_interval(struct stage *stage)
{
	stage->now = (struct interval){
		.run = stage->run,
		.number = ++stage->number,
		.start_ns = stage_wall(stage),
	};
	stage->start_ns = stage->now_ns;
}

void stage_end_interval(struct stage *stage)
{
	count_gone(stage);
	stage->now.end_ns = stage_wall(stage);
	stage->now.length_ns = stage->now_ns - stage->start_ns;
	if (stage->waits == WAITING) {
		stage->lost_with_daemon += stage_frames(&stage->waiting[0]);
		stage->tally->forgotten++;
		memmove(&stage->waiting[0], &stage->waiting[1],
			--stage->waits * sizeof(stage->now));
	}
	stage->waiting[stage->waits++] = stage->now;
	stage->tally->intervals++;
	write_waiting(stage);
	stage_begin_interval(stage);
	wc_clock_next(&stage->clock, stage->now_ns, stage_wall(stage));
	stage_wake(stage);
}
