#include "keyed.h"

#include <sys/mman.h>

#include "wirecensus/error.h"

#define CELLS_AT_START 2048
#define HUGE_FROM      (2 << 20) /* bytes: behind these, large pages save more than they waste */

static void *reserve(size_t size)
{
	void *memory = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static void release(void *memory, size_t size)
{
	if (memory)
		munmap(memory, size ? size : 1);
}

/*
 * Rows are hit at random, and with small pages nearly every hit is a miss of the
 * address cache as well. A small table keeps to small pages. Advice, so that its
 * failure is no failure.
 */
static void prefer_large_pages(void *memory, size_t size)
{
	if (size > HUGE_FROM)
		madvise((char *)memory + HUGE_FROM, size - HUGE_FROM, MADV_HUGEPAGE);
}

static size_t index_size(uint32_t mask)
{
	return ((size_t)mask + 1) * sizeof(uint64_t);
}

/* The index is never more than half full, so that a search is short. */
static void set_limit(struct wc_keyed *table)
{
	uint32_t half = table->mask / 2 + 1;

	table->limit = half < table->bound ? half : table->bound;
}

int wc_keyed_open(struct wc_keyed *table, uint32_t bound, size_t row_size,
		  const size_t side_sizes[WC_KEYED_SIDES])
{
	*table = (struct wc_keyed){
		.mask = CELLS_AT_START - 1,
		.bound = bound,
		.row_size = row_size,
	};
	set_limit(table);
	table->index = reserve(index_size(table->mask));
	table->rows = reserve(bound * row_size);
	table->tags = reserve(bound * sizeof(*table->tags));
	if (!table->index || !table->rows || !table->tags)
		return WC_FAILED;
	for (int i = 0; i < WC_KEYED_SIDES && side_sizes[i]; i++) {
		table->side_sizes[i] = side_sizes[i];
		table->sides[i] = reserve(bound * side_sizes[i]);
		if (!table->sides[i])
			return WC_FAILED;
	}
	prefer_large_pages(table->rows, bound * row_size);
	return WC_OK;
}

void wc_keyed_close(struct wc_keyed *table)
{
	release(table->index, index_size(table->mask));
	release(table->rows, table->bound * table->row_size);
	release(table->tags, table->bound * sizeof(*table->tags));
	for (int i = 0; i < WC_KEYED_SIDES; i++)
		release(table->sides[i], table->bound * table->side_sizes[i]);
	*table = (struct wc_keyed){0};
}

uint64_t wc_keyed_size(const struct wc_keyed *table)
{
	uint64_t cells = CELLS_AT_START, row = table->row_size + sizeof(*table->tags);

	while (cells < 2 * (uint64_t)table->bound)
		cells *= 2;
	if (cells > CELLS_AT_START)
		cells += cells / 2; /* the one before it, while entries move */
	for (int i = 0; i < WC_KEYED_SIDES; i++)
		row += table->side_sizes[i];
	return cells * sizeof(uint64_t) + table->bound * row;
}

static void put(uint64_t *index, uint32_t mask, uint64_t entry)
{
	uint32_t cell = (uint32_t)(entry >> 32) & mask;

	while (index[cell])
		cell = (cell + 1) & mask;
	index[cell] = entry;
}

static bool double_index(struct wc_keyed *table)
{
	uint32_t mask = table->mask * 2 + 1;
	uint64_t *index = reserve(index_size(mask));

	if (!index)
		return false;
	prefer_large_pages(index, index_size(mask));
	for (uint32_t cell = 0; cell <= table->mask; cell++)
		if (table->index[cell])
			put(index, mask, table->index[cell]);
	release(table->index, index_size(table->mask));
	table->index = index;
	table->mask = mask;
	return true;
}

void wc_keyed_make_room(struct wc_keyed *table, uint32_t more)
{
	while (table->limit < table->bound && table->limit - table->used < more &&
	       double_index(table))
		set_limit(table);
}

struct wc_keyed_head *wc_keyed_add(struct wc_keyed *table, uint32_t cell, uint32_t tag)
{
	struct wc_keyed_head *row;
	uint32_t number;

	if (table->used >= table->limit)
		return NULL;
	if (table->freed) {
		number = table->freed - 1;
		table->freed = table->tags[number];
	} else {
		number = table->touched++;
	}
	table->used++;
	table->index[cell] = (uint64_t)tag << 32 | (number + 1);
	table->tags[number] = tag;
	row = wc_keyed_row(table, number);
	row->used = 1;
	return row;
}

/*
 * Closes the gap at @cell: each entry behind it, up to the next empty cell, moves
 * up unless that would put it in front of where its search begins (Knuth, The Art
 * of Computer Programming, 6.4, algorithm R).
 */
static void close_gap(struct wc_keyed *table, uint32_t cell)
{
	uint32_t mask = table->mask;

	for (uint32_t next = (cell + 1) & mask; table->index[next]; next = (next + 1) & mask) {
		uint32_t home = (uint32_t)(table->index[next] >> 32) & mask;

		if (((next - home) & mask) >= ((next - cell) & mask)) {
			table->index[cell] = table->index[next];
			cell = next;
		}
	}
	table->index[cell] = 0;
}

/* Writes zeros only where there are none yet: memory that was never touched stays so. */
static void clear(char *side, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (side[i])
			side[i] = 0;
}

void wc_keyed_remove(struct wc_keyed *table, uint32_t number)
{
	struct wc_keyed_head *row = wc_keyed_row(table, number);
	uint32_t cell = table->tags[number] & table->mask;

	while ((uint32_t)table->index[cell] != number + 1)
		cell = (cell + 1) & table->mask;
	close_gap(table, cell);
	memset(row, 0, table->row_size);
	for (unsigned i = 0; i < WC_KEYED_SIDES; i++)
		clear(wc_keyed_side(table, i, number), table->side_sizes[i]);
	table->tags[number] = table->freed;
	table->freed = number + 1;
	table->used--;
}

bool wc_keyed_is_over(struct wc_keyed_head *row, uint32_t active_s, uint32_t now_s, uint32_t idle_s)
{
	bool idle = idle_s && now_s - active_s >= idle_s;
	bool over = idle && row->idle;

	row->idle = idle;
	return over;
}
