#include "lines.h"

#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/address.h"
#include "wirecensus/snapshot.h"

__attribute__((format(printf, 2, 3))) static void add(struct lines *lines, const char *format, ...)
{
	va_list values;

	lines->items = realloc(lines->items, (lines->count + 1) * sizeof(*lines->items));
	va_start(values, format);
	ck_assert_int_gt(vasprintf(&lines->items[lines->count++], format, values), 0);
	va_end(values);
}

static void add_counts(struct lines *lines, const char *name, const struct wc_counts *counts)
{
	add(lines, "%s %" PRIu64 " %" PRIu64, name, counts->packets, counts->bytes);
}

static void add_totals(struct lines *lines, const struct wc_totals *totals)
{
	char name[32];

	add(lines, "frames %" PRIu64, totals->frames);
	for (int i = 0; i < WC_CLASSES; i++) {
		snprintf(name, sizeof(name), "class %d", i);
		add_counts(lines, name, &totals->classes[i]);
	}
	for (int i = 0; i < WC_DIRECTIONS; i++) {
		snprintf(name, sizeof(name), "direction %d", i);
		add_counts(lines, name, &totals->directions[i]);
	}
	add_counts(lines, "internet in", &totals->internet_in);
	add_counts(lines, "internet out", &totals->internet_out);
}

static void add_port(struct lines *lines, const char *sum, const struct wc_port_row *row,
		     const struct wc_port_counts *counts)
{
	add(lines,
	    "%s port %d/%d direction %d%s: %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
	    " %" PRIu64,
	    sum, row->protocol, row->port, row->direction, row->other ? " other" : "",
	    counts->all.packets, counts->all.bytes, counts->new, counts->accepted, counts->refused);
}

static void add_keys(struct lines *lines, const char *name, const struct wc_key_row *rows,
		     size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(lines, "%s %d direction %d%s: %" PRIu64 " %" PRIu64 ", %" PRIu64 " %" PRIu64,
		    name, rows[i].key, rows[i].direction, rows[i].other ? " other" : "",
		    rows[i].delta.packets, rows[i].delta.bytes, rows[i].total.packets,
		    rows[i].total.bytes);
}

static void add_conversation(struct lines *lines, const struct wc_conversation_row *row)
{
	char client[WC_ADDRESS_TEXT], server[WC_ADDRESS_TEXT];
	const struct wc_way_counts *forward = &row->forward, *reverse = &row->reverse;

	add(lines,
	    "conversation %s:%d %s:%d/%d direction %d scope %d%s: %" PRIu64 " %" PRIu64 " %" PRIu64
	    " %" PRIu64 " %#x, %" PRIu64 " %" PRIu64 " %" PRIu64 " %#x",
	    wc_address_format(&row->client, client), row->client_port,
	    wc_address_format(&row->server, server), row->port, row->protocol, row->direction,
	    row->scope, row->other ? " other" : "", forward->packets, forward->bytes,
	    forward->ip_bytes, forward->new, forward->flags, reverse->packets, reverse->bytes,
	    reverse->ip_bytes, reverse->flags);
}

static void add_host(struct lines *lines, const struct wc_host_row *row)
{
	char address[WC_ADDRESS_TEXT];

	add(lines,
	    "host %s%s: %" PRIu64 " %" PRIu64 " %" PRIu64 ", %" PRIu64 " %" PRIu64 " %" PRIu64,
	    wc_address_format(&row->address, address), row->other ? " other" : "",
	    row->sent.packets, row->sent.bytes, row->sent.new, row->received.packets,
	    row->received.bytes, row->received.new);
}

/*
 * Distinct hosts are not compared, nor who is a scanner by them alone: they are estimates
 * by hashes that are not the same.
 */
static void add_scanner(struct lines *lines, const struct wc_scanner_row *row)
{
	char address[WC_ADDRESS_TEXT];

	add(lines,
	    "scanner %s: %" PRIu64 " attempts, %" PRIu64 " changes, %" PRIu64 " ports, %" PRIu64
	    " refused, %" PRIu64 " unanswered",
	    wc_address_format(&row->address, address), row->attempts, row->port_changes,
	    row->distinct_ports, row->refused, row->unanswered);
}

static int order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void lines_list(struct lines *lines, const struct wc_snapshot *snapshot, uint32_t threshold)
{
	*lines = (struct lines){0};
	add_totals(lines, &snapshot->delta);
	for (size_t i = 0; i < snapshot->port_rows; i++) {
		add_port(lines, "interval", &snapshot->ports[i], &snapshot->ports[i].delta);
		add_port(lines, "total", &snapshot->ports[i], &snapshot->ports[i].total);
	}
	add_keys(lines, "protocol", snapshot->protocols, snapshot->protocol_rows);
	add_keys(lines, "fragment", snapshot->fragments, snapshot->fragment_rows);
	add_keys(lines, "ethertype", snapshot->ethertypes, snapshot->ethertype_rows);
	for (size_t i = 0; i < snapshot->conversation_rows; i++)
		add_conversation(lines, &snapshot->conversations[i]);
	for (size_t i = 0; i < snapshot->host_rows; i++)
		add_host(lines, &snapshot->hosts[i]);
	for (size_t i = 0; i < snapshot->scanner_rows; i++)
		if (snapshot->scanners[i].port_changes >= threshold)
			add_scanner(lines, &snapshot->scanners[i]);
	qsort(lines->items, lines->count, sizeof(*lines->items), order);
}

void lines_free(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->items[i]);
	free(lines->items);
}
