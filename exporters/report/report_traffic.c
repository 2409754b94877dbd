/*
 * report_traffic.c - what was counted over time
 */
#include "cells.h"
#include "history.h"
#include "report_tables.h"

static const struct wc_report_column columns[WC_TRAFFIC_COLUMNS] = {
	[WC_TRAFFIC_START] = {"start", "from", NULL, WC_CELL_TIME, false, false},
	[WC_TRAFFIC_SECONDS] = {"seconds", "seconds", "that were counted", WC_CELL_RATE, false,
				false},
	[WC_TRAFFIC_IN] = {"in_bytes", "in", "bytes to this host", WC_CELL_BYTES, false, false},
	[WC_TRAFFIC_OUT] = {"out_bytes", "out", "bytes from this host", WC_CELL_BYTES, false,
			    false},
	[WC_TRAFFIC_LOCAL] = {"local_bytes", "local", "bytes within this host", WC_CELL_BYTES,
			      false, false},
	[WC_TRAFFIC_TRANSIT] = {"transit_bytes", "transit", "bytes between others", WC_CELL_BYTES,
				false, false},
	[WC_TRAFFIC_PACKETS] = {"packets", "packets", NULL, WC_CELL_COUNT, false, false},
	[WC_TRAFFIC_LOST] = {"lost", "lost", "frames that were not counted", WC_CELL_COUNT, false,
			     false},
	[WC_TRAFFIC_COMPLETE] = {"complete", "complete", "nothing was lost", WC_CELL_FLAG, false,
				 false},
};

static const struct wc_report_table about = {
	.name = "traffic",
	.title = "Traffic over time",
	.empty = "nothing is kept of this time",
	.columns = columns,
	.column_count = WC_TRAFFIC_COLUMNS,
};

static void add(struct wc_cells *cells, const struct wc_history_point *point)
{
	uint64_t packets = 0;

	wc_cells_time(cells, point->start_ns);
	wc_cells_rate(cells, (double)point->length_ns / 1e9);
	for (int i = 0; i < WC_DIRECTIONS; i++) {
		wc_cells_number(cells, WC_CELL_BYTES, point->directions[i].bytes);
		packets += point->directions[i].packets;
	}
	wc_cells_number(cells, WC_CELL_COUNT, packets);
	wc_cells_number(cells, WC_CELL_COUNT, point->lost);
	if (point->length_ns)
		wc_cells_number(cells, WC_CELL_FLAG, point->complete);
	else
		wc_cells_none(cells);
}

bool wc_report_fill_traffic(struct wc_report_table *table, const struct wc_report_wish *wish,
			    struct wc_cells_block **blocks)
{
	struct wc_cells cells;

	if (!wish->points)
		return true;
	wc_cells_begin(&cells, table, &about, blocks);
	for (size_t i = 0; i < wish->point_count; i++)
		add(&cells, &wish->points[i]);
	return wc_cells_end(&cells, false);
}
