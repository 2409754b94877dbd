/*
 * report_grouping.h - hosts that belong together, added up
 *
 * To their network of 24 bits, of IPv6 of 64; or to the domain of their first name, and
 * those without a name to their network.
 */
#ifndef WC_REPORT_GROUPING_H
#define WC_REPORT_GROUPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report_tables.h"

#define WC_REPORT_IPV4_BITS 24
#define WC_REPORT_IPV6_BITS 64

/* A host and where it belongs. */
struct wc_report_member {
	const struct wc_host_row *row;
	const char *domain; /* NULL: to its network */
	uint64_t high, low; /* of the network */
};

/* They, and what they did. */
struct wc_report_group {
	const struct wc_report_member *first; /* of the grouping, one behind the other */
	size_t members;
	struct wc_report_rates rates;
	uint64_t packets, bytes;
	int64_t last_seen_ns;
	bool shown;
};

struct wc_report_grouping {
	const struct wc_report_wish *wish;
	struct wc_report_member *members;
	struct wc_report_group *groups, other; /* hosts that have no row */
	size_t count, group_count;
};

/*
 * Groups the hosts of @wish's snapshot: by domain, which are kept in @cells, or by network where
 * that is NULL. Returns false when memory is short. What it made is freed by
 * wc_report_grouping_end(), in either case.
 */
bool wc_report_grouping_begin(struct wc_report_grouping *grouping,
			      const struct wc_report_wish *wish, struct wc_cells *cells);
void wc_report_grouping_end(struct wc_report_grouping *grouping);

/* Adds the hosts of @group to those of @sum. */
void wc_report_group_add(struct wc_report_group *sum, const struct wc_report_group *group);

#endif /* WC_REPORT_GROUPING_H */
