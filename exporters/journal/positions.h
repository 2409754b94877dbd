/*
 * positions.h - how far each exporter has delivered
 *
 * Kept in memory, under the journal's mutex, and brought to disk with the next
 * transaction; the disk is read once.
 */
#ifndef WC_POSITIONS_H
#define WC_POSITIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal.h"

struct sqlite3;

/* The sequence of an exporter that is to be looked for on the disk, once it lets us. */
#define WC_POSITIONS_AWAITED UINT64_MAX

struct wc_positions {
	struct wc_positions_entry *entries;
	size_t count;
	bool settled;     /* the disk knows no others that matter */
	uint64_t changes; /* how often something became other than it was, or may be on the disk */
};

void wc_positions_free(struct wc_positions *positions);

/* Returns the position of @exporter, or NULL. */
const struct wc_journal_position *wc_positions_find(const struct wc_positions *positions,
						    const char *exporter);

/* Sets it, making it if need be; false without memory. */
bool wc_positions_set(struct wc_positions *positions, const char *exporter,
		      const struct wc_journal_position *position);

/* Sets it if it is there. */
void wc_positions_move(struct wc_positions *positions, const char *exporter,
		       const struct wc_journal_position *position);

/* Drops those that are not among @names, and those that the disk has and memory does not know. */
void wc_positions_keep(struct wc_positions *positions, const char *const *names, size_t count);

/* The last sequence up to which all have delivered all; UINT64_MAX without exporters. */
uint64_t wc_positions_least(const struct wc_positions *positions);

/* A copy, for writing without the mutex; false without memory. */
bool wc_positions_copy(struct wc_positions *copy, const struct wc_positions *positions);

/*
 * Reads what the disk knows of exporters that memory does not, unless all others were dropped, or
 * awaits. A position behind
 * @last, as in a file that was put back, becomes @last; so does one that is not found. Returns a
 * result code.
 */
int wc_positions_load(struct wc_positions *positions, struct sqlite3 *db, uint64_t last);

/* Makes the disk hold these and no others. Returns a result code. */
int wc_positions_store(const struct wc_positions *positions, struct sqlite3 *db);

#endif /* WC_POSITIONS_H */
