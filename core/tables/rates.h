/*
 * rates.h - packets, connections and bytes per hour of one host
 *
 * A first-order low-pass with a time constant of one hour, over bins of at least
 * 300 s. What comes in is added to the open bin, in integers; a bin that is over
 * is closed by the next packet, which belongs to the new one:
 *
 *	first bin:	R = C * 3600 / d	d: seconds since the bin was opened
 *	later bins:	R = (R + C) * 3600 / (3600 + d)
 *
 * A host that stays silent closes no bin; its rate decays when it is read, which
 * changes nothing in the state. Two modes:
 *
 * - default: the first bin begins with the host's first packet.
 * - ncs: the arithmetic of Net::Connection::Sniffer. Times are whole seconds. Only
 *   hosts that were seen in the second in which counting began have a first bin,
 *   which lasts until it has five packets; all others ramp up from 0. Rates stand
 *   still between two bins. A connection is a packet.
 */
#ifndef WC_RATES_H
#define WC_RATES_H

#include <stdbool.h>
#include <stdint.h>

#include "wirecensus/options.h"

#define WC_RATE_SECOND INT64_C(1000000000)

/* The shortest bin, in ns. */
#define WC_RATE_BIN (300 * WC_RATE_SECOND)

/* How much of its first bin must have passed before a rate is known. */
#define WC_RATE_KNOWN (60 * WC_RATE_SECOND)

struct wc_rate_rule {
	enum wc_rate_mode mode;
	int64_t start_ns; /* ncs: when counting began, by the clock of the frames */
};

/*
 * The state of a host: 64 bytes. All zero is a host that was never seen. Times
 * are in ns on any one clock that starts at 0 or later: for frames that of the
 * capture, for intervals one that goes on while the machine is suspended.
 */
struct wc_rate {
	int64_t over_ns; /* when the open bin is over: WC_RATE_BIN after its begin */
	uint64_t packets, connections, bytes;                          /* in the open bin */
	double packets_per_hour, connections_per_hour, bytes_per_hour; /* of the closed ones */
	uint8_t phase;
};

struct wc_rates {
	double packets, connections, bytes; /* per hour */
};

/*
 * Ends the open bin, or goes on with it. Called for a packet at @now_ns, before it
 * is added to packets, connections and bytes, when @now_ns has reached over_ns. A
 * time that is not known (negative) changes nothing.
 */
void wc_rate_turn(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t now_ns);

/* What an interval added. */
struct wc_rate_delta {
	uint64_t packets, connections, bytes;
};

/*
 * Counts all of an interval at once, in default mode: the bin then ends with the
 * first interval that is over 300 s behind its begin. Intervals may have any
 * length, and may be left out where nothing was counted; no packets change nothing.
 * For a new host, @start_ns is when it was first seen, if that is known, or else
 * the interval's start, so that a rate is never too high.
 */
void wc_rate_add(struct wc_rate *rate, const struct wc_rate_delta *delta, int64_t start_ns,
		 int64_t end_ns);

/*
 * Reads the rates at @now_ns and changes nothing. Returns false, and zeros, while
 * they are not known: in default mode before a host's first bin is 60 s old, as
 * less does not tell what an hour will be like. In mode ncs they are 0 until the
 * first bin is closed, and true is returned.
 */
bool wc_rate_read(const struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t now_ns,
		  struct wc_rates *rates);

/* Returns when the open bin began, in ns: the ancestor's E. Negative: never. */
int64_t wc_rate_opened(const struct wc_rate *rate);

/* ncs: true if a host is to be forgotten: its bin began more than a day ago, in whole seconds. */
bool wc_rate_is_old(const struct wc_rate *rate, int64_t now_ns);

/*
 * The ancestor's rate of everything, `hits` and `bytes` in the head of its dump:
 * a first bin from the start of counting, of 300 s and five packets at least, and
 * bins of 60 s behind it. Exact to its last defect: when the rate falls below one
 * an hour, the next bin is measured from the start again.
 */
struct wc_rate_all {
	int64_t start_ns;
	int64_t over_ns;    /* when the open bin is over */
	int64_t updated_ns; /* when it began */
	uint64_t packets, bytes;
	double packets_per_hour, bytes_per_hour;
};

/* Begins at @start_ns. */
void wc_rate_all_start(struct wc_rate_all *all, int64_t start_ns);

void wc_rate_all_turn(struct wc_rate_all *all, int64_t now_ns);

/* Counts one packet. Called for every frame. */
static inline void wc_rate_all_count(struct wc_rate_all *all, int64_t now_ns, uint32_t bytes)
{
	if (now_ns >= all->over_ns)
		wc_rate_all_turn(all, now_ns);
	all->packets++;
	all->bytes += bytes;
}

#endif /* WC_RATES_H */
