/*
 * report_tables.h - the tables of a report, each filled by a function
 *
 * For the files of this folder. Each returns false when memory is short.
 */
#ifndef WC_REPORT_TABLES_H
#define WC_REPORT_TABLES_H

#include <stdbool.h>

#include "report_make.h"

struct wc_address;     /* wirecensus/address.h */
struct wc_cells;       /* cells.h */
struct wc_cells_block; /* cells.h */
struct wc_host_row;    /* wirecensus/snapshot.h */

typedef bool wc_report_fill(struct wc_report_table *table, const struct wc_report_wish *wish,
			    struct wc_cells_block **blocks);

wc_report_fill wc_report_fill_sources, wc_report_fill_totals, wc_report_fill_traffic,
	wc_report_fill_ports, wc_report_fill_conversations, wc_report_fill_networks,
	wc_report_fill_domains, wc_report_fill_hosts, wc_report_fill_protocols,
	wc_report_fill_scanners;

/* What an hour of a host was like. */
struct wc_report_rates {
	bool known;
	double packets, connections, bytes;
};

/* Works out the hourly rates of @row: its own, or of what was counted in @wish's snapshot. */
struct wc_report_rates wc_report_rates_of(const struct wc_report_wish *wish,
					  const struct wc_host_row *row);

/* Adds @rates to a sum of them. */
void wc_report_sum_rates(struct wc_report_rates *sum, const struct wc_report_rates *rates);

/* The columns of rates: packets and connections a minute, bytes a second. */
/* clang-format off */
#define WC_REPORT_RATE_COLUMNS \
	{"packets_per_minute", "packets/min", NULL, WC_CELL_RATE, false, false}, \
	{"connections_per_minute", "new/min", "connections that were tried", WC_CELL_RATE, false, \
	 true}, \
	{"bytes_per_second", "bytes/s", NULL, WC_CELL_RATE, true, false}
/* clang-format on */

/* Adds the cells of these columns. */
void wc_report_add_rates(struct wc_cells *cells, const struct wc_report_rates *rates);

/* Returns the first name of @address, or NULL; it lives until the next look-up. */
const char *wc_report_name(const struct wc_report_wish *wish, const struct wc_address *address);

#endif /* WC_REPORT_TABLES_H */
