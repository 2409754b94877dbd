/*
 * report_totals.c - how much there was, and what of it was lost
 */
#include <stdio.h>
#include <stdlib.h>

#include "cells.h"
#include "report_tables.h"
#include "wirecensus/snapshot.h"

static const struct wc_report_column columns[] = {
	{"what", "what", NULL, WC_CELL_TEXT, false, false},
	{"packets", "packets", NULL, WC_CELL_COUNT, false, false},
	{"bytes", "bytes", "of frames on the wire", WC_CELL_BYTES, false, false},
	{"packets_per_second", "packets/s", NULL, WC_CELL_RATE, false, true},
	{"bytes_per_second", "bytes/s", NULL, WC_CELL_RATE, false, false},
};

static const struct wc_report_table about = {
	.name = "totals",
	.title = "Totals",
	.empty = "nothing was counted",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

static void add(struct wc_cells *cells, const struct wc_report_wish *wish, const char *what,
		const struct wc_counts *counts)
{
	double seconds = (double)wish->snapshot->length_ns / 1e9;

	wc_cells_text(cells, what);
	wc_cells_number(cells, WC_CELL_COUNT, counts->packets);
	wc_cells_number(cells, WC_CELL_BYTES, counts->bytes);
	if (seconds > 0) {
		wc_cells_rate(cells, (double)counts->packets / seconds);
		wc_cells_rate(cells, (double)counts->bytes / seconds);
	} else { /* files of several hosts have no common length */
		wc_cells_none(cells);
		wc_cells_none(cells);
	}
}

/* A row of what there is seldom any of. */
static void add_rare(struct wc_cells *cells, const struct wc_report_wish *wish, const char *what,
		     const struct wc_counts *counts)
{
	if (counts->packets)
		add(cells, wish, what, counts);
}

/* Frames whose bytes nobody knows. */
static void add_lost(struct wc_cells *cells, const char *what, uint64_t frames)
{
	wc_cells_text(cells, what);
	wc_cells_number(cells, WC_CELL_COUNT, frames);
	wc_cells_none(cells);
	wc_cells_none(cells);
	wc_cells_none(cells);
}

static void add_gone(struct wc_cells *cells, uint64_t gone_ns)
{
	char *text = NULL;

	if (!gone_ns)
		return;
	if (asprintf(&text, "the interface was gone for %.1f s", (double)gone_ns / 1e9) < 0) {
		cells->failed = true;
		return;
	}
	add_lost(cells, text, 0);
	free(text);
}

bool wc_report_fill_totals(struct wc_report_table *table, const struct wc_report_wish *wish,
			   struct wc_cells_block **blocks)
{
	const struct wc_totals *delta = &wish->snapshot->delta;
	struct wc_counts all = wc_totals_sum(delta);
	struct wc_cells cells;

	wc_cells_begin(&cells, table, &about, blocks);
	add(&cells, wish, "all", &all);
	for (int i = 0; i < WC_DIRECTIONS; i++)
		add_rare(&cells, wish, wc_direction_name((enum wc_direction)i),
			 &delta->directions[i]);
	add_rare(&cells, wish, "from the internet", &delta->internet_in);
	add_rare(&cells, wish, "to the internet", &delta->internet_out);
	add_rare(&cells, wish, "rejected by the payload filter", &delta->rejected);
	add_rare(&cells, wish, "malformed", &delta->classes[WC_CLASS_MALFORMED]);
	add_rare(&cells, wish, "of an unsupported link type",
		 &delta->classes[WC_CLASS_UNSUPPORTED]);
	add_lost(&cells, "lost in the kernel", delta->lost_kernel);
	add_lost(&cells, "missed by the interface", delta->lost_interface);
	add_gone(&cells, delta->gone_ns);
	return wc_cells_end(&cells, false);
}
