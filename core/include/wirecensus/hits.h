/*
 * hits.h - packets and bytes of everything, in the rates of the ancestor's dump
 *
 * Net::Connection::Sniffer tells in the head of its dump files how much it saw: `hits`
 * per minute and `bytes` per second, by a low-pass of one hour over a first bin of
 * 300 s and bins of 60 s behind it. Here intervals are counted in place of packets: a
 * bin ends with the first interval that reaches its length.
 */
#ifndef WC_HITS_H
#define WC_HITS_H

#include <stdint.h>

struct wc_hits;

/* Begins to count. Returns NULL when memory is short; freed with wc_hits_free(). */
struct wc_hits *wc_hits_new(void);
void wc_hits_free(struct wc_hits *hits);

/* Counts the next interval, which was @length_ns long by the monotonic clock. */
void wc_hits_add(struct wc_hits *hits, uint64_t packets, uint64_t bytes, uint64_t length_ns);

struct wc_hits_rates {
	double per_minute, bytes_per_second; /* 0 until the first bin is over */
};

/* Returns the rates as of the end of the last interval. */
struct wc_hits_rates wc_hits_read(const struct wc_hits *hits);

#endif /* WC_HITS_H */
