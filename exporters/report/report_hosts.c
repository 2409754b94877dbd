/*
 * report_hosts.c - hosts, each for itself
 */
#include "cells.h"
#include "encode.h"
#include "report_tables.h"
#include "top.h"
#include "wirecensus/snapshot.h"

static const struct wc_report_column columns[] = {
	{"address", "host", NULL, WC_CELL_TEXT, false, false},
	{"names", "names", NULL, WC_CELL_LIST, false, false},
	WC_REPORT_RATE_COLUMNS,
	{"sent_packets", "sent", "packets", WC_CELL_COUNT, false, true},
	{"sent_bytes", "bytes sent", NULL, WC_CELL_BYTES, false, false},
	{"received_packets", "received", "packets", WC_CELL_COUNT, false, true},
	{"received_bytes", "bytes received", NULL, WC_CELL_BYTES, false, false},
	{"last_seen", "last seen", NULL, WC_CELL_TIME, false, true},
};

static const struct wc_report_table about = {
	.name = "hosts",
	.title = "Hosts",
	.empty = "no host was heard",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

/* Hosts by their rate, and those without one, as in a first interval, by what they did. */
static uint64_t size(const void *row)
{
	const struct wc_host_row *host = row;
	uint64_t bytes = host->sent.bytes + host->received.bytes;

	return host->rates_known && host->bytes_per_hour < 0x1p63 ? (uint64_t)host->bytes_per_hour
								  : bytes;
}

static void add_names(struct wc_cells *cells, const struct wc_report_wish *wish,
		      const struct wc_host_row *row)
{
	const struct wc_naming *naming = wish->context->naming;
	const char *names[WC_NAMING_MAX];
	size_t count = naming && row->address.version
			       ? naming->find(naming->arg, &row->address, names)
			       : 0;

	wc_cells_list(cells, names, count);
}

static void add_counts(struct wc_cells *cells, const struct wc_report_rates *rates,
		       const struct wc_host_way *sent, const struct wc_host_way *received)
{
	wc_report_add_rates(cells, rates);
	wc_cells_number(cells, WC_CELL_COUNT, sent->packets);
	wc_cells_number(cells, WC_CELL_BYTES, sent->bytes);
	wc_cells_number(cells, WC_CELL_COUNT, received->packets);
	wc_cells_number(cells, WC_CELL_BYTES, received->bytes);
}

static void add(struct wc_cells *cells, const struct wc_report_wish *wish,
		const struct wc_host_row *row)
{
	struct wc_report_rates rates = wc_report_rates_of(wish, row);

	wc_cells_address(cells, &row->address);
	add_names(cells, wish, row);
	add_counts(cells, &rates, &row->sent, &row->received);
	wc_cells_time(cells, row->last_seen_ns);
}

static void add_way(struct wc_host_way *sum, const struct wc_host_way *way)
{
	sum->packets += way->packets;
	sum->bytes += way->bytes;
	sum->new += way->new;
}

/* What is behind the largest, with the remainder of the table itself. */
struct rest {
	struct wc_host_row sums;
	struct wc_report_rates rates;
	size_t rows;
};

static void add_rest(struct rest *rest, const struct wc_report_wish *wish,
		     const struct wc_host_row *row)
{
	struct wc_report_rates rates = wc_report_rates_of(wish, row);

	rest->rows++;
	wc_report_sum_rates(&rest->rates, &rates);
	add_way(&rest->sums.sent, &row->sent);
	add_way(&rest->sums.received, &row->received);
}

/* The smallest row that is shown parts those that are from those that are not. */
static void sum_rest(struct rest *rest, const struct wc_report_wish *wish, const struct wc_top *top)
{
	const struct wc_top_entry *last = top->count ? &top->entries[top->count - 1] : NULL;
	size_t offer = 0;

	for (size_t i = 0; i < wish->snapshot->host_rows; i++) {
		const struct wc_host_row *row = &wish->snapshot->hosts[i];
		size_t number = offer;
		uint64_t bytes;

		if (row->other) {
			add_rest(rest, wish, row);
			continue;
		}
		offer++;
		bytes = size(row);
		if (!last || bytes < last->size || (bytes == last->size && number > last->number))
			add_rest(rest, wish, row);
	}
}

bool wc_report_fill_hosts(struct wc_report_table *table, const struct wc_report_wish *wish,
			  struct wc_cells_block **blocks)
{
	const struct wc_snapshot *snapshot = wish->snapshot;
	struct rest rest = {.rows = 0};
	struct wc_cells cells;
	struct wc_top top;
	size_t room = snapshot->host_rows;

	if (room > wish->context->top)
		room = wish->context->top;
	if (!wc_top_begin(&top, room, size))
		return false;
	for (size_t i = 0; i < snapshot->host_rows; i++)
		if (!snapshot->hosts[i].other)
			wc_top_offer(&top, &snapshot->hosts[i]);
	wc_top_sort(&top);
	sum_rest(&rest, wish, &top);
	wc_cells_begin(&cells, table, &about, blocks);
	for (size_t i = 0; i < top.count; i++)
		add(&cells, wish, top.entries[i].row);
	wc_top_end(&top);
	if (rest.rows) {
		wc_cells_none(&cells);
		wc_cells_none(&cells);
		add_counts(&cells, &rest.rates, &rest.sums.sent, &rest.sums.received);
		wc_cells_none(&cells);
	}
	return wc_cells_end(&cells, rest.rows);
}
