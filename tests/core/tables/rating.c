#include "rating.h"

#include <check.h>

#define START 1700000000 /* s; a time like those in captures */

const struct wc_rate_rule rating_ncs = {WC_RATE_NCS, START *WC_RATE_SECOND};
const struct wc_rate_rule rating_fixed = {WC_RATE_DEFAULT, 0};

void rating_packet(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t now_ns,
		   uint32_t bytes, bool connection)
{
	if (now_ns >= rate->over_ns)
		wc_rate_turn(rate, rule, now_ns);
	rate->packets++;
	rate->connections += connection;
	rate->bytes += bytes;
}

int64_t rating_at(int64_t seconds, int64_t nano)
{
	return (START + seconds) * WC_RATE_SECOND + nano;
}

void rating_count(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t seconds,
		  uint32_t bytes)
{
	/* A fraction of a second, which whole seconds do not see. */
	rating_packet(rate, rule, rating_at(seconds, rule->mode == WC_RATE_NCS ? 999999999 : 0),
		      bytes, false);
}

void rating_run(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t from, int64_t step,
		int packets, uint32_t bytes)
{
	for (int i = 0; i < packets; i++)
		rating_count(rate, rule, from + i * step, bytes);
}

void rating_is(const struct wc_rate *rate, double packets, double bytes)
{
	ck_assert_double_eq_tol(rate->packets_per_hour, packets, 1e-4);
	ck_assert_double_eq_tol(rate->bytes_per_hour, bytes, 1e-4);
}

void rating_bin_is(const struct wc_rate *rate, int64_t seconds, uint64_t packets, uint64_t bytes)
{
	ck_assert_int_eq(wc_rate_opened(rate), rating_at(seconds, 0));
	ck_assert_uint_eq(rate->packets, packets);
	ck_assert_uint_eq(rate->bytes, bytes);
}

struct wc_rate rating_known(double packets, double bytes, uint64_t count_packets,
			    uint64_t count_bytes)
{
	struct wc_rate rate = {0};

	rating_count(&rate, &rating_ncs, 10, 0); /* not in the second in which counting began */
	rate.packets_per_hour = packets;
	rate.bytes_per_hour = bytes;
	rate.packets = count_packets;
	rate.bytes = count_bytes;
	return rate;
}
