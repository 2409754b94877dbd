/*
 * clock.h - when intervals end
 *
 * Ends lie on the wall clock's multiples of the interval; lengths and order come
 * from the steady clock, which also counts a suspend. A step of the wall clock
 * moves the next end by less than an interval, ends none twice, and is told.
 * Pure arithmetic: the caller asks the clocks.
 */
#ifndef WC_CLOCK_H
#define WC_CLOCK_H

#include <stdint.h>

struct wc_clock {
	uint64_t interval_ns;
	uint64_t end_ns;  /* steady: when the current interval is due to end */
	int64_t label_ns; /* wall: the multiple that this is */
};

/* Begins: the first interval ends at the first multiple that is at least half an interval away. */
void wc_clock_begin(struct wc_clock *clock, uint64_t interval_ns, uint64_t steady_ns,
		    int64_t wall_ns);

/*
 * Call at or after end_ns: sets the next end by where the wall clock is now. After a
 * suspend the intervals that were slept through are not made up for.
 */
void wc_clock_next(struct wc_clock *clock, uint64_t steady_ns, int64_t wall_ns);

#endif /* WC_CLOCK_H */
