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
	uint64_t packets;
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

/*
 * Adds up the packets of records with one of @fates: of rows 1 in @frames, of all others in
 * @ports.
 */
void ledger_sum(const struct ledger *ledger, uint8_t fates, uint64_t *frames, uint64_t *ports);

#endif /* LEDGER_H */
