/*
 * census.h - snapshots as no wire makes them, for the journal
 *
 * The same seed gives the same snapshot. Counts are of any size that fits a
 * signed integer, addresses of every kind, and some rows were not heard.
 */
#ifndef CENSUS_H
#define CENSUS_H

#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

#define CENSUS_START_NS  INT64_C(1700000000000000000) /* 2023-11-14T22:13:20Z */
#define CENSUS_SECOND_NS INT64_C(1000000000)

struct census_random {
	uint64_t state;
};

/* Returns a number below @bound. */
uint64_t census_number(struct census_random *random, uint64_t bound);

/* Makes a snapshot with up to @rows rows of each kind; small counts if @small. */
struct wc_snapshot *census_make(uint64_t seed, size_t rows, bool small);

/*
 * Makes one with exactly @rows ports, conversations and hosts, which are the same for every
 * @seed, each heard; the totals are their sums.
 */
struct wc_snapshot *census_usual(uint64_t seed, size_t rows);

/* Makes one with all ports of both transports. */
struct wc_snapshot *census_full(uint64_t seed);

/* Gives it the @number'th interval of @seconds behind CENSUS_START_NS. */
void census_date(struct wc_snapshot *snapshot, uint64_t number, unsigned seconds);

void census_free(struct wc_snapshot *snapshot);

#endif /* CENSUS_H */
