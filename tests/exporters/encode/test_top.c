/* The largest of many rows. */
#include <stdlib.h>

#include "suite.h"
#include "top.h"

static uint64_t value(const void *row)
{
	return *(const uint64_t *)row;
}

/* Offers @count rows, and checks that those kept are the first of @sorted, which name rows. */
static void check(const uint64_t *rows, size_t count, size_t room, const size_t *sorted)
{
	size_t kept = count < room ? count : room;
	struct wc_top top;

	ck_assert(wc_top_begin(&top, room, value));
	for (size_t i = 0; i < count; i++)
		wc_top_offer(&top, &rows[i]);
	wc_top_sort(&top);
	ck_assert_uint_eq(top.count, kept);
	for (size_t i = 0; i < kept; i++)
		ck_assert_ptr_eq(top.entries[i].row, &rows[sorted[i]]);
	wc_top_end(&top);
}

/* Of rows that are equally large, those offered first come first. */
START_TEST(test_few)
{
	const uint64_t rows[] = {5, 7, 5, 0, 7, UINT64_MAX, 5};
	const size_t sorted[] = {5, 1, 4, 0, 2, 6, 3};

	for (size_t count = 0; count <= 7; count += 7)
		for (size_t room = 0; room <= 9; room++)
			check(rows, count, room, sorted);
}
END_TEST

static const uint64_t *compared;

static int order(const void *a, const void *b)
{
	size_t left = *(const size_t *)a, right = *(const size_t *)b;

	if (compared[left] != compared[right])
		return compared[left] < compared[right] ? 1 : -1;
	return left < right ? -1 : 1;
}

/* The same as sorting all of them. */
START_TEST(test_many)
{
	static uint64_t rows[10000];
	static size_t sorted[10000];
	uint32_t seed = 1;

	for (size_t i = 0; i < 10000; i++) {
		seed = seed * 1664525 + 1013904223;
		rows[i] = seed >> 20; /* many are equal */
		sorted[i] = i;
	}
	compared = rows;
	qsort(sorted, 10000, sizeof(*sorted), order);
	check(rows, 10000, 1, sorted);
	check(rows, 10000, 10, sorted);
	check(rows, 10000, 9999, sorted);
	check(rows, 10000, 20000, sorted);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_few,
		test_many,
		NULL,
	};

	return suite_run("top", tests, 60);
}
