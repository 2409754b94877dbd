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
#include "packet.h"
#include "rules.h"
#include "wirecensus/snapshot.h"

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

/* A time in the units of a row's head.due. */
static inline uint32_t wc_host_units(int64_t ns)
{
	return (uint32_t)(ns >> 28);
}

/* True if a frame of @now_ns, which may be unknown, is one that head.due waits for. */
static inline bool wc_host_is_due(const struct wc_host_entry *row, int64_t now_ns)
{
	return now_ns >= 0 &&
	       (row->head.due == 0 || (int32_t)(wc_host_units(now_ns) - row->head.due) >= 0);
}

/* True if nothing has been counted on the row: what is beside it is 0, and was never touched. */
static inline bool wc_host_is_fresh(const struct wc_host_entry *row)
{
	return !row->sent.packets && !row->received.packets;
}

/* Notes that the host was heard at @ns. */
static inline void wc_host_see(struct wc_host_entry *row, int64_t ns)
{
	if (ns > row->last_ns)
		row->last_ns = ns;
}

/*
 * For how long from @now_ns on a row is not due, in the same units, as far as 16 bits
 * tell; 0 when it is due, or the time not known.
 */
static inline uint16_t wc_host_quiet(const struct wc_host_entry *row, int64_t now_ns)
{
	uint32_t left = row->head.due - wc_host_units(now_ns);

	if (now_ns < 0 || wc_host_is_due(row, now_ns))
		return 0;
	return left < UINT16_MAX ? (uint16_t)left : UINT16_MAX;
}

/* True if a packet without an event means anything to wc_hosts_count_scan(). */
static inline bool wc_hosts_has_scan(const struct wc_rules *rules, const struct wc_packet *packet)
{
	return packet->class == WC_CLASS_UDP ||
	       (packet->class == WC_CLASS_TCP &&
		(wc_scan_is_attempt(packet->tcp_flags) || rules->scan.mode == WC_SCAN_PLAIN));
}

/*
 * What the packet means to whoever is judged a scanner or not: see scan.h. A part of
 * wc_hosts_count().
 */
void wc_hosts_count_scan(struct wc_hosts *hosts, const struct wc_rules *rules,
			 const struct wc_packet *packet, const struct wc_host_entry *source,
			 const struct wc_host_entry *destination, bool reverse);

/*
 * Counts the packet on the rows of both of its ends, or in `other` where one is NULL.
 * @reverse says of a UDP packet, or of an ICMP error about one, that it comes from the side that
 * serves.
 */
void wc_hosts_count(struct wc_hosts *hosts, const struct wc_rules *rules,
		    const struct wc_packet *packet, struct wc_host_entry *source,
		    struct wc_host_entry *destination, bool reverse);

/*
 * Brings the packets in the open bin of a row's rate, by the frames' times, up to
 * date: it is only written when a bin is over.
 */
struct wc_rate wc_hosts_rate_now(const struct wc_hosts *hosts, size_t number);

/* Returns the row @number, and the number of a row. */
static inline struct wc_host_entry *wc_hosts_row(const struct wc_hosts *hosts, uint32_t number)
{
	return (struct wc_host_entry *)(void *)hosts->table.rows + number;
}

static inline uint32_t wc_hosts_number(const struct wc_hosts *hosts,
				       const struct wc_host_entry *row)
{
	return (uint32_t)(row - wc_hosts_row(hosts, 0));
}

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
