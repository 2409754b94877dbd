#include "gather.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 64

void wc_gather_free(struct wc_gather *gather)
{
	free((char *)gather->snapshot.capture);
	free((char *)gather->snapshot.observer);
	for (size_t i = 0; i < WC_ROW_TABLES; i++) {
		free(gather->rows[i].rows);
		free(gather->rows[i].index);
	}
	*gather = (struct wc_gather){0};
}

/* The rows that are there are from intervals before. */
static void settle(struct wc_gather *gather)
{
	for (size_t i = 0; i < WC_ROW_TABLES; i++)
		gather->rows[i].settled = gather->rows[i].count;
}

bool wc_gather_snapshot(struct wc_gather *gather, const struct wc_snapshot *snapshot)
{
	struct wc_snapshot *sum = &gather->snapshot;
	char *observer = strdup(snapshot->observer);

	if (!observer)
		return false;
	settle(gather);
	free((char *)sum->observer);
	sum->observer = observer;
	if (sum->capture) {
		wc_columns_add(wc_snapshot_columns, wc_snapshot_column_count, sum, snapshot);
		return true;
	}
	*sum = *snapshot;
	sum->observer = observer;
	sum->capture = strdup(snapshot->capture);
	return sum->capture != NULL;
}

/* Returns where @row stands, or the empty slot for it. */
static uint32_t *find(const struct wc_gather *gather, size_t table, const void *row)
{
	const struct wc_gather_rows *rows = &gather->rows[table];
	const struct wc_row_table *description = &wc_row_tables[table];
	size_t slot = wc_columns_hash(description, row, gather->seed) & (rows->slots - 1);

	while (rows->index[slot] &&
	       wc_columns_compare(description,
				  rows->rows + (rows->index[slot] - 1) * description->size, row))
		slot = (slot + 1) & (rows->slots - 1);
	return &rows->index[slot];
}

/* At most half of the slots are taken. */
static bool index_rows(struct wc_gather *gather, size_t table)
{
	struct wc_gather_rows *rows = &gather->rows[table];
	size_t slots = ROOM_LEAST;
	uint32_t *index;

	while (slots < 2 * (rows->count + 1))
		slots *= 2;
	if (rows->index && slots <= rows->slots)
		return true;
	index = calloc(2 * slots, sizeof(*index));
	if (!index)
		return false;
	free(rows->index);
	rows->index = index;
	rows->slots = 2 * slots;
	for (size_t i = 0; i < rows->count; i++)
		*find(gather, table, rows->rows + i * wc_row_tables[table].size) = (uint32_t)i + 1;
	return true;
}

static bool append(struct wc_gather_rows *rows, const void *row, size_t size)
{
	if (rows->count == rows->room) {
		size_t room = rows->room ? 2 * rows->room : ROOM_LEAST;
		char *grown = realloc(rows->rows, room * size);

		if (!grown)
			return false;
		rows->rows = grown;
		rows->room = room;
	}
	memcpy(rows->rows + rows->count++ * size, row, size);
	return true;
}

bool wc_gather_row(struct wc_gather *gather, size_t table, const void *row)
{
	const struct wc_row_table *description = &wc_row_tables[table];
	struct wc_gather_rows *rows = &gather->rows[table];
	uint32_t *found;

	if (!rows->settled)
		return append(rows, row, description->size);
	if (!index_rows(gather, table))
		return false;
	found = find(gather, table, row);
	if (*found) {
		wc_columns_add(description->columns, description->count,
			       rows->rows + (*found - 1) * description->size, row);
		return true;
	}
	if (!append(rows, row, description->size))
		return false;
	*found = (uint32_t)rows->count;
	return true;
}

static int compare(const void *a, const void *b, void *table)
{
	return wc_columns_compare(table, a, b);
}

/* `other` is the only row that may stand last and came earlier. */
static void put_other_last(struct wc_gather_rows *rows, const struct wc_row_table *table)
{
	size_t other = rows->count;
	union wc_any_row row;
	char *at;

	for (size_t c = 0; c < table->count; c++) {
		if (strcmp(table->columns[c].name, "other"))
			continue;
		for (other = 0; other < rows->count; other++)
			if (*(bool *)(rows->rows + other * table->size + table->columns[c].offset))
				break;
	}
	if (other + 1 >= rows->count)
		return;
	at = rows->rows + other * table->size;
	memcpy(&row, at, table->size);
	memmove(at, at + table->size, (rows->count - 1 - other) * table->size);
	memcpy(rows->rows + (rows->count - 1) * table->size, &row, table->size);
}

static void order(struct wc_gather *gather, size_t table)
{
	struct wc_gather_rows *rows = &gather->rows[table];

	if (!rows->settled || !rows->count)
		return;
	if (wc_row_tables[table].sorted)
		qsort_r(rows->rows, rows->count, wc_row_tables[table].size, compare,
			(void *)&wc_row_tables[table]);
	else
		put_other_last(rows, &wc_row_tables[table]);
}

struct wc_snapshot *wc_gather_finish(struct wc_gather *gather)
{
	struct wc_snapshot *made = malloc(sizeof(*made));

	if (!made)
		return NULL;
	*made = gather->snapshot;
	for (size_t i = 0; i < WC_ROW_TABLES; i++) {
		struct wc_gather_rows *rows = &gather->rows[i];

		order(gather, i);
		memcpy((char *)made + wc_row_tables[i].rows, &rows->rows, sizeof(rows->rows));
		memcpy((char *)made + wc_row_tables[i].length, &rows->count, sizeof(rows->count));
		free(rows->index);
	}
	*gather = (struct wc_gather){0};
	return made;
}

void wc_gather_snapshot_free(struct wc_snapshot *snapshot)
{
	if (!snapshot)
		return;
	for (size_t i = 0; i < WC_ROW_TABLES; i++) {
		void *rows;

		memcpy(&rows, (char *)snapshot + wc_row_tables[i].rows, sizeof(rows));
		free(rows);
	}
	free((char *)snapshot->capture);
	free((char *)snapshot->observer);
	free(snapshot);
}
