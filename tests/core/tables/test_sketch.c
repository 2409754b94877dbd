/* The sketch: its error against sets of known size, unions, and its end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sketch.h"
#include "suite.h"

static uint64_t seed;

/* SplitMix64: different at each call, as the hashes of different values are. */
static uint64_t next_hash(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static struct wc_sketch sketch_of(int values)
{
	struct wc_sketch sketch = {0};

	for (int i = 0; i < values; i++)
		wc_sketch_add(&sketch, next_hash());
	return sketch;
}

START_TEST(test_error)
{
	static const struct {
		int values, rounds;
		double error; /* as the header says */
	} cases[] = {{1, 2000, 0},       {5, 4000, 0.125},    {20, 4000, 0.135},
		     {100, 4000, 0.165}, {1000, 2000, 0.255}, {20000, 400, 0.31}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double squares = 0, sum = 0;

		seed = 1;
		for (int round = 0; round < cases[i].rounds; round++) {
			struct wc_sketch sketch = sketch_of(cases[i].values);
			double off = wc_sketch_count(&sketch) / (double)cases[i].values - 1;

			squares += off * off;
			sum += off;
		}
		ck_assert_double_le(sqrt(squares / cases[i].rounds), cases[i].error);
		ck_assert_double_le(fabs(sum / cases[i].rounds), 0.1);
	}
}
END_TEST

START_TEST(test_same_values)
{
	struct wc_sketch sketch = {0};

	ck_assert_uint_eq(wc_sketch_count(&sketch), 0);
	seed = 7;
	for (int i = 0; i < 100000; i++) {
		wc_sketch_add(&sketch, 0x123456789abcdef0);
		ck_assert_uint_eq(wc_sketch_count(&sketch), 1);
	}
}
END_TEST

START_TEST(test_union)
{
	struct wc_sketch left = {0}, right = {0}, both = {0};

	seed = 11;
	for (int i = 0; i < 500; i++) {
		uint64_t hash = next_hash();

		wc_sketch_add(i % 3 ? &left : &right, hash);
		wc_sketch_add(&both, hash);
	}
	wc_sketch_merge(&left, &right);
	ck_assert_mem_eq(&left, &both, sizeof(both));
}
END_TEST

START_TEST(test_end)
{
	struct wc_sketch sketch = {0}, full = {{UINT64_MAX, UINT64_MAX}};

	seed = 13;
	for (int i = 0; i < 3000000; i++)
		wc_sketch_add(&sketch, next_hash());
	ck_assert_mem_eq(&sketch, &full, sizeof(full));
	ck_assert_uint_eq(wc_sketch_count(&full), WC_SKETCH_MAX);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_error, test_same_values, test_union, test_end, NULL};

	return suite_run("sketch", tests, 120);
}
