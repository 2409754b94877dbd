/*
 * collector.h - collectors of every kind, as deliveries without a network
 *
 * One collector takes one connection at a time. What it was sent is in its kernel's
 * hands, then confirmed, then read and kept; a death in between loses some of it.
 */
#ifndef COLLECTOR_H
#define COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger.h"
#include "record.h"

struct chance;      /* chance.h */
struct wc_delivery; /* delivery.h */

enum collector_mode {
	COLLECTOR_HEALTHY,
	COLLECTOR_REFUSES,
	COLLECTOR_BLACK_HOLE, /* does not answer at all */
	COLLECTOR_SILENT,     /* takes a connection and never confirms */
	COLLECTOR_SLOW,
	COLLECTOR_DIES, /* again and again, each time after a few messages */
	COLLECTOR_MODES
};

#define COLLECTOR_ROOM 64 /* messages that it and our own kernel hold */

struct collector_message {
	struct record records[RECORD_PAIR];
	uint32_t count;
};

struct collector {
	struct chance *chance;
	bool datagrams;
	enum collector_mode mode;
	struct ledger ledger;
	uint64_t deaths, refusals, timeouts;

	/* The connection. */
	bool opening, open;
	uint64_t now_ns, progress_ns;
	struct collector_message messages[COLLECTOR_ROOM];
	uint64_t taken, confirmed, read; /* of this connection; read <= confirmed <= taken */
	uint64_t records;                /* of this connection */
	uint64_t left;                   /* messages until it dies */
};

/* Makes a delivery to @collector. */
struct wc_delivery *collector_delivery(struct collector *collector);

/* From now on it is in this state. */
void collector_turn(struct collector *collector, enum collector_mode mode);

#endif /* COLLECTOR_H */
