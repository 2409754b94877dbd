/*
 * stage.h - the daemon that a simulation runs, and all that it is given
 *
 * In place of its main loop and its keeper; clock, journal and exporters are the real
 * ones.
 */
#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chance.h"
#include "clock.h"
#include "collector.h"
#include "simulation.h"
#include "world.h"

struct wc_exporter; /* exporter.h */
struct wc_journal;  /* journal.h */

#define SECOND   UINT64_C(1000000000)
#define INTERVAL (10 * SECOND)

#define EXPORTERS 3 /* a stream, datagrams, and a stream of sums over 30 s */
#define SUMS      2
#define CAPTURES  2
#define PORTS     4
#define WAITING   4   /* intervals that wait for the disk, at most */
#define SEQUENCES 512 /* of the journal, in one seed */

/* One interval: what the daemon counted, and how it was written. */
struct interval {
	uint32_t run;
	uint64_t number;
	int64_t start_ns, end_ns;
	uint64_t length_ns;
	uint64_t packets[CAPTURES][PORTS];
	uint64_t gone_ns; /* how long the interface of the second capture was not there */
};

struct stage {
	struct chance chance;
	struct simulation_tally *tally;
	const char *path;  /* the folder of the journal */
	uint64_t now_ns;   /* steady */
	int64_t offset_ns; /* of the wall clock from it */
	struct wc_world world;
	struct collector collectors[EXPORTERS];
	bool tight; /* the journal may keep little */

	/* The daemon, while it runs. */
	bool running;
	uint32_t run;
	uint64_t number;
	struct wc_clock clock;
	struct wc_journal *journal;
	struct wc_exporter *exporters[EXPORTERS];
	uint64_t due_ns[EXPORTERS];  /* when each is to be stepped */
	uint64_t checked[EXPORTERS]; /* sequence up to which its position was seen to be right */
	uint64_t start_ns;
	uint64_t gone_since_ns;           /* 0: the interface of the second capture is there */
	struct interval now;              /* being counted */
	struct interval waiting[WAITING]; /* for the disk */
	size_t waits;

	/* What became of it all. */
	struct interval written[SEQUENCES]; /* by sequence */
	bool dropped[SEQUENCES];            /* by the journal */
	uint64_t last;                      /* sequence */
	uint64_t sent;                      /* frames */
	uint64_t lost_with_daemon;  /* not written, when it was killed or had waited too long */
	uint64_t stated[EXPORTERS]; /* lost intervals, as the exporters say */
};

/* Makes the world of @stage. */
void stage_begin(struct stage *stage);

/* Returns the time of its wall clock. */
int64_t stage_wall(const struct stage *stage);

/* Traffic: a few frames, which a running daemon counts. */
void stage_count(struct stage *stage);

/* The interface of the second capture goes, or comes again. */
void stage_turn_interface(struct stage *stage);

/* An interval begins now. */
void stage_begin_interval(struct stage *stage);

/* An interval ends: it is written, with those that waited, as far as the disk lets it. */
void stage_end_interval(struct stage *stage);

/* Returns the frames of an interval. */
uint64_t stage_frames(const struct interval *interval);

void stage_start(struct stage *stage);

/* Whatever is not on disk is gone. */
void stage_kill(struct stage *stage);

/*
 * As SIGTERM: the last interval is written, the exporters have until @deadline_ns, and no
 * longer. Returns true when they have delivered all.
 */
bool stage_finish(struct stage *stage, uint64_t deadline_ns);

/* Steps the exporters whose time has come, and checks their positions. */
void stage_step(struct stage *stage);

/* Steps all of them at once. */
void stage_wake(struct stage *stage);

/* When something is to be done next. */
uint64_t stage_next(const struct stage *stage);

#endif /* STAGE_H */
