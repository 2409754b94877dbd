#include "text_scanners.h"

#include <string.h>

#include "buffer.h"
#include "encode.h"
#include "peer.h"
#include "text_cells.h"
#include "top.h"
#include "wirecensus/snapshot.h"

/* The columns of numbers, from left to right. */
static const struct {
	const char *head;
	size_t offset; /* in struct wc_scanner_row */
} columns[] = {
	{"attempts", offsetof(struct wc_scanner_row, attempts)},
	{"refused", offsetof(struct wc_scanner_row, refused)},
	{"unanswered", offsetof(struct wc_scanner_row, unanswered)},
	{"ports about", offsetof(struct wc_scanner_row, distinct_ports)},
	{"hosts about", offsetof(struct wc_scanner_row, distinct_hosts)},
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

static uint64_t number(const struct wc_scanner_row *row, size_t column)
{
	return *(const uint64_t *)((const char *)row + columns[column].offset);
}

static uint64_t attempts(const void *row)
{
	return ((const struct wc_scanner_row *)row)->attempts;
}

struct widths {
	size_t address, numbers[COLUMNS];
};

static void fit(struct wc_buffer *buffer, struct widths *widths, const struct wc_top *top)
{
	size_t start = buffer->length;

	widths->address = strlen("scanner, last hour");
	for (size_t c = 0; c < COLUMNS; c++)
		widths->numbers[c] = strlen(columns[c].head);
	for (size_t i = 0; i < top->count; i++) {
		wc_peer_add(buffer, &((const struct wc_scanner_row *)top->entries[i].row)->address);
		wc_text_widen(&widths->address, buffer->length - start);
		buffer->length = start;
		for (size_t c = 0; c < COLUMNS; c++)
			wc_text_widen(&widths->numbers[c],
				      wc_text_width(number(top->entries[i].row, c)));
	}
}

static void add_head(struct wc_buffer *buffer, const struct widths *widths)
{
	size_t start;

	wc_buffer_text(buffer, "\n");
	start = buffer->length;
	wc_buffer_text(buffer, "scanner, last hour");
	wc_buffer_pad(buffer, start, widths->address);
	for (size_t c = 0; c < COLUMNS; c++)
		wc_text_word(buffer, columns[c].head, WC_TEXT_GAP + widths->numbers[c]);
	wc_buffer_text(buffer, "\n");
}

static void add_row(struct wc_buffer *buffer, const struct widths *widths,
		    const struct wc_scanner_row *row)
{
	size_t start = buffer->length;

	wc_peer_add(buffer, &row->address);
	wc_buffer_pad(buffer, start, widths->address);
	for (size_t c = 0; c < COLUMNS; c++)
		wc_text_event(buffer, number(row, c), WC_TEXT_GAP + widths->numbers[c]);
	wc_buffer_text(buffer, "\n");
}

void wc_text_scanners_add(struct wc_buffer *buffer, const struct wc_context *context,
			  const struct wc_snapshot *snapshot)
{
	size_t rows = snapshot->scanner_rows;
	struct widths widths;
	struct wc_top top;

	if (!rows)
		return;
	if (!wc_top_begin(&top, rows < context->top ? rows : context->top, attempts)) {
		buffer->failed = true;
		return;
	}
	for (size_t i = 0; i < rows; i++)
		wc_top_offer(&top, &snapshot->scanners[i]);
	wc_top_sort(&top);
	fit(buffer, &widths, &top);
	add_head(buffer, &widths);
	for (size_t i = 0; i < top.count; i++)
		add_row(buffer, &widths, top.entries[i].row);
	if (top.count < rows)
		wc_buffer_format(buffer, "%zu more\n", rows - top.count);
	wc_top_end(&top);
}
