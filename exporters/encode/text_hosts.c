#include "text_hosts.h"

#include <string.h>

#include "buffer.h"
#include "encode.h"
#include "escape.h"
#include "heard.h"
#include "peer.h"
#include "text_cells.h"
#include "text_table.h"
#include "top.h"
#include "wirecensus/snapshot.h"

#define NAME_WIDTH 40 /* bytes shown of a name */

struct table {
	struct wc_buffer *out;
	const struct wc_naming *naming;
	const struct wc_text_columns *columns;
	size_t address, new; /* widths */
};

/* What one host, or several, sent and received. */
struct sums {
	struct wc_host_way sent, received;
};

static uint64_t both_ways(const void *row)
{
	const struct wc_host_row *host = row;

	return host->sent.bytes + host->received.bytes;
}

static void add_way(struct wc_host_way *sum, const struct wc_host_way *way)
{
	sum->packets += way->packets;
	sum->bytes += way->bytes;
	sum->new += way->new;
}

static void take_way(struct wc_host_way *sum, const struct wc_host_way *way)
{
	sum->packets -= way->packets;
	sum->bytes -= way->bytes;
	sum->new -= way->new;
}

static void fit_rows(struct table *table, const struct wc_top *top)
{
	struct wc_buffer *out = table->out;
	size_t start = out->length;

	for (size_t i = 0; i < top->count; i++) {
		const struct wc_host_row *row = top->entries[i].row;

		wc_peer_add(out, &row->address);
		wc_text_widen(&table->address, out->length - start);
		out->length = start;
	}
}

static void add_head(const struct table *table)
{
	const struct wc_text_columns *columns = table->columns;
	struct wc_buffer *out = table->out;
	size_t packets = WC_TEXT_GAP + columns->packets;
	size_t rest = WC_TEXT_GAP + columns->bytes + WC_TEXT_GAP + table->new;
	size_t start;

	wc_buffer_text(out, "\n");
	wc_text_word(out, "sent", table->address + packets);
	wc_text_word(out, "received", rest + packets);
	wc_buffer_text(out, "\n");
	start = out->length;
	wc_buffer_text(out, "host");
	wc_buffer_pad(out, start, table->address);
	for (int way = 0; way < 2; way++) {
		wc_text_word(out, "packets", packets);
		wc_text_word(out, "bytes", WC_TEXT_GAP + columns->bytes);
		wc_text_word(out, "new", WC_TEXT_GAP + table->new);
	}
	if (table->naming)
		wc_text_word(out, "name", WC_TEXT_GAP + strlen("name"));
	wc_buffer_text(out, "\n");
}

static void add_counts(const struct table *table, const struct wc_host_way *way)
{
	wc_text_event(table->out, way->packets, WC_TEXT_GAP + table->columns->packets);
	wc_text_event(table->out, way->bytes, WC_TEXT_GAP + table->columns->bytes);
	wc_text_event(table->out, way->new, WC_TEXT_GAP + table->new);
}

/* Adds both ways to the line that began at @start. */
static void add_sums(const struct table *table, size_t start, const struct sums *sums)
{
	wc_buffer_pad(table->out, start, table->address);
	add_counts(table, &sums->sent);
	add_counts(table, &sums->received);
}

/*
 * Adds the first name of @address. One that is too long loses its beginning, as
 * whoever owns the zone at its end can put anything there.
 */
static void add_name(const struct table *table, const struct wc_address *address)
{
	const char *names[WC_NAMING_MAX];
	const char *name;
	size_t length;

	if (!table->naming || !table->naming->find(table->naming->arg, address, names))
		return;
	name = names[0];
	length = strlen(name);
	wc_buffer_pad(table->out, table->out->length, WC_TEXT_GAP);
	if (length > NAME_WIDTH) {
		wc_buffer_text(table->out, *name == ':' ? ":..." : "...");
		name += length - NAME_WIDTH + strlen(":...");
	}
	wc_escape_terminal(table->out, name);
}

static void add_sum(const struct table *table, const char *label, const struct sums *sums)
{
	size_t start = table->out->length;

	wc_buffer_text(table->out, label);
	add_sums(table, start, sums);
	wc_buffer_text(table->out, "\n");
}

/* Adds the rows of @top; what they lack of @all is the last row but one. */
static void add_table(struct table *table, const struct wc_top *top, const struct sums *all)
{
	struct sums rest = *all;
	bool more;

	wc_text_widen(&table->new, wc_text_width(all->sent.new));
	wc_text_widen(&table->new, wc_text_width(all->received.new));
	fit_rows(table, top);
	add_head(table);
	for (size_t i = 0; i < top->count; i++) {
		const struct wc_host_row *row = top->entries[i].row;
		size_t start = table->out->length;

		wc_peer_add(table->out, &row->address);
		add_sums(table, start, &(struct sums){row->sent, row->received});
		add_name(table, &row->address);
		wc_buffer_text(table->out, "\n");
		take_way(&rest.sent, &row->sent);
		take_way(&rest.received, &row->received);
	}
	more = rest.sent.packets || rest.received.packets;
	if (more)
		add_sum(table, "other", &rest);
	if (top->count + more > 1)
		add_sum(table, "all", all);
}

void wc_text_hosts_add(struct wc_buffer *buffer, const struct wc_context *context,
		       const struct wc_snapshot *snapshot, const struct wc_text_columns *columns)
{
	struct table table = {.out = buffer,
			      .naming = context->naming,
			      .columns = columns,
			      .address = strlen("255.255.255.255"),
			      .new = strlen("new")};
	size_t rows = snapshot->host_rows;
	struct sums all = {{0}, {0}};
	struct wc_top top;

	if (!wc_top_begin(&top, rows < context->top ? rows : context->top, both_ways)) {
		buffer->failed = true;
		return;
	}
	for (size_t i = 0; i < rows; i++) {
		const struct wc_host_row *row = &snapshot->hosts[i];

		add_way(&all.sent, &row->sent);
		add_way(&all.received, &row->received);
		if (!row->other && wc_heard_host(row))
			wc_top_offer(&top, row);
	}
	wc_top_sort(&top);
	if (all.sent.packets || all.received.packets)
		add_table(&table, &top, &all);
	wc_top_end(&top);
}
