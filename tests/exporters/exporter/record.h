/*
 * record.h - a format for the simulation: each row a struct that can be checked
 *
 * Row 1 of a snapshot has its frames, the others its ports. A greeting begins each
 * connection. Datagrams carry two records.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "format.h"

#define RECORD_ROWS 8 /* of one snapshot, at most */
#define RECORD_PAIR 2 /* records in a datagram */

struct record {
	uint32_t run;     /* of the daemon: the instance's number */
	uint32_t capture; /* 0 or 1 */
	uint64_t interval;
	uint32_t row, rows; /* from 1 */
	uint64_t packets;
	uint64_t gone_ns; /* of row 1: how long there was no interface */
	bool greeting;

	/* What the stamp told. */
	uint64_t before;
	bool first;
};

extern const struct wc_format record_format;

#endif /* RECORD_H */
