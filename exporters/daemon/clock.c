#include "clock.h"

/* The first multiple of the interval that is at least half an interval behind @wall_ns. */
static int64_t next_multiple(int64_t wall_ns, int64_t interval)
{
	int64_t least = wall_ns + interval / 2;
	int64_t past = least % interval;

	if (past < 0) /* before 1970 */
		past += interval;
	return past ? least - past + interval : least;
}

void wc_clock_next(struct wc_clock *clock, uint64_t steady_ns, int64_t wall_ns)
{
	clock->label_ns = next_multiple(wall_ns, (int64_t)clock->interval_ns);
	clock->end_ns = steady_ns + (uint64_t)(clock->label_ns - wall_ns);
}

void wc_clock_begin(struct wc_clock *clock, uint64_t interval_ns, uint64_t steady_ns,
		    int64_t wall_ns)
{
	clock->interval_ns = interval_ns;
	wc_clock_next(clock, steady_ns, wall_ns);
}
