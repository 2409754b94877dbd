/*
 * hosts.h - what each address sent and received, its rates, and whom it tries
 *
 * One row per address of every frame with a valid IP header. Frames without room
 * for a row are in `other`, apart for what they sent and what they received, so
 * that rows and `other` add up.
 */
#ifndef WC_HOSTS_H
#define WC_HOSTS_H

#include <stdint.h>

#include "keyed.h"
#include "rules.h"
#include "wirecensus/snapshot.h"

struct wc_packet; /* packet.h */

/* The rest of the key is the row's kind: the version. */
struct wc_host_key {
	uint64_t high, low;
};

struct wc_host_counts {
	struct wc_counts all;
	uint64_t new;
};

/*
 * One cache line: what every frame counts. Where rates and scanners go by the
 * frames' times, head.due says when there may be more to do, in units of 2^28 ns
 * and modulo 2^32: by then a bin is over. 0: with the next frame.
 */
struct wc_host_entry {
	struct wc_keyed_head head;
	struct wc_host_key key;
	struct wc_counts sent, received;
	int64_t last_ns;
};

/* What lies beside each row. */
enum {
	WC_HOST_NOTES,   /* struct wc_host_notes */
	WC_HOST_RATE,    /* struct wc_rate: brought up to date when a bin is over, or an interval */
	WC_HOST_SCAN,    /* struct wc_scan: only of hosts that try, or are tried */
	WC_HOST_HISTORY, /* struct wc_scan_history: only of those that try often */
};

/* What few frames count, and what the last snapshot had. */
struct wc_host_notes {
	uint64_t sent_new, received_new;
	int64_t first_ns;
	struct wc_host_counts sent_before, received_before;
	struct wc_rate_delta binned; /* what was counted when the rate's open bin began */
	uint32_t active_s; /* the last snapshot that found it counted, by a steady clock */
};

struct wc_hosts {
	struct wc_keyed table;
	struct wc_rate_rule
		rates; /* ncs: counting begins with the first frame whose time is known */
	struct wc_host_counts other_sent, other_received;
	struct wc_host_counts other_sent_before, other_received_before; /* at the last snapshot */
};

/* Results as wc_keyed_open(). */
int wc_hosts_open(struct wc_hosts *hosts, const struct wc_rules *rules);
void wc_hosts_close(struct wc_hosts *hosts);

/*
 * Returns the row of one end of a packet, made if there was none, or NULL when there
 * is no room for one. @number is what wc_keyed_look() said of its tag.
 */
struct wc_host_entry *wc_hosts_find(struct wc_hosts *hosts, const struct wc_address *address,
				    uint32_t tag, uint32_t number, const struct wc_packet *packet);

/*
 * Counts the packet on the rows of both of its ends, or in `other` where one is NULL.
 * @reverse says of a UDP packet that it comes from the side that serves.
 */
void wc_hosts_count(struct wc_hosts *hosts, const struct wc_rules *rules,
		    const struct wc_packet *packet, struct wc_host_entry *source,
		    struct wc_host_entry *destination, bool reverse);

/*
 * Brings the packets in the open bin of a row's rate, by the frames' times, up to
 * date: it is only written when a bin is over.
 */
struct wc_rate wc_hosts_rate_now(const struct wc_hosts *hosts, size_t number);

/* Returns what lies beside the row @number. */
static inline struct wc_host_notes *wc_hosts_notes(const struct wc_hosts *hosts, size_t number)
{
	return wc_keyed_side(&hosts->table, WC_HOST_NOTES, number);
}

static inline struct wc_rate *wc_hosts_rate(const struct wc_hosts *hosts, size_t number)
{
	return wc_keyed_side(&hosts->table, WC_HOST_RATE, number);
}

static inline struct wc_scan *wc_hosts_scan(const struct wc_hosts *hosts, size_t number)
{
	return wc_keyed_side(&hosts->table, WC_HOST_SCAN, number);
}

static inline struct wc_scan_history *wc_hosts_history(const struct wc_hosts *hosts, size_t number)
{
	return wc_keyed_side(&hosts->table, WC_HOST_HISTORY, number);
}

#endif /* WC_HOSTS_H */
