/*
 * pace.h - when to try again, and when to send the next datagram
 *
 * Pure arithmetic: the caller asks the clock. Times are of the steady clock, in ns.
 */
#ifndef WC_PACE_H
#define WC_PACE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Returns how long to wait after the @failures-th failure in a row, counted from 1: a
 * random part of 0.5 s, then of twice as much each time, up to 60 s, so that many
 * exporters do not come back to a collector at the same instant.
 */
uint64_t wc_pace_backoff(unsigned failures, uint64_t random);

/* Datagrams that may follow each other without a pause, where sending is late. */
#define WC_PACE_BURST 16

/*
 * Returns the time between datagrams: of @wanted a second, or, where that is 0, a
 * millisecond, or less if @count of them would take longer than @span_ns.
 */
uint64_t wc_pace_gap(uint64_t wanted, uint64_t count, uint64_t span_ns);

/* Begins as all zeros: the first can be sent at once. */
struct wc_pace {
	uint64_t next_ns; /* when the next datagram can be sent */
};

/* Notes a datagram that was sent at @now_ns: one each @gap_ns can be, and a burst after a pause. */
void wc_pace_sent(struct wc_pace *pace, uint64_t now_ns, uint64_t gap_ns);

#endif /* WC_PACE_H */
