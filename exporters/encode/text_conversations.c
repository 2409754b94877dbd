#include "text_conversations.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "buffer.h"
#include "encode.h"
#include "escape.h"
#include "heard.h"
#include "peer.h"
#include "text_cells.h"
#include "text_table.h"
#include "top.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

#define INDENT "  " /* of the server's line */

struct table {
	struct wc_buffer *out;
	const struct wc_context *context;
	const struct wc_text_columns *columns;
	bool five_tuple;
	size_t address, service, new; /* widths */
};

static uint64_t both_ways(const void *row)
{
	const struct wc_conversation_row *conversation = row;

	return conversation->forward.bytes + conversation->reverse.bytes;
}

static void add_way(struct wc_way_counts *sum, const struct wc_way_counts *way)
{
	sum->packets += way->packets;
	sum->bytes += way->bytes;
	sum->new += way->new;
}

static void take_way(struct wc_way_counts *sum, const struct wc_way_counts *way)
{
	sum->packets -= way->packets;
	sum->bytes -= way->bytes;
	sum->new -= way->new;
}

static void add_client(const struct table *table, const struct wc_conversation_row *row)
{
	if (!table->five_tuple)
		wc_peer_add(table->out, &row->client);
	else
		wc_peer_add_port(table->out, &row->client, row->client_port);
}

static void add_server(const struct table *table, const struct wc_conversation_row *row)
{
	wc_buffer_text(table->out, INDENT);
	wc_peer_add(table->out, &row->server);
}

static void add_service(const struct table *table, const struct wc_conversation_row *row)
{
	const char *name = wc_registry_port(table->context->registry, row->protocol, row->port);

	wc_buffer_text(table->out, row->protocol == IPPROTO_TCP ? "tcp " : "udp ");
	wc_buffer_number(table->out, row->port);
	if (name) {
		wc_buffer_text(table->out, " ");
		wc_escape_terminal(table->out, name);
	}
}

static void add_nature(const struct table *table, const struct wc_conversation_row *row)
{
	wc_buffer_text(table->out, wc_direction_name(row->direction));
	wc_buffer_text(table->out, ", ");
	wc_buffer_text(table->out, wc_scope_name(row->scope));
}

/* Widens a column to what @add writes. */
static void fit(const struct table *table, size_t *width, const struct wc_conversation_row *row,
		void (*add)(const struct table *, const struct wc_conversation_row *))
{
	size_t start = table->out->length;

	add(table, row);
	wc_text_widen(width, table->out->length - start);
	table->out->length = start;
}

static void fit_rows(struct table *table, const struct wc_top *top)
{
	for (size_t i = 0; i < top->count; i++) {
		const struct wc_conversation_row *row = top->entries[i].row;

		fit(table, &table->address, row, add_client);
		fit(table, &table->address, row, add_server);
		fit(table, &table->service, row, add_service);
		fit(table, &table->service, row, add_nature);
	}
}

static void add_head(const struct table *table)
{
	struct wc_buffer *out = table->out;
	size_t start;

	wc_buffer_text(out, "\n");
	start = out->length;
	wc_buffer_text(out, "client");
	wc_buffer_pad(out, start, table->address + 1);
	wc_buffer_text(out, "service");
	wc_buffer_pad(out, start, table->address + 1 + table->service);
	wc_text_word(out, "packets", WC_TEXT_GAP + table->columns->packets);
	wc_text_word(out, "bytes", WC_TEXT_GAP + table->columns->bytes);
	wc_text_word(out, "share", WC_TEXT_SHARE_WIDTH);
	wc_text_word(out, "new", WC_TEXT_GAP + table->new);
	wc_buffer_text(out, "\n");
	start = out->length;
	wc_buffer_text(out, INDENT "server");
	wc_buffer_pad(out, start, table->address + 1);
	wc_buffer_text(out, "direction, scope\n");
}

/* Ends the line that began at @start. */
static void add_counts(const struct table *table, size_t start, const struct wc_way_counts *way)
{
	struct wc_buffer *out = table->out;

	wc_buffer_pad(out, start, table->address + 1 + table->service);
	wc_text_event(out, way->packets, WC_TEXT_GAP + table->columns->packets);
	wc_text_event(out, way->bytes, WC_TEXT_GAP + table->columns->bytes);
	wc_text_share(out, way->bytes, table->columns->whole);
	wc_text_event(out, way->new, WC_TEXT_GAP + table->new);
	wc_buffer_text(out, "\n");
}

static void add_row(const struct table *table, const struct wc_conversation_row *row)
{
	size_t start = table->out->length;

	add_client(table, row);
	wc_buffer_pad(table->out, start, table->address + 1);
	add_service(table, row);
	add_counts(table, start, &row->forward);
	start = table->out->length;
	add_server(table, row);
	wc_buffer_pad(table->out, start, table->address + 1);
	add_nature(table, row);
	add_counts(table, start, &row->reverse);
}

static void add_sum(const struct table *table, const char *label, const struct wc_way_counts *sum)
{
	size_t start = table->out->length;

	wc_buffer_text(table->out, label);
	add_counts(table, start, sum);
}

/* Adds the rows of @top; what they lack of @all is the last row but one. */
static void add_table(struct table *table, const struct wc_top *top,
		      const struct wc_way_counts *all)
{
	struct wc_way_counts rest = *all;

	wc_text_widen(&table->new, wc_text_width(all->new));
	fit_rows(table, top);
	add_head(table);
	for (size_t i = 0; i < top->count; i++) {
		const struct wc_conversation_row *row = top->entries[i].row;

		add_row(table, row);
		take_way(&rest, &row->forward);
		take_way(&rest, &row->reverse);
	}
	if (rest.packets)
		add_sum(table, "other", &rest);
	if (top->count + (rest.packets != 0) > 1)
		add_sum(table, "all", all);
}

void wc_text_conversations_add(struct wc_buffer *buffer, const struct wc_context *context,
			       const struct wc_snapshot *snapshot,
			       const struct wc_text_columns *columns)
{
	struct table table = {
		.out = buffer,
		.context = context,
		.columns = columns,
		.five_tuple = snapshot->five_tuple,
		.address = strlen(INDENT "255.255.255.255"),
		.service = strlen("direction, scope"),
		.new = strlen("new"),
	};
	struct wc_way_counts all = {0};
	size_t rows = snapshot->conversation_rows;
	struct wc_top top;

	if (!wc_top_begin(&top, rows < context->top ? rows : context->top, both_ways)) {
		buffer->failed = true;
		return;
	}
	for (size_t i = 0; i < rows; i++) {
		const struct wc_conversation_row *row = &snapshot->conversations[i];

		add_way(&all, &row->forward);
		add_way(&all, &row->reverse);
		if (!row->other && wc_heard_conversation(row))
			wc_top_offer(&top, row);
	}
	wc_top_sort(&top);
	if (all.packets)
		add_table(&table, &top, &all);
	wc_top_end(&top);
}
