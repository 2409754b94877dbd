/*
 * shown_table.h - a table made by hand, and which of its rows are shown
 */
#ifndef TESTS_SHOWN_TABLE_H
#define TESTS_SHOWN_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "wirecensus/shown.h"
#include "wirecensus/snapshot.h"

/* All directions. */
#define ALL ((1u << WC_DIRECTIONS) - 1)

/* Rows, in order. */
struct shown_table {
	struct wc_shown_row rows[512];
	size_t count;
};

/* Makes what follows such a table, by its bounds. */
struct wc_shown *shown_make(size_t rows, size_t services, size_t top, unsigned directions);

/* Appends a row that can be among the top. */
void shown_put(struct shown_table *table, uint16_t key, uint8_t direction, uint64_t packets);

/* Brings @shown up to date with @table. */
void shown_update(struct wc_shown *shown, const struct shown_table *table);

/* The series of a row, or NULL. */
const struct wc_shown_series *shown_series(const struct wc_shown *shown, uint16_t key,
					   uint8_t direction);

#endif /* TESTS_SHOWN_TABLE_H */
