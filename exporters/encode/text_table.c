#include "text_table.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "escape.h"
#include "text_cells.h"

#define KEY_WIDTH       6 /* 0x86dd */
#define DIRECTION_WIDTH 9 /* its head */

static size_t key_width(const struct wc_text_columns *columns)
{
	return KEY_WIDTH + 1 + columns->name + 1;
}

static void sum_up(struct wc_port_counts *sum, const struct wc_port_counts *more)
{
	sum->all.packets += more->all.packets;
	sum->all.bytes += more->all.bytes;
	sum->new += more->new;
	sum->accepted += more->accepted;
	sum->refused += more->refused;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *a, const void *b)
{
	const struct wc_text_row *left = a, *right = b;
	int result = order(left->other, right->other);

	if (!result)
		result = order(right->counts.all.bytes, left->counts.all.bytes);
	if (!result)
		result = order(right->counts.all.packets, left->counts.all.packets);
	if (!result)
		result = order(left->key, right->key);
	return result ? result : order(left->direction, right->direction);
}

void wc_text_table_cut(struct wc_text_table *table, uint64_t top)
{
	struct wc_text_row rest = {.other = true};
	size_t keep = 0;

	if (!table->count)
		return;
	qsort(table->rows, table->count, sizeof(*table->rows), compare);
	while (keep < table->count && keep < top && !table->rows[keep].other)
		keep++;
	if (keep == table->count)
		return;
	for (size_t i = keep; i < table->count; i++)
		sum_up(&rest.counts, &table->rows[i].counts);
	table->rows[keep] = rest;
	table->count = keep + 1;
}

/* The columns behind the share, and the least that a table shows for each to be there. */
static const struct {
	const char *head;
	size_t offset; /* in struct wc_port_counts */
	enum wc_text_events least;
} events[] = {
	{"new", offsetof(struct wc_port_counts, new), WC_TEXT_EVENTS_ALL},
	{"accepted", offsetof(struct wc_port_counts, accepted), WC_TEXT_EVENTS_ALL},
	{"refused", offsetof(struct wc_port_counts, refused), WC_TEXT_EVENTS_REFUSED},
};

#define EVENTS (sizeof(events) / sizeof(*events))

static size_t event_width(const struct wc_text_columns *columns, size_t event)
{
	size_t head = strlen(events[event].head);

	return WC_TEXT_GAP + (columns->event > head ? columns->event : head);
}

static void add_head(struct wc_buffer *buffer, const struct wc_text_columns *columns,
		     const char *title, const char *second, enum wc_text_events shown)
{
	size_t start = buffer->length;

	wc_buffer_text(buffer, title);
	wc_buffer_pad(buffer, start, key_width(columns));
	wc_buffer_text(buffer, second);
	wc_buffer_pad(buffer, start, key_width(columns) + DIRECTION_WIDTH);
	wc_text_word(buffer, "packets", WC_TEXT_GAP + columns->packets);
	wc_text_word(buffer, "bytes", WC_TEXT_GAP + columns->bytes);
	wc_text_word(buffer, "share", WC_TEXT_SHARE_WIDTH);
	for (size_t i = 0; i < EVENTS; i++)
		if (shown >= events[i].least)
			wc_text_word(buffer, events[i].head, event_width(columns, i));
	wc_buffer_text(buffer, "\n");
}

/* Adds what stands behind the key: a direction or "", and the counts. */
static void add_counts(struct wc_buffer *buffer, const struct wc_text_columns *columns,
		       const char *direction, const struct wc_port_counts *counts,
		       enum wc_text_events shown)
{
	wc_buffer_format(buffer, "%-*s", DIRECTION_WIDTH, direction);
	wc_text_number(buffer, counts->all.packets, WC_TEXT_GAP + columns->packets);
	wc_text_number(buffer, counts->all.bytes, WC_TEXT_GAP + columns->bytes);
	wc_text_share(buffer, counts->all.bytes, columns->whole);
	for (size_t i = 0; i < EVENTS; i++) {
		const uint64_t *event = (const uint64_t *)((const char *)counts + events[i].offset);

		if (shown < events[i].least)
			continue;
		wc_text_event(buffer, *event, event_width(columns, i));
	}
	wc_buffer_text(buffer, "\n");
}

static void add_row(struct wc_buffer *buffer, const struct wc_text_table *table,
		    const struct wc_text_columns *columns, const struct wc_text_row *row)
{
	size_t start = buffer->length;

	if (row->other)
		wc_buffer_format(buffer, "%*s other", KEY_WIDTH, "");
	else if (table->hexadecimal)
		wc_buffer_format(buffer, "0x%04x ", (unsigned)row->key);
	else
		wc_buffer_format(buffer, "%*u ", KEY_WIDTH, (unsigned)row->key);
	if (!row->other && row->name)
		wc_escape_terminal(buffer, row->name);
	wc_buffer_pad(buffer, start, key_width(columns));
	add_counts(buffer, columns, row->other ? "" : wc_direction_name(row->direction),
		   &row->counts, table->events);
}

void wc_text_table_add(struct wc_buffer *buffer, const struct wc_text_table *table,
		       const struct wc_text_columns *columns)
{
	struct wc_port_counts sum = {{0}, 0, 0, 0};
	size_t start;

	if (!table->count)
		return;
	wc_buffer_text(buffer, "\n");
	add_head(buffer, columns, table->title, "direction", table->events);
	for (size_t i = 0; i < table->count; i++) {
		add_row(buffer, table, columns, &table->rows[i]);
		sum_up(&sum, &table->rows[i].counts);
	}
	if (table->count == 1)
		return;
	start = buffer->length;
	wc_buffer_format(buffer, "%*s all", KEY_WIDTH, "");
	wc_buffer_pad(buffer, start, key_width(columns));
	add_counts(buffer, columns, "", &sum, table->events);
}

void wc_text_table_add_directions(struct wc_buffer *buffer, const struct wc_text_columns *columns,
				  const struct wc_counts counts[static WC_DIRECTIONS])
{
	wc_buffer_text(buffer, "\n");
	add_head(buffer, columns, "direction", "", WC_TEXT_EVENTS_NONE);
	for (int i = 0; i < WC_DIRECTIONS; i++) {
		struct wc_port_counts row = {.all = counts[i]};
		size_t start = buffer->length;

		if (!counts[i].packets && !counts[i].bytes)
			continue;
		wc_buffer_format(buffer, "%*s %s", KEY_WIDTH, "",
				 wc_direction_name((enum wc_direction)i));
		wc_buffer_pad(buffer, start, key_width(columns));
		add_counts(buffer, columns, "", &row, WC_TEXT_EVENTS_NONE);
	}
}
