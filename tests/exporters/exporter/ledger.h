/*
 * ledger.h - what became of each record on its way from one exporter
 *
 * Fails the running test at once where a record comes that must not: out of order, with
 * other contents than before, or at odds with its stamp.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "record.h"

#define LEDGER_RUNS      48
#define LEDGER_INTERVALS 160

enum {
	LEDGER_CONFIRMED = 1, /* to the exporter */
	LEDGER_ARRIVED = 2,   /* where it is kept */
	LEDGER_LOST = 4,      /* by the collector, after it was confirmed */
};

struct ledger_entry {
	uint8_t fate; /* bits */
	uint32_t rows;
	uint64_t packets, gone_ns;
};

/* Of rows 1: frames, and for how long there was no interface; packets of all others. */
struct ledger_sums {
	uint64_t frames, gone_ns, ports;
};

struct ledger {
	struct ledger_entry entries[LEDGER_RUNS][LEDGER_INTERVALS][2][RECORD_ROWS];
	uint64_t newest;  /* rank of the last record that arrived for the first time */
	uint64_t repeats; /* records that arrived again */
};

/* Notes what became of @record: one of the bits above. */
void ledger_note(struct ledger *ledger, const struct record *record, uint8_t fate);

/* True if all rows of both captures have one of @fates. */
bool ledger_is_whole(const struct ledger *ledger, uint32_t run, uint64_t interval, uint8_t fates);

/* Adds up the records with one of @fates. */
struct ledger_sums ledger_sum(const struct ledger *ledger, uint8_t fates);

#endif /* LEDGER_H */
