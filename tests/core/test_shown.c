/* Which rows are shown: examples, and random tables under which the sums must hold. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "wirecensus/shown.h"
#include "wirecensus/snapshot.h"

#define ALL ((1u << WC_DIRECTIONS) - 1)
#define IN  WC_DIRECTION_IN
#define OUT WC_DIRECTION_OUT

/* The rows that look() tells, in order. */
struct table {
	struct wc_shown_row rows[512];
	size_t count;
};

static void look(const void *user, size_t index, struct wc_shown_row *row)
{
	*row = ((const struct table *)user)->rows[index];
}

static struct wc_shown *make(size_t rows, size_t services, size_t top, unsigned directions)
{
	struct wc_shown_bounds bounds = {rows, services, top, directions};
	struct wc_shown *shown = NULL;

	ck_assert_int_eq(wc_shown_new(&shown, &bounds, NULL), 0);
	return shown;
}

static void put(struct table *table, uint16_t key, uint8_t direction, uint64_t packets)
{
	table->rows[table->count++] = (struct wc_shown_row){
		.key = key, .direction = direction, .ranked = true, .counters = {packets}};
}

static void update(struct wc_shown *shown, const struct table *table)
{
	wc_shown_update(shown, table->count, look, table);
}

/* The series of a row, or NULL. */
static const struct wc_shown_series *series(const struct wc_shown *shown, uint16_t key,
					    uint8_t direction)
{
	for (size_t i = 0; i < wc_shown_count(shown); i++) {
		const struct wc_shown_series *at = wc_shown_at(shown, i);

		if (at->key == key && at->direction == direction)
			return at;
	}
	return NULL;
}

START_TEST(test_top_starts_at_zero)
{
	struct wc_shown *shown = make(10, 0, 1, ALL);
	struct table table = {.count = 0};

	put(&table, 22, IN, 5);
	put(&table, 443, IN, 7);
	update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 1);
	ck_assert_uint_eq(series(shown, 443, IN)->values[0], 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 12);

	table.rows[0].counters[0] = 6;
	table.rows[1].counters[0] = 10;
	update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 1);
	ck_assert_uint_eq(series(shown, 443, IN)->values[0], 3);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 13);

	/* Another takes the first place: it comes in, and the first one stays. */
	table.rows[0].counters[0] = 100;
	table.rows[1].counters[0] = 11;
	update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 2);
	ck_assert_uint_eq(series(shown, 22, IN)->values[0], 0);
	ck_assert_uint_eq(series(shown, 443, IN)->values[0], 4);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 107);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_pinned_from_the_start)
{
	struct wc_shown *shown = make(0, 0, 0, ALL);
	struct table table = {.count = 0};

	ck_assert_int_eq(wc_shown_pin(shown, 443, OUT, NULL), 0);
	ck_assert_int_eq(wc_shown_pin(shown, 22, IN, NULL), 0);
	ck_assert_int_eq(wc_shown_pin(shown, 443, OUT, NULL), 0);
	update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 2);
	ck_assert_uint_eq(wc_shown_at(shown, 0)->key, 22);
	ck_assert_uint_eq(wc_shown_at(shown, 1)->key, 443);
	ck_assert_uint_eq(wc_shown_at(shown, 1)->values[0], 0);

	put(&table, 443, IN, 4);
	put(&table, 443, OUT, 9);
	update(shown, &table);
	ck_assert_uint_eq(series(shown, 443, OUT)->values[0], 9);
	ck_assert_uint_eq(wc_shown_other(shown, OUT)[0], 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 4);
	wc_shown_free(shown);
}
END_TEST

/* A series tells since when it counts, and keeps that. */
START_TEST(test_since)
{
	struct wc_shown *shown = make(10, 0, 1, ALL);
	struct table table = {.count = 0};

	wc_shown_date(shown, 1000);
	ck_assert_int_eq(wc_shown_pin(shown, 22, IN, NULL), 0);
	put(&table, 443, IN, 7);
	for (int64_t now = 2000; now <= 3000; now += 1000) {
		wc_shown_date(shown, now);
		update(shown, &table);
		ck_assert_int_eq(series(shown, 22, IN)->since_ns, 1000);
		ck_assert_int_eq(series(shown, 443, IN)->since_ns, 2000);
	}
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_services_have_their_own_bound)
{
	struct wc_shown *shown = make(3, 2, 1, ALL);
	struct table table = {.count = 0};

	for (uint16_t port = 1; port <= 5; port++) {
		put(&table, port, IN, 10u * port);
		table.rows[port - 1].service = true;
	}
	update(shown, &table);
	ck_assert_ptr_nonnull(series(shown, 1, IN));
	ck_assert_ptr_nonnull(series(shown, 2, IN));
	ck_assert_ptr_nonnull(series(shown, 5, IN)); /* the top */
	ck_assert_uint_eq(wc_shown_count(shown), 3);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 150);

	/* There is no room left for the next one. */
	table.rows[3].counters[0] = 1000;
	update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 3);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 1110);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_rows_that_are_never_shown)
{
	struct wc_shown *shown = make(10, 10, 10, 1u << IN);
	struct table table = {.count = 0};

	put(&table, 1, IN, 0); /* counts nothing yet */
	put(&table, 2, IN, 5);
	table.rows[1].ranked = false;
	put(&table, 3, OUT, 6); /* another direction */
	put(&table, 0, IN, 7);  /* the remainder of a full table */
	table.rows[3].other = true;
	table.rows[3].service = true;
	update(shown, &table);
	ck_assert_uint_eq(wc_shown_count(shown), 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 12);
	ck_assert_uint_eq(wc_shown_other(shown, OUT)[0], 6);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_other_is_not_port_zero)
{
	struct wc_shown *shown = make(0, 0, 0, ALL);
	struct table table = {.count = 0};

	ck_assert_int_eq(wc_shown_pin(shown, 0, IN, NULL), 0);
	put(&table, 0, IN, 7);
	table.rows[0].other = true;
	update(shown, &table);
	ck_assert_uint_eq(series(shown, 0, IN)->values[0], 0);
	ck_assert_uint_eq(wc_shown_other(shown, IN)[0], 7);
	wc_shown_free(shown);
}
END_TEST

START_TEST(test_equals_in_order)
{
	struct wc_shown *shown = make(2, 0, 2, ALL);
	struct table table = {.count = 0};

	for (uint16_t port = 1; port <= 4; port++)
		put(&table, port, IN, 5);
	update(shown, &table);
	ck_assert_ptr_nonnull(series(shown, 1, IN));
	ck_assert_ptr_nonnull(series(shown, 2, IN));
	ck_assert_uint_eq(wc_shown_count(shown), 2);
	wc_shown_free(shown);
}
END_TEST

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
	struct table table;
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
	struct table *table = &model->table;

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
			row->other ? NULL : series(shown, row->key, row->direction);

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
	*shown = make(model->bounds.rows, model->bounds.services, model->bounds.top,
		      model->bounds.directions);
	/* Remainders of a full table come last. */
	for (uint8_t d = 0; d < WC_DIRECTIONS; d++) {
		put(&model->table, 0, d, 0);
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
		update(shown, &model.table);
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
	Suite *suite = suite_create("shown");
	TCase *examples = tcase_create("examples"), *tables = tcase_create("random");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(examples, test_top_starts_at_zero);
	tcase_add_test(examples, test_pinned_from_the_start);
	tcase_add_test(examples, test_since);
	tcase_add_test(examples, test_services_have_their_own_bound);
	tcase_add_test(examples, test_rows_that_are_never_shown);
	tcase_add_test(examples, test_other_is_not_port_zero);
	tcase_add_test(examples, test_equals_in_order);
	tcase_add_loop_test(tables, test_random_tables, 0, 100);
	tcase_set_timeout(tables, 120);
	suite_add_tcase(suite, examples);
	suite_add_tcase(suite, tables);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
