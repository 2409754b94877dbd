/*
 * counter32.h - a 64-bit sum out of a 32-bit counter of the kernel's that runs over
 */
#ifndef WC_COUNTER32_H
#define WC_COUNTER32_H

#include <stdint.h>

struct wc_counter32 {
	uint32_t last;
	uint64_t sum;
};

/* Takes the counter's present value, at most 2^32 - 1 after the one before; returns the sum. */
static inline uint64_t wc_counter32_read(struct wc_counter32 *counter, uint32_t now)
{
	counter->sum += (uint32_t)(now - counter->last);
	counter->last = now;
	return counter->sum;
}

#endif /* WC_COUNTER32_H */
