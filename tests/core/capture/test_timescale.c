#include <check.h>

#include "suite.h"
#include "timescale.h"
#include "wirecensus/snapshot.h"

#define SECOND INT64_C(1000000000)
#define BINARY 0x80

static const struct {
	uint8_t resolution;
	int64_t offset_s;
	uint64_t ticks;
	int64_t ns;
} cases[] = {
	{6, 0, 0, 0},
	{6, 0, 1700000000123456, 1700000000123456000},
	{9, 0, 1700000000123456789, 1700000000123456789},
	{0, 0, 5, 5 * SECOND},
	{3, 0, 5, 5000000},
	{12, 0, 1999, 1},
	{28, 0, UINT64_MAX, 1},
	{29, 0, UINT64_MAX, 0},
	{127, 0, UINT64_MAX, 0},

	{BINARY | 0, 0, 5, 5 * SECOND},
	{BINARY | 1, 0, 5, 2 * SECOND + SECOND / 2},
	{BINARY | 10, 0, 1025, SECOND + 976562},
	{BINARY | 32, 0, (UINT64_C(7) << 32) + (UINT64_C(1) << 31), 7 * SECOND + SECOND / 2},
	{BINARY | 60, 0, UINT64_C(3) << 59, SECOND + SECOND / 2},
	{BINARY | 63, 0, UINT64_MAX, 2 * SECOND - 1},
	{BINARY | 64, 0, UINT64_C(1) << 63, SECOND / 2},
	{BINARY | 95, 0, UINT64_MAX, 0},
	{BINARY | 96, 0, UINT64_MAX, 0},
	{BINARY | 127, 0, UINT64_MAX, 0},

	{6, 1000, 5, 1000 * SECOND + 5000},
	{6, -1000, 5, -1000 * SECOND + 5000},
	{9, -9000000000, 9223372036854775807U, 9223372036854775807 - 9000000000 * SECOND},
	{9, -9000000000, 9500000000000000000U, 500000000 * SECOND},

	/* What 64 bits do not hold. */
	{0, 0, UINT64_MAX, WC_TIME_UNKNOWN},
	{6, 0, UINT64_MAX, WC_TIME_UNKNOWN},
	{9, 0, UINT64_MAX, WC_TIME_UNKNOWN},
	{BINARY | 0, 0, UINT64_MAX, WC_TIME_UNKNOWN},
	{BINARY | 1, 0, UINT64_MAX, WC_TIME_UNKNOWN},
	{6, INT64_MAX, 0, WC_TIME_UNKNOWN},
	{6, INT64_MIN, 0, WC_TIME_UNKNOWN},
	{9, 9223372036, INT64_MAX, WC_TIME_UNKNOWN},
};

START_TEST(test_ticks)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wc_timescale scale =
			wc_timescale_make(cases[i].resolution, cases[i].offset_s);

		ck_assert_msg(wc_timescale_ns(&scale, cases[i].ticks) == cases[i].ns,
			      "case %zu: %lld", i,
			      (long long)wc_timescale_ns(&scale, cases[i].ticks));
	}
}
END_TEST

/* Whatever a file says, some time comes out of it. */
START_TEST(test_all_resolutions)
{
	static const int64_t offsets[] = {0, 1, -1, INT64_MAX, INT64_MIN};

	for (unsigned resolution = 0; resolution < 256; resolution++) {
		for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
			struct wc_timescale scale =
				wc_timescale_make((uint8_t)resolution, offsets[i]);

			for (unsigned shift = 0; shift < 64; shift++)
				wc_timescale_ns(&scale, UINT64_MAX >> shift);
			if (i == 0)
				ck_assert_int_eq(wc_timescale_ns(&scale, 0), 0);
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_ticks, test_all_resolutions, NULL};

	return suite_run("timescale", tests, 60);
}
