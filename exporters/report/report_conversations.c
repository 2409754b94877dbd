/*
 * report_conversations.c - who talked to whom
 */
#include <netinet/in.h>
#include <stdio.h>

#include "cells.h"
#include "encode.h"
#include "heard.h"
#include "report_tables.h"
#include "top.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

static const struct wc_report_column columns[] = {
	{"client", "client", NULL, WC_CELL_TEXT, false, false},
	{"server", "server", NULL, WC_CELL_TEXT, false, false},
	{"service", "service", "transport and port of the server", WC_CELL_TEXT, false, false},
	{"direction", "direction", "of frames from client to server", WC_CELL_TEXT, false, true},
	{"scope", "scope", "where the other end lies", WC_CELL_TEXT, false, true},
	{"packets", "packets", "both ways", WC_CELL_COUNT, false, true},
	{"bytes", "bytes", "both ways", WC_CELL_BYTES, true, false},
	{"forward_bytes", "to server", "bytes from client to server", WC_CELL_BYTES, false, true},
	{"reverse_bytes", "to client", "bytes from server to client", WC_CELL_BYTES, false, true},
	{"new", "new", "connections that were tried", WC_CELL_COUNT, false, false},
};

static const struct wc_report_table about = {
	.name = "conversations",
	.title = "Conversations",
	.empty = "nobody talked over TCP or UDP",
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

struct sums {
	uint64_t packets, forward, reverse, new;
};

static struct sums sums_of(const struct wc_conversation_row *row)
{
	return (struct sums){row->forward.packets + row->reverse.packets, row->forward.bytes,
			     row->reverse.bytes, row->forward.new + row->reverse.new};
}

static uint64_t size(const void *row)
{
	const struct wc_conversation_row *conversation = row;

	return conversation->forward.bytes + conversation->reverse.bytes;
}

static void add_sums(struct wc_cells *cells, const struct sums *sums)
{
	wc_cells_number(cells, WC_CELL_COUNT, sums->packets);
	wc_cells_number(cells, WC_CELL_BYTES, sums->forward + sums->reverse);
	wc_cells_number(cells, WC_CELL_BYTES, sums->forward);
	wc_cells_number(cells, WC_CELL_BYTES, sums->reverse);
	wc_cells_number(cells, WC_CELL_COUNT, sums->new);
}

/* What `other` counts both ways is in its forward counts: a way of its own is not known. */
static void add_other(struct wc_cells *cells, const struct sums *sums)
{
	for (size_t i = 0; i < 5; i++)
		wc_cells_none(cells);
	wc_cells_number(cells, WC_CELL_COUNT, sums->packets);
	wc_cells_number(cells, WC_CELL_BYTES, sums->forward + sums->reverse);
	wc_cells_none(cells);
	wc_cells_none(cells);
	wc_cells_number(cells, WC_CELL_COUNT, sums->new);
}

static void add(struct wc_cells *cells, const struct wc_report_wish *wish,
		const struct wc_conversation_row *row)
{
	struct sums sums = sums_of(row);
	char service[sizeof("tcp 65535")];

	snprintf(service, sizeof(service), "%s %u", row->protocol == IPPROTO_TCP ? "tcp" : "udp",
		 row->port);
	wc_cells_address(cells, &row->client);
	wc_cells_note(cells, wc_report_name(wish, &row->client));
	wc_cells_address(cells, &row->server);
	wc_cells_note(cells, wc_report_name(wish, &row->server));
	wc_cells_text(cells, service);
	wc_cells_note(cells, wc_registry_port(wish->context->registry, row->protocol, row->port));
	wc_cells_text(cells, wc_direction_name(row->direction));
	wc_cells_text(cells, wc_scope_name(row->scope));
	add_sums(cells, &sums);
}

static bool add_all(struct wc_cells *cells, const struct wc_report_wish *wish,
		    const struct wc_top *top, struct sums rest)
{
	for (size_t i = 0; i < top->count; i++) {
		struct sums sums = sums_of(top->entries[i].row);

		add(cells, wish, top->entries[i].row);
		rest.packets -= sums.packets;
		rest.forward -= sums.forward;
		rest.reverse -= sums.reverse;
		rest.new -= sums.new;
	}
	if (rest.packets)
		add_other(cells, &rest);
	return wc_cells_end(cells, rest.packets);
}

bool wc_report_fill_conversations(struct wc_report_table *table, const struct wc_report_wish *wish,
				  struct wc_cells_block **blocks)
{
	const struct wc_snapshot *snapshot = wish->snapshot;
	struct sums all = {0, 0, 0, 0};
	struct wc_cells cells;
	struct wc_top top;
	size_t room = snapshot->conversation_rows;
	bool good;

	if (room > wish->context->top)
		room = wish->context->top;
	if (!wc_top_begin(&top, room, size))
		return false;
	for (size_t i = 0; i < snapshot->conversation_rows; i++) {
		const struct wc_conversation_row *row = &snapshot->conversations[i];
		struct sums sums = sums_of(row);

		all.packets += sums.packets;
		all.forward += sums.forward;
		all.reverse += sums.reverse;
		all.new += sums.new;
		if (!row->other && wc_heard_conversation(row))
			wc_top_offer(&top, row);
	}
	wc_top_sort(&top);
	wc_cells_begin(&cells, table, &about, blocks);
	good = add_all(&cells, wish, &top, all);
	wc_top_end(&top);
	return good;
}
