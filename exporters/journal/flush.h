/*
 * flush.h - positions from memory to the disk, with an interval or between two
 */
#ifndef WC_FLUSH_H
#define WC_FLUSH_H

#include <stdint.h>

struct wc_journal; /* store.h */

/*
 * Writes the positions, in a transaction of the caller's, unless they stand there already. @least:
 * as wc_positions_least(). @stored: what journal->stored is to be after the commit. Returns a
 * result code.
 */
int wc_positions_write(struct wc_journal *journal, uint64_t *least, uint64_t *stored);

#endif /* WC_FLUSH_H */
