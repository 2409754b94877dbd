#include "ledger.h"

#include <check.h>

/* Records are to arrive in the order of these. */
static uint64_t rank(const struct record *record)
{
	return ((record->run * (uint64_t)LEDGER_INTERVALS + record->interval) * 2 +
		record->capture) *
		       RECORD_ROWS +
	       record->row;
}

static void arrive(struct ledger *ledger, const struct ledger_entry *entry,
		   const struct record *record)
{
	if (entry->fate & LEDGER_ARRIVED) {
		ledger->repeats++;
		return;
	}
	/* A record that a collector lost can come again later: after a kill of the daemon. */
	if (rank(record) > ledger->newest)
		ledger->newest = rank(record);
	else
		ck_assert_uint_ne(entry->fate & LEDGER_LOST, 0);
}

void ledger_note(struct ledger *ledger, const struct record *record, uint8_t fate)
{
	struct ledger_entry *entry;

	if (record->greeting)
		return;
	ck_assert_uint_lt(record->run, LEDGER_RUNS);
	ck_assert_uint_lt(record->interval, LEDGER_INTERVALS);
	ck_assert_uint_le(record->rows, RECORD_ROWS);
	ck_assert_uint_le(record->row, record->rows);
	entry = &ledger->entries[record->run][record->interval][record->capture][record->row - 1];
	if (entry->fate) {
		ck_assert_uint_eq(entry->packets, record->packets);
		ck_assert_uint_eq(entry->gone_ns, record->gone_ns);
		ck_assert_uint_eq(entry->rows, record->rows);
	}
	if (fate == LEDGER_ARRIVED)
		arrive(ledger, entry, record);
	entry->packets = record->packets;
	entry->gone_ns = record->gone_ns;
	entry->rows = record->rows;
	entry->fate |= fate;
}

bool ledger_is_whole(const struct ledger *ledger, uint32_t run, uint64_t interval, uint8_t fates)
{
	for (int capture = 0; capture < 2; capture++) {
		const struct ledger_entry *rows = ledger->entries[run][interval][capture];

		for (uint32_t row = 0; row == 0 || row < rows[0].rows; row++)
			if (!(rows[row].fate & fates))
				return false;
	}
	return true;
}

static void add(struct ledger_sums *sums, const struct ledger_entry *entry, bool first)
{
	if (first) {
		sums->frames += entry->packets;
		sums->gone_ns += entry->gone_ns;
	} else {
		sums->ports += entry->packets;
	}
}

struct ledger_sums ledger_sum(const struct ledger *ledger, uint8_t fates)
{
	struct ledger_sums sums = {0};

	for (uint32_t run = 0; run < LEDGER_RUNS; run++)
		for (uint32_t interval = 0; interval < LEDGER_INTERVALS; interval++)
			for (int i = 0; i < 2 * RECORD_ROWS; i++) {
				const struct ledger_entry *entry =
					&ledger->entries[run][interval][i / RECORD_ROWS]
							[i % RECORD_ROWS];

				if (entry->fate & fates)
					add(&sums, entry, i % RECORD_ROWS == 0);
			}
	return sums;
}
