/* Which rows are shown: random tables, under which the sums must hold. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "shown_table.h"
#include "suite.h"

/* As ck_assert(), which notes each place that it passes: millions are too many. */
#define HOLD(condition)                                                                            \
	do {                                                                                       \
		if (!(condition))                                                                  \
			ck_abort_msg("%s", #condition);                                            \
	} while (0)

/* A reference: what is expected of each row, by the words of the header alone. */
struct expected {
	bool shown;
	uint64_t base[WC_SHOWN_COUNTERS];
};

struct model {
	struct shown_table table;
	struct expected rows[512];
	struct wc_shown_bounds bounds;
	uint64_t other[WC_DIRECTIONS][WC_SHOWN_COUNTERS]; /* after the update before */
	size_t pinned, shown;
};

static unsigned draw(unsigned below)
{
	return (unsigned)random() % below;
}

static void grow(struct model *model)
{
	for (size_t i = 0; i < model->table.count; i++) {
		struct wc_shown_row *row = &model->table.rows[i];

		if (draw(3))
			continue;
		for (size_t c = 0; c < WC_SHOWN_COUNTERS; c++)
			row->counters[c] += draw(4) ? draw(10) : draw(100000);
		row->service |= !draw(40);
		row->ranked |= !draw(4);
	}
}

/* Inserts rows that are new, keeping the order: position by key and direction. */
static void add_rows(struct model *model)
{
	struct shown_table *table = &model->table;

	for (unsigned n = draw(12); n > 0 && table->count < 400; n--) {
		struct wc_shown_row row = {.key = (uint16_t)draw(60),
					   .direction = (uint8_t)draw(WC_DIRECTIONS)};
		size_t at = 0;

		while (at < table->count && !table->rows[at].other &&
		       (table->rows[at].key < row.key ||
			(table->rows[at].key == row.key &&
			 table->rows[at].direction < row.direction)))
			at++;
		if (at < table->count && !table->rows[at].other && table->rows[at].key == row.key &&
		    table->rows[at].direction == row.direction)
			continue;
		memmove(&table->rows[at + 1], &table->rows[at], (table->count - at) * sizeof(row));
		memmove(&model->rows[at + 1], &model->rows[at],
			(table->count - at) * sizeof(*model->rows));
		table->rows[at] = row;
		model->rows[at] = (struct expected){.shown = false};
		table->count++;
	}
}

static void check_sums(const struct model *model, const struct wc_shown *shown)
{
	uint64_t rows[WC_DIRECTIONS][WC_SHOWN_COUNTERS] = {0};

	for (size_t i = 0; i < model->table.count; i++)
		for (size_t c = 0; c < WC_SHOWN_COUNTERS; c++)
			rows[model->table.rows[i].direction][c] += model->table.rows[i].counters[c];
	for (size_t i = 0; i < wc_shown_count(shown); i++)
		for (size_t c = 0; c < WC_SHOWN_COUNTERS; c++)
			rows[wc_shown_at(shown, i)->direction][c] -=
				wc_shown_at(shown, i)->values[c];
	for (unsigned d = 0; d < WC_DIRECTIONS; d++)
		for (size_t c = 0; c < WC_SHOWN_COUNTERS; c++) {
			HOLD(rows[d][c] == wc_shown_other(shown, d)[c]);
			HOLD(wc_shown_other(shown, d)[c] >= model->other[d][c]);
		}
}

/* What was shown stays, with its counts since then; what is new starts at 0. */
static void check_rows(struct model *model, const struct wc_shown *shown)
{
	for (size_t i = 0; i < model->table.count; i++) {
		const struct wc_shown_row *row = &model->table.rows[i];
		struct expected *expected = &model->rows[i];
		const struct wc_shown_series *is =
			row->other ? NULL : shown_series(shown, row->key, row->direction);

		HOLD(is || !expected->shown);
		if (is && !expected->shown) {
			HOLD(model->bounds.directions & 1u << row->direction);
			HOLD(row->service || row->ranked);
			memcpy(expected->base, row->counters, sizeof(expected->base));
			expected->shown = true;
			model->shown++;
		}
		for (size_t c = 0; is && c < WC_SHOWN_COUNTERS; c++)
			HOLD(is->values[c] == row->counters[c] - expected->base[c]);
	}
	HOLD(wc_shown_count(shown) == model->shown);
	HOLD(model->shown - model->pinned <= model->bounds.rows);
}

static size_t higher_than(const struct model *model, const struct wc_shown_row *row)
{
	size_t count = 0;

	for (size_t i = 0; i < model->table.count; i++) {
		const struct wc_shown_row *other = &model->table.rows[i];

		count += !other->other && other->ranked &&
			 (model->bounds.directions & 1u << other->direction) &&
			 (other->counters[0] > row->counters[0] ||
			  (other->counters[0] == row->counters[0] && other < row));
	}
	return count;
}

/* While there is room, every row among the top is shown, and every service within its bound. */
static void check_admission(const struct model *model, size_t services)
{
	if (model->shown - model->pinned >= model->bounds.rows)
		return;
	for (size_t i = 0; i < model->table.count; i++) {
		const struct wc_shown_row *row = &model->table.rows[i];

		if (row->other || model->rows[i].shown || !row->counters[0] ||
		    !(model->bounds.directions & 1u << row->direction))
			continue;
		if (row->ranked)
			HOLD(higher_than(model, row) >= model->bounds.top);
		if (row->service)
			HOLD(services >= model->bounds.services);
	}
}

static size_t shown_services(const struct model *model)
{
	size_t count = 0;

	for (size_t i = 0; i < model->table.count; i++)
		count += model->rows[i].shown && model->table.rows[i].service;
	return count;
}

static void begin(struct model *model, struct wc_shown **shown)
{
	*model = (struct model){
		.bounds = {draw(40), draw(20), draw(12), draw(2) ? ALL : draw(ALL + 1)}};
	*shown = shown_make(model->bounds.rows, model->bounds.services, model->bounds.top,
			    model->bounds.directions);
	/* Remainders of a full table come last. */
	for (uint8_t d = 0; d < WC_DIRECTIONS; d++) {
		shown_put(&model->table, 0, d, 0);
		model->table.rows[d].other = true;
	}
	add_rows(model);
	for (size_t i = 0; i < model->table.count; i++) {
		const struct wc_shown_row *row = &model->table.rows[i];

		if (row->other || draw(10))
			continue;
		ck_assert_int_eq(wc_shown_pin(*shown, row->key, row->direction, NULL), 0);
		model->rows[i].shown = true;
		model->pinned++;
	}
	model->shown = model->pinned;
}

START_TEST(test_random_tables)
{
	struct model model;
	struct wc_shown *shown;

	srandom((unsigned)_i);
	begin(&model, &shown);
	for (int step = 0; step < 60; step++) {
		add_rows(&model);
		grow(&model);
		shown_update(shown, &model.table);
		check_sums(&model, shown);
		check_rows(&model, shown);
		check_admission(&model, shown_services(&model));
		for (unsigned d = 0; d < WC_DIRECTIONS; d++)
			memcpy(model.other[d], wc_shown_other(shown, d), sizeof(model.other[d]));
	}
	wc_shown_free(shown);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("shown random");
	TCase *tables = tcase_create("shown random");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_loop_test(tables, test_random_tables, 0, 100);
	tcase_set_timeout(tables, 120);
	suite_add_tcase(suite, tables);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
