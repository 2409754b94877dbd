/*
 * flows.h - frames into tables by given rules, and snapshots that add up
 *
 * The host is that of cases.h; the private networks are local, too. What is counted
 * is decoded by one memo, so that the rows of a pair of addresses are known again.
 */
#ifndef TESTS_FLOWS_H
#define TESTS_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "memo.h"
#include "packet.h"
#include "rules.h"
#include "tables.h"
#include "wirecensus/snapshot.h"

struct wc_local; /* local.h */

#define FLOWS_SECOND INT64_C(1000000000)

struct flows {
	struct wc_rules rules; /* set before flows_begin() */
	struct wc_local *local;
	struct wc_memo memo; /* which knows pairs of addresses again, all the time */
	struct wc_tables *tables, *last;
	struct wc_snapshot snapshot; /* the last one */
	uint64_t now_ns;             /* by the steady clock; what frames' times are by default */
	uint64_t hosts_heard;        /* packets with addresses since the last snapshot */
};

/* Makes tables by flows->rules, whose bounds are 1024 unless they are given. */
void flows_begin(struct flows *flows);
void flows_end(struct flows *flows);

/* Decodes the frame of a recipe, with the time of the clock; counts it @times times. */
struct wc_packet flows_decode(struct flows *flows, const char *recipe);
void flows_frame(struct flows *flows, const char *recipe, unsigned times);
void flows_packet(struct flows *flows, const struct wc_packet *packet, unsigned times);

/* Counts a UDP frame, or a SYN, from one host of 10.0.0.0/16 to another, @times times. */
void flows_talk(struct flows *flows, unsigned from, unsigned to, bool syn, unsigned times);

/*
 * Ends an interval of @seconds. Fails the test unless conversations add up to the
 * port rows, in packets, bytes and new, and hosts to the frames that had addresses.
 */
void flows_collect(struct flows *flows, uint64_t seconds);

/* Finds the row of a host in the last snapshot; NULL: it has none. */
const struct wc_host_row *flows_host(const struct flows *flows, const char *address);
const struct wc_scanner_row *flows_scanner(const struct flows *flows, const char *address);

/* Fails the test unless these are the counts of @way. */
void flows_assert_way(const struct wc_host_way *way, uint64_t packets, uint64_t bytes,
		      uint64_t new);

#endif /* TESTS_FLOWS_H */
