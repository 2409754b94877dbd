/*
 * census_bed.h - a census of a capture file that the test writes
 */
#ifndef TESTS_CENSUS_BED_H
#define TESTS_CENSUS_BED_H

#include <stddef.h>
#include <stdint.h>

#include "capture.h"
#include "wirecensus/census.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

#define SECOND 1000000000
#define START  1700000000 /* of the captures, in seconds */

extern struct census_bed {
	struct capture capture;
	struct wc_options options;
	struct wc_census *census;
	char path[40];
	int file;
} bed;

/* Begins an empty capture with usual options; ends it, and the census. */
void bed_begin(void);
void bed_end(void);

/* Adds the frame of a recipe, @length bytes long on the wire; 0: as long as it is. */
void bed_add_frame(uint32_t seconds, uint32_t length, const char *text);

/* Adds every stack on Ethernet, a second after the other. Returns how many. */
size_t bed_add_stacks(void);

/* Opens a census of the first @size bytes of the capture. */
void bed_open(size_t size);

/* Reads to the end. */
void bed_read_all(void);

/* Takes a snapshot, to be freed with wc_snapshot_free(). */
struct wc_snapshot *bed_snapshot(void);

/* What the design promises of every interval; @before is what the last one left pending. */
void bed_adds_up(const struct wc_snapshot *made, uint64_t before);

#endif /* TESTS_CENSUS_BED_H */
