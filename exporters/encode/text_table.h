/*
 * text_table.h - one table of the text census
 *
 * All tables of a census share their columns, so that a reader's eye runs down
 * one line; the widths follow from the largest numbers there can be, the totals.
 */
#ifndef WC_TEXT_TABLE_H
#define WC_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

struct wc_buffer; /* buffer.h */

/* Widths in characters. */
struct wc_text_columns {
	size_t name, packets, bytes, event;
	uint64_t whole; /* bytes that are a share of 100 % */
};

/* Which events a table shows. */
enum wc_text_events { WC_TEXT_EVENTS_NONE, WC_TEXT_EVENTS_REFUSED, WC_TEXT_EVENTS_ALL };

struct wc_text_row {
	struct wc_port_counts counts;
	const char *name; /* NULL for none */
	uint16_t key;
	uint8_t direction; /* enum wc_direction */
	bool other;        /* has no key: what did not fit into a table of the core */
};

struct wc_text_table {
	const char *title;
	bool hexadecimal; /* how the key is written */
	enum wc_text_events events;
	struct wc_text_row *rows; /* the caller's, with room for one more than count */
	size_t count;
};

/*
 * Puts the largest rows first, by bytes, and adds up those behind the first
 * @top, and what has no key, in one last row. The order among equals is fixed.
 */
void wc_text_table_cut(struct wc_text_table *table, uint64_t top);

/* Adds head and rows, and their sum where there are several. Nothing for an empty table. */
void wc_text_table_add(struct wc_buffer *buffer, const struct wc_text_table *table,
		       const struct wc_text_columns *columns);

/* Adds the table of directions: those of @counts that are not zero. */
void wc_text_table_add_directions(struct wc_buffer *buffer, const struct wc_text_columns *columns,
				  const struct wc_counts counts[static WC_DIRECTIONS]);

#endif /* WC_TEXT_TABLE_H */
