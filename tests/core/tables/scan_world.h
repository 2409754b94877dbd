/*
 * scan_world.h - one source that tries hosts and ports, judged interval by interval
 */
#ifndef TESTS_SCAN_WORLD_H
#define TESTS_SCAN_WORLD_H

#include "scan.h"

struct world {
	struct wc_scan scan;
	struct wc_scan_history history;
	struct wc_scan_rule rule;
	double now_s, interval_s, next_s; /* the next end of an interval */
	int reports;
	double first_report_s;
	struct wc_scan_evidence evidence; /* of the last report */
};

/* Begins at a time like those of a clock, with intervals of ten seconds. */
void world_start(struct world *world);

/* Lets @seconds pass. */
void world_pass(struct world *world, double seconds);

/* Ends the interval now. */
void world_judge(struct world *world);

/* What a frame from or to the source means. Hosts are numbers. */
void world_syn(struct world *world, uint64_t host, uint16_t port);
void world_datagram(struct world *world, uint64_t host, uint16_t port);
void world_answer(struct world *world, unsigned transport);
void world_refusal(struct world *world, unsigned transport);

/* A keyed hash for a host's number. */
uint64_t world_hash(uint64_t host);

#endif /* TESTS_SCAN_WORLD_H */
