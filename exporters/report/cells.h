/*
 * cells.h - the tables of a report as they are filled
 *
 * Rows are added cell by cell. Texts are copied to one place, which goes with the report.
 * What fails for want of memory is remembered, and nothing is added any more.
 */
#ifndef WC_CELLS_H
#define WC_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"

struct wc_address;     /* wirecensus/address.h */
struct wc_buffer;      /* buffer.h */
struct wc_cells_block; /* memory of texts */

/* Begins as all zeros, but for the table. */
struct wc_cells {
	struct wc_report_table *table;
	size_t room, filled; /* cells */
	struct wc_cells_block **blocks;
	bool failed;
};

/* Begins a table; @blocks keeps its texts, and must be NULL or of others before. */
void wc_cells_begin(struct wc_cells *cells, struct wc_report_table *table,
		    const struct wc_report_table *about, struct wc_cells_block **blocks);

/* Each adds one cell. NULL and WC_TIME_UNKNOWN are cells of kind NONE. */
void wc_cells_none(struct wc_cells *cells);
void wc_cells_text(struct wc_cells *cells, const char *text);
void wc_cells_number(struct wc_cells *cells, enum wc_cell_kind kind, uint64_t number);
void wc_cells_rate(struct wc_cells *cells, double rate);
void wc_cells_time(struct wc_cells *cells, int64_t time);
void wc_cells_list(struct wc_cells *cells, const char *const *texts, size_t count);
void wc_cells_address(struct wc_cells *cells, const struct wc_address *address);

/* Says what the text that was added last is known as, besides. NULL: nothing. */
void wc_cells_note(struct wc_cells *cells, const char *note);

/* Copies a text; NULL when memory is short. */
const char *wc_cells_copy(struct wc_cells *cells, const char *text);

/* Ends the table. @other: its last row is the remainder. Returns false when memory was short. */
bool wc_cells_end(struct wc_cells *cells, bool other);

/* Frees all texts. */
void wc_cells_free(struct wc_cells_block *blocks);

#endif /* WC_CELLS_H */
