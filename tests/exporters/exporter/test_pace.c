/* Back-off, and the time between datagrams. */
#include "pace.h"
#include "suite.h"

#define MS UINT64_C(1000000)

/* Half a second, doubled up to a minute, and any part of it. */
START_TEST(test_backoff)
{
	static const uint64_t most_ms[] = {500,  500,   1000,  2000,  4000,
					   8000, 16000, 32000, 60000, 60000};

	for (unsigned failures = 0; failures < 10; failures++) {
		uint64_t most = most_ms[failures] * MS;

		ck_assert_uint_eq(wc_pace_backoff(failures, 0), 0);
		ck_assert_uint_eq(wc_pace_backoff(failures, most), most);
		ck_assert_uint_eq(wc_pace_backoff(failures, most + 1), 0);
		ck_assert_uint_eq(wc_pace_backoff(failures, most / 3), most / 3);
	}
	ck_assert_uint_eq(wc_pace_backoff(UINT32_MAX, 60000 * MS), 60000 * MS);
}
END_TEST

/* A datagram a millisecond, or as many as fit in the time; what was asked for goes first. */
START_TEST(test_gap)
{
	ck_assert_uint_eq(wc_pace_gap(0, 0, 5000 * MS), MS);
	ck_assert_uint_eq(wc_pace_gap(0, 5000, 5000 * MS), MS);
	ck_assert_uint_eq(wc_pace_gap(0, 50000, 5000 * MS), MS / 10);
	ck_assert_uint_eq(wc_pace_gap(100, 50000, 5000 * MS), 10 * MS);
}
END_TEST

/* In time, one after the other; late, some at once, but never more than a burst. */
START_TEST(test_sent)
{
	struct wc_pace pace = {0};
	uint64_t now = 1000000 * MS;
	unsigned at_once = 0;

	for (; pace.next_ns <= now; at_once++)
		wc_pace_sent(&pace, now, MS);
	ck_assert_uint_eq(at_once, WC_PACE_BURST + 1);
	for (int i = 1; i < 100; i++) {
		ck_assert_uint_eq(pace.next_ns, now + (uint64_t)i * MS);
		wc_pace_sent(&pace, pace.next_ns, MS);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_backoff, test_gap, test_sent, NULL};

	return suite_run("pace", tests, 60);
}
