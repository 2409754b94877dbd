/*
 * census_plan.h - from the options to all that a census counts by
 */
#ifndef WC_CENSUS_PLAN_H
#define WC_CENSUS_PLAN_H

#include <stdbool.h>

#include "rules.h"
#include "wirecensus/options.h"

struct wc_error;  /* wirecensus/error.h */
struct wc_filter; /* filter.h */
struct wc_match;  /* match.h */

struct wc_census_plan {
	struct wc_filter *filter; /* NULL: all frames */
	struct wc_match *match;   /* NULL: whatever is in them */
	struct wc_networks never; /* scanners */
	struct wc_rules rules;    /* but for rules.never, which whoever has the plan points there */
};

/*
 * Fills in @plan, for an interface or a file. Returns 0 and a plan to be emptied with
 * wc_census_plan_free(), or a negative code with @error filled in: a wrong filter or
 * text, no memory, no random numbers.
 */
int wc_census_plan_make(struct wc_census_plan *plan, const struct wc_options *options, bool live,
			struct wc_error *error);
/*
 * Is what only the kernel engine does, and what it does at one place alone, asked for so that it
 * can be? Returns 0, or WC_INVALID with @error filled in.
 */
int wc_census_plan_attach(const struct wc_options *options, struct wc_error *error);
void wc_census_plan_free(struct wc_census_plan *plan);

#endif /* WC_CENSUS_PLAN_H */
