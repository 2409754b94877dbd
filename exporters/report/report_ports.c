/*
 * report_ports.c - ports and protocols: which are used, tried, and closed
 */
#include <netinet/in.h>

#include "cells.h"
#include "encode.h"
#include "heard.h"
#include "report_tables.h"
#include "top.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

#define LOW_PORTS 1024

static const struct wc_report_column port_columns[] = {
	{"port", "port", "those of services first", WC_CELL_KEY, false, false},
	{"transport", "transport", NULL, WC_CELL_TEXT, false, false},
	{"name", "service", "as services(5) has it", WC_CELL_TEXT, false, true},
	{"direction", "direction", "of the frames to the port", WC_CELL_TEXT, false, false},
	{"packets", "packets", NULL, WC_CELL_COUNT, false, true},
	{"bytes", "bytes", NULL, WC_CELL_BYTES, true, false},
	{"new", "new", "connections that were tried", WC_CELL_COUNT, false, false},
	{"accepted", "accepted", "tries that got in", WC_CELL_COUNT, false, true},
	{"refused", "refused", "tries that met a closed door", WC_CELL_COUNT, false, false},
};

static const struct wc_report_table ports = {
	.name = "ports",
	.title = "Ports",
	.empty = "no port was used",
	.columns = port_columns,
	.column_count = sizeof(port_columns) / sizeof(*port_columns),
};

static const struct wc_report_column protocol_columns[] = {
	{"protocol", "protocol", NULL, WC_CELL_KEY, false, false},
	{"name", "name", "as protocols(5) has it", WC_CELL_TEXT, false, true},
	{"direction", "direction", NULL, WC_CELL_TEXT, false, false},
	{"packets", "packets", NULL, WC_CELL_COUNT, false, true},
	{"bytes", "bytes", NULL, WC_CELL_BYTES, true, false},
};

static const struct wc_report_table protocols = {
	.name = "protocols",
	.title = "Other IP protocols",
	.empty = "all packets were TCP or UDP",
	.columns = protocol_columns,
	.column_count = sizeof(protocol_columns) / sizeof(*protocol_columns),
};

/* A port of a service: somebody tried it, or it is low. Others are of clients, for the answers. */
static bool is_service(const struct wc_port_row *row)
{
	return row->delta.new || row->delta.accepted || row->delta.refused || row->port < LOW_PORTS;
}

/* Services stand before clients' ports, which are many and tell little. */
static uint64_t port_size(const void *row)
{
	const struct wc_port_row *port = row;

	return (port->delta.all.bytes & INT64_MAX) | (is_service(port) ? (uint64_t)1 << 63 : 0);
}

static uint64_t protocol_size(const void *row)
{
	return ((const struct wc_key_row *)row)->delta.bytes;
}

static void add_port_counts(struct wc_cells *cells, const struct wc_port_counts *counts, bool tcp)
{
	wc_cells_number(cells, WC_CELL_COUNT, counts->all.packets);
	wc_cells_number(cells, WC_CELL_BYTES, counts->all.bytes);
	if (tcp) {
		wc_cells_number(cells, WC_CELL_COUNT, counts->new);
		wc_cells_number(cells, WC_CELL_COUNT, counts->accepted);
	} else {
		wc_cells_none(cells);
		wc_cells_none(cells);
	}
	wc_cells_number(cells, WC_CELL_COUNT, counts->refused);
}

static void add_port(struct wc_cells *cells, const struct wc_report_wish *wish,
		     const struct wc_port_row *row)
{
	bool tcp = row->protocol == IPPROTO_TCP;

	wc_cells_number(cells, WC_CELL_KEY, row->port);
	wc_cells_text(cells, tcp ? "tcp" : "udp");
	wc_cells_text(cells, wc_registry_port(wish->context->registry, row->protocol, row->port));
	wc_cells_text(cells, wc_direction_name(row->direction));
	add_port_counts(cells, &row->delta, tcp);
}

static void add_to(struct wc_port_counts *sum, const struct wc_port_counts *counts)
{
	sum->all.packets += counts->all.packets;
	sum->all.bytes += counts->all.bytes;
	sum->new += counts->new;
	sum->accepted += counts->accepted;
	sum->refused += counts->refused;
}

static void take_from(struct wc_port_counts *sum, const struct wc_port_counts *counts)
{
	sum->all.packets -= counts->all.packets;
	sum->all.bytes -= counts->all.bytes;
	sum->new -= counts->new;
	sum->accepted -= counts->accepted;
	sum->refused -= counts->refused;
}

/* Adds the rows of @top, and one for what they lack of @rest. */
static bool add_ports(struct wc_cells *cells, const struct wc_report_wish *wish,
		      const struct wc_top *top, struct wc_port_counts rest)
{
	bool more;

	for (size_t i = 0; i < top->count; i++) {
		const struct wc_port_row *row = top->entries[i].row;

		add_port(cells, wish, row);
		take_from(&rest, &row->delta);
	}
	more = rest.all.packets || rest.new || rest.accepted || rest.refused;
	if (more) {
		for (size_t i = 0; i < 4; i++)
			wc_cells_none(cells);
		add_port_counts(cells, &rest, true);
	}
	return wc_cells_end(cells, more);
}

bool wc_report_fill_ports(struct wc_report_table *table, const struct wc_report_wish *wish,
			  struct wc_cells_block **blocks)
{
	const struct wc_snapshot *snapshot = wish->snapshot;
	struct wc_port_counts all = {{0, 0}, 0, 0, 0};
	struct wc_cells cells;
	struct wc_top top;
	size_t room = snapshot->port_rows;
	bool good;

	if (room > wish->context->top)
		room = wish->context->top;
	if (!wc_top_begin(&top, room, port_size))
		return false;
	for (size_t i = 0; i < snapshot->port_rows; i++) {
		const struct wc_port_row *row = &snapshot->ports[i];

		add_to(&all, &row->delta);
		if (!row->other && wc_heard_port(row))
			wc_top_offer(&top, row);
	}
	wc_top_sort(&top);
	wc_cells_begin(&cells, table, &ports, blocks);
	good = add_ports(&cells, wish, &top, all);
	wc_top_end(&top);
	return good;
}

static void add_protocol(struct wc_cells *cells, const struct wc_report_wish *wish,
			 const struct wc_key_row *row)
{
	wc_cells_number(cells, WC_CELL_KEY, row->key);
	wc_cells_text(cells, wc_registry_protocol(wish->context->registry, (uint8_t)row->key));
	wc_cells_text(cells, wc_direction_name(row->direction));
	wc_cells_number(cells, WC_CELL_COUNT, row->delta.packets);
	wc_cells_number(cells, WC_CELL_BYTES, row->delta.bytes);
}

/* There are 256 at most, in four directions: none is cut. */
bool wc_report_fill_protocols(struct wc_report_table *table, const struct wc_report_wish *wish,
			      struct wc_cells_block **blocks)
{
	const struct wc_snapshot *snapshot = wish->snapshot;
	struct wc_cells cells;
	struct wc_top top;

	if (!wc_top_begin(&top, snapshot->protocol_rows, protocol_size))
		return false;
	for (size_t i = 0; i < snapshot->protocol_rows; i++)
		if (wc_heard_key(&snapshot->protocols[i]))
			wc_top_offer(&top, &snapshot->protocols[i]);
	wc_top_sort(&top);
	wc_cells_begin(&cells, table, &protocols, blocks);
	for (size_t i = 0; i < top.count; i++)
		add_protocol(&cells, wish, top.entries[i].row);
	wc_top_end(&top);
	return wc_cells_end(&cells, false);
}
