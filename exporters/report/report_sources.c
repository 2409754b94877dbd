/*
 * report_sources.c - the files that a report was made of, and how old each is
 */
#include "cells.h"
#include "merge.h"
#include "report_tables.h"
#include "wirecensus/snapshot.h"

#define NS_PER_S INT64_C(1000000000)

static const struct wc_report_column columns[] = {
	{"file", "file", NULL, WC_CELL_TEXT, false, false},
	{"host", "host", NULL, WC_CELL_TEXT, false, false},
	{"capture", "capture", NULL, WC_CELL_TEXT, false, false},
	{"start", "since", NULL, WC_CELL_TIME, false, false},
	{"end", "as of", NULL, WC_CELL_TIME, false, false},
	{"age_seconds", "age, s", "how long ago that was", WC_CELL_KEY, false, false},
	{"packets_per_minute", "packets/min", NULL, WC_CELL_RATE, false, false},
	{"bytes_per_second", "bytes/s", NULL, WC_CELL_RATE, false, false},
	{"packets", "packets", NULL, WC_CELL_COUNT, false, false},
	{"bytes", "bytes", NULL, WC_CELL_BYTES, false, false},
	{"addresses", "hosts", NULL, WC_CELL_COUNT, false, false},
};

static const struct wc_report_table about = {
	.name = "sources",
	.title = "Files",
	.empty = "none",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

static void add_sums(struct wc_cells *cells, const struct wc_merge_source *source)
{
	if (source->rates_known) {
		wc_cells_rate(cells, source->hits_per_minute);
		wc_cells_rate(cells, source->bytes_per_second);
	} else {
		wc_cells_none(cells);
		wc_cells_none(cells);
	}
	wc_cells_number(cells, WC_CELL_COUNT, source->packets);
	wc_cells_number(cells, WC_CELL_BYTES, source->bytes);
	wc_cells_number(cells, WC_CELL_COUNT, source->users);
}

static void add(struct wc_cells *cells, const struct wc_merge_source *source, int64_t now_ns)
{
	int64_t age = now_ns - source->end_ns;

	wc_cells_text(cells, source->path);
	wc_cells_text(cells, source->host);
	wc_cells_text(cells, source->capture);
	wc_cells_time(cells, source->start_ns);
	wc_cells_time(cells, source->end_ns);
	if (source->end_ns == WC_TIME_UNKNOWN)
		wc_cells_none(cells);
	else
		wc_cells_number(cells, WC_CELL_KEY, age > 0 ? (uint64_t)(age / NS_PER_S) : 0);
	add_sums(cells, source);
}

static uint64_t count_hosts(const struct wc_snapshot *snapshot)
{
	uint64_t hosts = 0;

	for (size_t i = 0; i < snapshot->host_rows; i++)
		hosts += !snapshot->hosts[i].other;
	return hosts;
}

/* The grand total; a host that is in several files is one, and rates are those that are known. */
static void add_all(struct wc_cells *cells, const struct wc_merge_source *all)
{
	wc_cells_text(cells, "all");
	for (size_t i = 1; i < 6; i++)
		wc_cells_none(cells);
	add_sums(cells, all);
}

bool wc_report_fill_sources(struct wc_report_table *table, const struct wc_report_wish *wish,
			    struct wc_cells_block **blocks)
{
	struct wc_merge_source all = {.path = NULL};
	struct wc_cells cells;

	if (!wish->merge)
		return true;
	wc_cells_begin(&cells, table, &about, blocks);
	for (size_t i = 0; i < wc_merge_sources(wish->merge); i++) {
		struct wc_merge_source source = wc_merge_source(wish->merge, i);

		add(&cells, &source, wish->now_ns);
		all.packets += source.packets;
		all.bytes += source.bytes;
		all.rates_known |= source.rates_known;
		all.hits_per_minute += source.hits_per_minute;
		all.bytes_per_second += source.bytes_per_second;
	}
	all.users = count_hosts(wish->snapshot);
	add_all(&cells, &all);
	return wc_cells_end(&cells, false);
}
