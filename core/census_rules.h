/*
 * census_rules.h - from the options to the rules that the tables count by
 */
#ifndef WC_CENSUS_RULES_H
#define WC_CENSUS_RULES_H

#include <stdbool.h>

struct wc_error;   /* wirecensus/error.h */
struct wc_options; /* wirecensus/options.h */
struct wc_rules;   /* rules.h */

/*
 * Fills in the zeroed @rules, but for the networks that are never scanners.
 * Returns 0, or WC_FAILED with @error filled in when there are no random numbers.
 */
int wc_census_rules(struct wc_rules *rules, const struct wc_options *options, bool live,
		    struct wc_error *error);

#endif /* WC_CENSUS_RULES_H */
