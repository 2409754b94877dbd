#include "cells.h"

#include <stdlib.h>
#include <string.h>

#include "wirecensus/address.h"

#define BLOCK_SIZE ((size_t)16384)

struct wc_cells_block {
	struct wc_cells_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

void wc_cells_begin(struct wc_cells *cells, struct wc_report_table *table,
		    const struct wc_report_table *about, struct wc_cells_block **blocks)
{
	*table = *about;
	*cells = (struct wc_cells){.table = table, .blocks = blocks};
}

void wc_cells_free(struct wc_cells_block *blocks)
{
	while (blocks) {
		struct wc_cells_block *next = blocks->next;

		free(blocks);
		blocks = next;
	}
}

/* Returns @size bytes for any object, or NULL. */
static void *take(struct wc_cells *cells, size_t size)
{
	struct wc_cells_block *block = *cells->blocks;

	size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (!block || block->size - block->used < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

		block = malloc(sizeof(*block) + room);
		if (!block) {
			cells->failed = true;
			return NULL;
		}
		*block = (struct wc_cells_block){.next = *cells->blocks, .size = room};
		*cells->blocks = block;
	}
	block->used += size;
	return block->bytes + block->used - size;
}

const char *wc_cells_copy(struct wc_cells *cells, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = take(cells, size);

	return copy ? memcpy(copy, text, size) : NULL;
}

static void add(struct wc_cells *cells, const struct wc_cell *cell)
{
	if (cells->filled == cells->room) {
		size_t room = cells->room ? 2 * cells->room : 64;
		struct wc_cell *grown = realloc(cells->table->cells, room * sizeof(*grown));

		if (!grown) {
			cells->failed = true;
			return;
		}
		cells->table->cells = grown;
		cells->room = room;
	}
	cells->table->cells[cells->filled++] = *cell;
}

void wc_cells_none(struct wc_cells *cells)
{
	add(cells, &(struct wc_cell){.kind = WC_CELL_NONE});
}

void wc_cells_text(struct wc_cells *cells, const char *text)
{
	const char *copy = text ? wc_cells_copy(cells, text) : NULL;

	add(cells, &(struct wc_cell){.kind = copy ? WC_CELL_TEXT : WC_CELL_NONE, .text = copy});
}

void wc_cells_number(struct wc_cells *cells, enum wc_cell_kind kind, uint64_t number)
{
	add(cells, &(struct wc_cell){.kind = kind, .number = number});
}

void wc_cells_rate(struct wc_cells *cells, double rate)
{
	add(cells, &(struct wc_cell){.kind = WC_CELL_RATE, .rate = rate});
}

void wc_cells_time(struct wc_cells *cells, int64_t time)
{
	add(cells, &(struct wc_cell){.kind = time == WC_TIME_UNKNOWN ? WC_CELL_NONE : WC_CELL_TIME,
				     .time = time});
}

void wc_cells_list(struct wc_cells *cells, const char *const *texts, size_t count)
{
	const char **copies = take(cells, (count + 1) * sizeof(*copies));

	for (size_t i = 0; i < count && copies; i++) {
		copies[i] = wc_cells_copy(cells, texts[i]);
		if (!copies[i])
			copies = NULL;
	}
	add(cells, &(struct wc_cell){.kind = copies ? WC_CELL_LIST : WC_CELL_NONE,
				     .count = (uint32_t)count,
				     .texts = copies});
}

void wc_cells_address(struct wc_cells *cells, const struct wc_address *address)
{
	char text[WC_ADDRESS_TEXT];

	/* Version 0 stands for all addresses outside the local networks. */
	wc_cells_text(cells, address->version ? wc_address_format(address, text) : "internet");
}

void wc_cells_note(struct wc_cells *cells, const char *note)
{
	if (note && cells->filled)
		cells->table->cells[cells->filled - 1].note = wc_cells_copy(cells, note);
}

bool wc_cells_end(struct wc_cells *cells, bool other)
{
	cells->table->row_count = cells->filled / cells->table->column_count;
	cells->table->other = other;
	return !cells->failed;
}
