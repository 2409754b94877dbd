#include "shown_table.h"

#include <check.h>

static void look(const void *user, size_t index, struct wc_shown_row *row)
{
	*row = ((const struct shown_table *)user)->rows[index];
}

struct wc_shown *shown_make(size_t rows, size_t services, size_t top, unsigned directions)
{
	struct wc_shown_bounds bounds = {rows, services, top, directions};
	struct wc_shown *shown = NULL;

	ck_assert_int_eq(wc_shown_new(&shown, &bounds, NULL), 0);
	return shown;
}

void shown_put(struct shown_table *table, uint16_t key, uint8_t direction, uint64_t packets)
{
	table->rows[table->count++] = (struct wc_shown_row){
		.key = key, .direction = direction, .ranked = true, .counters = {packets}};
}

void shown_update(struct wc_shown *shown, const struct shown_table *table)
{
	wc_shown_update(shown, table->count, look, table);
}

const struct wc_shown_series *shown_series(const struct wc_shown *shown, uint16_t key,
					   uint8_t direction)
{
	for (size_t i = 0; i < wc_shown_count(shown); i++) {
		const struct wc_shown_series *at = wc_shown_at(shown, i);

		if (at->key == key && at->direction == direction)
			return at;
	}
	return NULL;
}
