/*
 * rating.h - packets of one host, by whole seconds, and what its rate must be
 */
#ifndef TESTS_RATING_H
#define TESTS_RATING_H

#include <stdbool.h>
#include <stdint.h>

#include "rates.h"

/* The ancestor's arithmetic, and ours. */
extern const struct wc_rate_rule rating_ncs, rating_fixed;

/* A time in seconds from the start of counting, and @nano more. */
int64_t rating_at(int64_t seconds, int64_t nano);

/* What the tables do with a packet of a file, bin by bin. */
void rating_packet(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t now_ns,
		   uint32_t bytes, bool connection);

/* Counts a packet in the second @seconds: at its beginning, or by the ancestor at its end. */
void rating_count(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t seconds,
		  uint32_t bytes);

/* Counts @packets of @bytes each, the first at @from and then every @step seconds. */
void rating_run(struct wc_rate *rate, const struct wc_rate_rule *rule, int64_t from, int64_t step,
		int packets, uint32_t bytes);

/* A host in the middle of its life: rates, and an open bin. */
struct wc_rate rating_known(double packets, double bytes, uint64_t count_packets,
			    uint64_t count_bytes);

/* Fail the test unless these are the rates per hour; the second and the counts of the open bin. */
void rating_is(const struct wc_rate *rate, double packets, double bytes);
void rating_bin_is(const struct wc_rate *rate, int64_t seconds, uint64_t packets, uint64_t bytes);

#endif /* TESTS_RATING_H */
