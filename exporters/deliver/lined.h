/*
 * lined.h - the delivery over a line, for the kinds that a library carries
 */
#ifndef WC_LINED_H
#define WC_LINED_H

#include <stddef.h>
#include <stdint.h>

struct wc_delivery;  /* delivery.h */
struct wc_error;     /* wirecensus/error.h */
struct wc_line_plan; /* line.h */
struct wc_place;     /* place.h */

struct wc_lined_settings {
	struct wc_line_plan *plan;
	uint64_t patience_ns; /* the library's own; it is given up after several times as much */
	size_t longest;
};

/*
 * Makes a delivery that takes over @place and the plan. Returns 0, or WC_FAILED (memory) with
 * @error filled in: both are then still the caller's.
 */
int wc_lined_new(struct wc_delivery **delivery, struct wc_place *place,
		 const struct wc_lined_settings *settings, struct wc_error *error);

#endif /* WC_LINED_H */
