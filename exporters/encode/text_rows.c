#include "text_rows.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "encode.h"
#include "heard.h"
#include "rows.h"
#include "text_cells.h"
#include "text_conversations.h"
#include "text_hosts.h"
#include "text_table.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

/* The least widths, so that a quiet interval and a busy one look alike. */
#define NAME_MIN    8
#define PACKETS_MIN 7
#define BYTES_MIN   11

#define TABLES       5
#define BEFORE_FLOWS 2 /* what is rare comes behind who talks to whom */

/* The rows of all tables lie in one piece of memory; each table ends with one to spare. */
static size_t room_for(const struct wc_snapshot *snapshot)
{
	return snapshot->port_rows + snapshot->protocol_rows + snapshot->fragment_rows +
	       snapshot->ethertype_rows + TABLES;
}

/* Fills @table with the ports of @protocol that the interval added to; returns its end. */
static struct wc_text_row *list_ports(struct wc_text_table *table, struct wc_text_row *rows,
				      const struct wc_context *context,
				      const struct wc_snapshot *snapshot, uint8_t protocol)
{
	table->rows = rows;
	for (size_t i = 0; i < snapshot->port_rows; i++) {
		const struct wc_port_row *row = &snapshot->ports[i];
		const struct wc_port_counts *delta = &row->delta;

		if (row->protocol != protocol || !wc_heard_port(row))
			continue;
		table->rows[table->count++] = (struct wc_text_row){
			.counts = *delta,
			.name = wc_registry_port(context->registry, protocol, row->port),
			.key = row->port,
			.direction = row->direction,
			.other = row->other};
	}
	return table->rows + table->count + 1;
}

static const char *protocol_name(const struct wc_registry *registry, uint16_t key)
{
	return wc_registry_protocol(registry, (uint8_t)key);
}

static struct wc_text_row *list_keys(struct wc_text_table *table, struct wc_text_row *rows,
				     const struct wc_context *context,
				     const struct wc_key_row *keys, size_t count,
				     const char *(*name)(const struct wc_registry *, uint16_t))
{
	table->rows = rows;
	for (size_t i = 0; i < count; i++) {
		if (!wc_heard_key(&keys[i]))
			continue;
		table->rows[table->count++] =
			(struct wc_text_row){.counts.all = keys[i].delta,
					     .name = name(context->registry, keys[i].key),
					     .key = keys[i].key,
					     .direction = keys[i].direction,
					     .other = keys[i].other};
	}
	return table->rows + table->count + 1;
}

static void list_tables(struct wc_text_table tables[static TABLES], struct wc_text_row *rows,
			const struct wc_context *context, const struct wc_snapshot *snapshot)
{
	rows = list_ports(&tables[0], rows, context, snapshot, IPPROTO_TCP);
	rows = list_ports(&tables[1], rows, context, snapshot, IPPROTO_UDP);
	rows = list_keys(&tables[2], rows, context, snapshot->protocols, snapshot->protocol_rows,
			 protocol_name);
	rows = list_keys(&tables[3], rows, context, snapshot->fragments, snapshot->fragment_rows,
			 protocol_name);
	list_keys(&tables[4], rows, context, snapshot->ethertypes, snapshot->ethertype_rows,
		  wc_registry_ethertype);
}

/* Widens the columns to what the rows of @table and their sum need. */
static void fit(struct wc_text_columns *columns, const struct wc_text_table *table)
{
	struct wc_port_counts sum = {{0}, 0, 0, 0};

	for (size_t i = 0; i < table->count; i++) {
		const struct wc_text_row *row = &table->rows[i];

		wc_text_widen(&columns->name, row->name ? strlen(row->name) : 0);
		sum.new += row->counts.new;
		sum.accepted += row->counts.accepted;
		sum.refused += row->counts.refused;
	}
	wc_text_widen(&columns->event, wc_text_width(sum.new));
	wc_text_widen(&columns->event, wc_text_width(sum.accepted));
	wc_text_widen(&columns->event, wc_text_width(sum.refused));
}

void wc_text_rows_add(struct wc_buffer *buffer, const struct wc_context *context,
		      const struct wc_snapshot *snapshot, unsigned kinds)
{
	struct wc_counts sum = wc_totals_sum(&snapshot->delta);
	struct wc_text_columns columns = {
		.name = NAME_MIN, .packets = PACKETS_MIN, .bytes = BYTES_MIN, .whole = sum.bytes};
	static const unsigned kind_of[TABLES] = {WC_ROWS_PORT, WC_ROWS_PORT, WC_ROWS_PROTOCOL,
						 WC_ROWS_FRAGMENT, WC_ROWS_ETHERTYPE};
	struct wc_text_table tables[TABLES] = {
		{.title = "TCP port", .events = WC_TEXT_EVENTS_ALL},
		{.title = "UDP port", .events = WC_TEXT_EVENTS_REFUSED},
		{.title = "IP protocol"},
		{.title = "fragment of"},
		{.title = "ethertype", .hexadecimal = true},
	};
	struct wc_text_row *rows;

	if (!sum.packets)
		return;
	rows = malloc(room_for(snapshot) * sizeof(*rows));
	if (!rows) {
		buffer->failed = true;
		return;
	}
	wc_text_widen(&columns.packets, wc_text_width(sum.packets));
	wc_text_widen(&columns.bytes, wc_text_width(sum.bytes));
	list_tables(tables, rows, context, snapshot);
	for (size_t i = 0; i < TABLES; i++) {
		if (!(kinds & kind_of[i]))
			tables[i].count = 0;
		wc_text_table_cut(&tables[i], context->top);
		fit(&columns, &tables[i]);
	}
	if (kinds & WC_ROWS_TOTAL)
		wc_text_table_add_directions(buffer, &columns, snapshot->delta.directions);
	for (size_t i = 0; i < TABLES; i++) {
		if (i == BEFORE_FLOWS && (kinds & WC_ROWS_CONVERSATION))
			wc_text_conversations_add(buffer, context, snapshot, &columns);
		if (i == BEFORE_FLOWS && (kinds & WC_ROWS_HOST))
			wc_text_hosts_add(buffer, context, snapshot, &columns);
		wc_text_table_add(buffer, &tables[i], &columns);
	}
	free(rows);
}
