/*
 * simulation.h - the daemon's middle for some minutes of its own time, by a seed
 *
 * The daemon's clock, the real journal on a disk that fails, and real exporters to
 * collectors that fail, in one thread: clocks step, machines sleep, daemons are killed.
 * In the end all must be accounted for.
 */
#ifndef SIMULATION_H
#define SIMULATION_H

#include <stdint.h>

/* What happened, over all seeds: a test in which it never does proves nothing. */
struct simulation_tally {
	uint64_t clock_steps, suspends, kills, ends;
	uint64_t interface_events; /* gone, or there again */
	uint64_t disk_failures;    /* writes of an interval that failed */
	uint64_t waited;           /* intervals that were written late for it */
	uint64_t forgotten;        /* intervals that waited too long */
	uint64_t dropped;          /* intervals that the journal's bounds took from an exporter */
	uint64_t parts;            /* times that an exporter resumed within an interval */
	uint64_t deaths, refusals, timeouts; /* of collectors */
	uint64_t lost;                       /* packets that collectors lost after confirming */
	uint64_t repeats, greetings;
	uint64_t unlocated; /* times that a position could not be had at once */
	uint64_t intervals, frames, delivered;
};

/*
 * Runs one seed and adds to @tally; the running test fails where something is not
 * accounted for. The journal is kept in the folder @path.
 */
void simulation_run(uint64_t seed, const char *path, struct simulation_tally *tally);

#endif /* SIMULATION_H */
