/*
 * report_scanners.c - who tries doors
 */
#include "cells.h"
#include "encode.h"
#include "report_tables.h"
#include "top.h"
#include "wirecensus/snapshot.h"

static const struct wc_report_column columns[] = {
	{"address", "source", NULL, WC_CELL_TEXT, false, false},
	{"attempts", "attempts", "within the last hour of its activity", WC_CELL_COUNT, true,
	 false},
	{"port_changes", "port changes", "attempts to another port than the last", WC_CELL_COUNT,
	 false, true},
	{"distinct_ports", "ports", "about", WC_CELL_COUNT, false, false},
	{"distinct_hosts", "hosts", "about", WC_CELL_COUNT, false, false},
	{"refused", "refused", NULL, WC_CELL_COUNT, false, false},
	{"unanswered", "unanswered", NULL, WC_CELL_COUNT, false, true},
	{"first_seen", "first seen", NULL, WC_CELL_TIME, false, true},
};

static const struct wc_report_table about = {
	.name = "scanners",
	.title = "Scanners",
	.empty = "no scanner was seen",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

static uint64_t size(const void *row)
{
	return ((const struct wc_scanner_row *)row)->attempts;
}

static void add(struct wc_cells *cells, const struct wc_report_wish *wish,
		const struct wc_scanner_row *row)
{
	wc_cells_address(cells, &row->address);
	wc_cells_note(cells, wc_report_name(wish, &row->address));
	wc_cells_number(cells, WC_CELL_COUNT, row->attempts);
	wc_cells_number(cells, WC_CELL_COUNT, row->port_changes);
	wc_cells_number(cells, WC_CELL_COUNT, row->distinct_ports);
	wc_cells_number(cells, WC_CELL_COUNT, row->distinct_hosts);
	wc_cells_number(cells, WC_CELL_COUNT, row->refused);
	if (row->plain)
		wc_cells_none(cells);
	else
		wc_cells_number(cells, WC_CELL_COUNT, row->unanswered);
	wc_cells_time(cells, row->first_seen_ns);
}

/* What several scanners did has no sum that means anything: those behind the top are left out. */
bool wc_report_fill_scanners(struct wc_report_table *table, const struct wc_report_wish *wish,
			     struct wc_cells_block **blocks)
{
	const struct wc_snapshot *snapshot = wish->snapshot;
	struct wc_cells cells;
	struct wc_top top;
	size_t room = snapshot->scanner_rows;

	if (room > wish->context->top)
		room = wish->context->top;
	if (!wc_top_begin(&top, room, size))
		return false;
	for (size_t i = 0; i < snapshot->scanner_rows; i++)
		wc_top_offer(&top, &snapshot->scanners[i]);
	wc_top_sort(&top);
	wc_cells_begin(&cells, table, &about, blocks);
	for (size_t i = 0; i < top.count; i++)
		add(&cells, wish, top.entries[i].row);
	wc_top_end(&top);
	return wc_cells_end(&cells, false);
}
