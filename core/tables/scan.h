/*
 * scan.h - judges whether a source is knocking on doors
 *
 * A scanner tries other ports and other hosts all the time, and mostly in vain.
 * The state of a source is in two parts: struct wc_scan is counted into, frame by
 * frame; struct wc_scan_history is only touched when the source is judged, and
 * holds what the last hour brought.
 *
 * The caller tells from one frame alone, without looking anything up:
 *
 * attempt	on the row of its source: TCP with ACK and RST clear, so a SYN or a
 *		FIN, NULL or Xmas probe; UDP towards the side that serves.
 * answer	on the row of its destination: TCP SYN-ACK; UDP from the side that serves.
 * refusal	an answer, too, on the row of its destination: TCP RST-ACK with sequence
 *		0 (RFC 9293, 3.10.7.1); ICMP or ICMPv6 port unreachable about UDP towards
 *		the side that serves.
 *
 * In mode plain every TCP and UDP packet is an attempt, and nothing is an answer.
 */
#ifndef WC_SCAN_H
#define WC_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "sketch.h"
#include "wirecensus/options.h"

/* A sliding hour: bins of ten minutes, of which the last is still open. */
#define WC_SCAN_BIN_S 600
#define WC_SCAN_BINS  6

/* UDP targets that a source remembers. */
#define WC_SCAN_RECENT 3

enum { WC_SCAN_TCP, WC_SCAN_UDP, WC_SCAN_TRANSPORTS };

struct wc_scan_rule {
	enum wc_scan_mode mode;
	uint32_t threshold; /* port changes, or hosts, in an hour */
};

/* Answers include refusals. In a source they are cumulative, modulo 2^32. */
struct wc_scan_counts {
	uint32_t attempts[WC_SCAN_TRANSPORTS];
	uint32_t answers[WC_SCAN_TRANSPORTS];
	uint32_t refused;
	uint32_t port_changes; /* attempts to another port than the last */
};

/* What is counted into: 64 bytes. All zero is a source that never tried. */
struct wc_scan {
	struct wc_scan_counts counts;
	uint16_t last_port;
	uint16_t recent[WC_SCAN_RECENT]; /* UDP targets, the last one first; 0: none */
	struct wc_sketch hosts, ports;   /* tried since wc_scan_clear() */
};

/* True if a TCP frame with these flags is an attempt. */
static inline bool wc_scan_is_attempt(uint8_t tcp_flags)
{
	return !(tcp_flags & 0x14); /* ACK and RST */
}

/*
 * Counts an attempt at @port of the host whose address has @host_hash, a keyed
 * hash. Ports need no key, as only their changes are judged. Called for every
 * attempt by TCP, and in mode plain for every packet.
 */
static inline void wc_scan_attempt(struct wc_scan *scan, unsigned transport, uint64_t host_hash,
				   uint16_t port)
{
	uint64_t port_hash = (port + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);

	port_hash = (port_hash ^ port_hash >> 32) * UINT64_C(0xd6e8feb86659fd93);
	if (port != scan->last_port &&
	    (scan->counts.attempts[WC_SCAN_TCP] | scan->counts.attempts[WC_SCAN_UDP]))
		scan->counts.port_changes++;
	scan->last_port = port;
	scan->counts.attempts[transport]++;
	wc_sketch_add(&scan->hosts, host_hash);
	wc_sketch_add(&scan->ports, port_hash ^ port_hash >> 32);
}

/*
 * Counts a UDP frame towards the side that serves. A stream sends to one target
 * again and again, and is answered seldom or never: a frame to one of the three
 * targets that the source tried last goes on with that attempt, and is no new one.
 * One target in 20,000 is mistaken for another.
 */
static inline void wc_scan_datagram(struct wc_scan *scan, uint64_t host_hash, uint16_t port)
{
	uint16_t mixed = (uint16_t)((host_hash ^ port) * UINT64_C(0x9e3779b97f4a7c15) >> 48);
	uint16_t target = mixed ? mixed : 1, moved = target;

	for (int i = 0; i < WC_SCAN_RECENT; i++) {
		uint16_t next = scan->recent[i];

		scan->recent[i] = moved;
		if (next == target)
			return;
		moved = next;
	}
	wc_scan_attempt(scan, WC_SCAN_UDP, host_hash, port);
}

/* Counts an answer to the source, @refused if it says no. */
static inline void wc_scan_answer(struct wc_scan *scan, unsigned transport, bool refused)
{
	scan->counts.answers[transport]++;
	scan->counts.refused += refused;
}

/* Adds what another worker counted for the same source, to be judged as one. */
void wc_scan_merge(struct wc_scan *scan, const struct wc_scan *more);

/* Forgets which hosts and ports were tried: once the source has been judged. */
void wc_scan_clear(struct wc_scan *scan);

/* What a scanner did within the hour. */
struct wc_scan_evidence {
	uint32_t attempts, refused;
	uint32_t unanswered; /* 0 in mode plain: not known */
	uint32_t port_changes;
	uint32_t distinct_ports, distinct_hosts; /* by sketch.h */
};

struct wc_scan_bin {
	struct wc_scan_counts counts;
	struct wc_sketch hosts, ports;
};

/* What judging needs: 400 bytes beside a source that has tried. All zero before the first time. */
struct wc_scan_history {
	struct wc_scan_bin bins[WC_SCAN_BINS];
	struct wc_scan_counts before; /* of the source, when it was last judged */
	uint64_t judged_s;
	struct wc_scan_evidence evidence; /* not yet reported; no attempts: none */
	bool tried;                       /* in the interval that was last judged */
	bool found;                       /* to be a scanner, then */
};

/* True if a file's source, which tries at @now_s, is to be judged before that is counted. */
static inline bool wc_scan_is_due(const struct wc_scan_history *history, uint64_t now_s)
{
	return now_s / WC_SCAN_BIN_S > history->judged_s / WC_SCAN_BIN_S;
}

/*
 * Judges a source at @now_s: live at the end of each interval, by a clock that
 * goes on while the machine is suspended; in a file when it is due, and at the
 * end, by the time at which the source was last seen. It is a scanner when in the
 * sliding hour
 *
 * - its port changes or its distinct hosts reach the threshold. Hosts are known by
 *   their sketch, of which three quarters are enough: that misses one source in
 *   400 with just 20 hosts, and takes in nearly none with 10; and
 * - refused and unanswered attempts together are at least half of its attempts.
 *   Unanswered are attempts less answers, for TCP and UDP apart, never below 0.
 *   Attempts since it was last judged count as answered, unless @settled: they had
 *   their time, as the file has ended or the interval was of ten minutes or more.
 *
 * It goes on when it tried since then, or before that and was not found so far.
 * In mode plain port changes alone are judged.
 */
void wc_scan_judge(struct wc_scan_history *history, const struct wc_scan *scan,
		   const struct wc_scan_rule *rule, uint64_t now_s, bool settled);

/*
 * Takes what was found since the last report: the evidence with most attempts.
 * Returns false when the source was not found to be a scanner.
 */
bool wc_scan_report(struct wc_scan_history *history, struct wc_scan_evidence *evidence);

/* True if @source lies in one of the networks that are never reported. */
bool wc_scan_is_ignored(const struct wc_networks *ignored, const struct wc_address *source);

#endif /* WC_SCAN_H */
