/*
 * steady.h - the clock of deadlines: CLOCK_BOOTTIME in ns, which no step moves and no suspend stops
 */
#ifndef WC_STEADY_H
#define WC_STEADY_H

#include <stdint.h>
#include <time.h>

#define WC_SECOND_NS UINT64_C(1000000000)

static inline uint64_t wc_steady_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * WC_SECOND_NS + (uint64_t)now.tv_nsec;
}

/* What is left until @deadline_ns; 0 when it has passed. */
static inline uint64_t wc_steady_left(uint64_t deadline_ns)
{
	uint64_t now = wc_steady_now();

	return deadline_ns > now ? deadline_ns - now : 0;
}

#endif /* WC_STEADY_H */
