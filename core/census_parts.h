/*
 * census_parts.h - what a census is made of: for the files census*.c only
 */
#ifndef WC_CENSUS_PARTS_H
#define WC_CENSUS_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "census_plan.h"
#include "source.h"

struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_tables;   /* tables.h */
struct wc_worker;   /* worker.h */

struct wc_census_times {
	int64_t wall_ns;
	uint64_t steady_ns; /* goes on while the machine is suspended */
};

struct wc_census {
	char *name;
	char *observer;
	struct wc_census_plan plan;
	struct wc_worker *worker;
	const char *declined;   /* the source's */
	struct wc_tables *last; /* as the last snapshot had them */
	struct wc_source_stats last_stats;
	struct wc_tables *base; /* what was counted before this run; NULL: nothing */
	struct wc_tables *next_base;
	struct wc_source_stats base_stats;
	uint64_t interval;
	struct wc_census_times start; /* of the interval; live only */
	bool live;
	bool damaged;
};

/* Returns the time by both clocks. */
struct wc_census_times wc_census_now(void);

/*
 * Fills in the empty @snapshot with what was counted since the last one, and begins the next
 * interval. The worker stands still. Returns 0, or WC_FAILED (memory) with @error filled in.
 */
int wc_census_picture(struct wc_census *census, struct wc_snapshot *snapshot,
		      struct wc_error *error);

#endif /* WC_CENSUS_PARTS_H */
