/*
 * timescale.h - ticks of a pcapng interface to nanoseconds since 1970
 *
 * draft-ietf-opsawg-pcapng, section 4.2: if_tsresol is a negative power of 10,
 * or of 2 when its highest bit is set; if_tsoffset is in seconds.
 */
#ifndef WC_TIMESCALE_H
#define WC_TIMESCALE_H

#include <stdbool.h>
#include <stdint.h>

/* Of an interface that says nothing: microseconds. */
#define WC_TIMESCALE_RESOLUTION 6

struct wc_timescale {
	int64_t offset_s;
	uint64_t multiplier; /* nanoseconds a tick, or 0 */
	uint64_t divisor;    /* ticks a nanosecond, or 0 */
	uint8_t shift;       /* 2^shift ticks a second, when both are 0 */
};

/* Makes a scale of the values of if_tsresol and if_tsoffset, whatever they are. */
struct wc_timescale wc_timescale_make(uint8_t resolution, int64_t offset_s);

/* Returns the time, or WC_TIME_UNKNOWN when 64 bits of nanoseconds do not hold it. */
int64_t wc_timescale_ns(const struct wc_timescale *scale, uint64_t ticks);

#endif /* WC_TIMESCALE_H */
