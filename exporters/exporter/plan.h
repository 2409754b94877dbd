/*
 * plan.h - what an exporter is to do, from its format and its options
 *
 * Worked out once: where to, which rows, how often, how the messages travel.
 */
#ifndef WC_PLAN_H
#define WC_PLAN_H

#include <stdint.h>

#include "format.h"
#include "place.h"
#include "rows.h"
#include "wirecensus/options.h"

struct wc_delivery;          /* delivery.h */
struct wc_error;             /* wirecensus/error.h */
struct wc_exporter_settings; /* exporter.h */

struct wc_plan {
	struct wc_place place;
	struct wc_framing framing;
	struct wc_texts captures; /* their names, for the framing */
	struct wc_selection selection;
	uint64_t group_ns; /* multiples where groups end; 0: each interval is one */
	uint64_t span_ns;  /* over which the datagrams of a group are spread, at most */
	struct wc_delivery *delivery;
};

/*
 * Fills in @plan, which begins as zeros, and makes the delivery. Returns 0, or a negative
 * code with @error filled in. Either way it is freed with wc_plan_free().
 */
int wc_plan_make(struct wc_plan *plan, const struct wc_exporter_settings *settings,
		 struct wc_error *error);
void wc_plan_free(struct wc_plan *plan);

#endif /* WC_PLAN_H */
