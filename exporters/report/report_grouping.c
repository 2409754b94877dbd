#include "report_grouping.h"

#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "domain.h"
#include "wirecensus/snapshot.h"

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* By where it belongs. */
static int compare_keys(const struct wc_report_member *a, const struct wc_report_member *b)
{
	int result;

	if (a->domain && b->domain)
		return strcmp(a->domain, b->domain);
	if (a->domain || b->domain)
		return a->domain ? -1 : 1;
	result = order(a->row->address.version, b->row->address.version);
	if (!result)
		result = order(a->high, b->high);
	return result ? result : order(a->low, b->low);
}

static int compare(const void *a, const void *b)
{
	const struct wc_report_member *left = a, *right = b;
	int result = compare_keys(left, right);

	if (!result)
		result = order(left->row->address.version, right->row->address.version);
	if (!result)
		result = order(left->row->address.high, right->row->address.high);
	return result ? result : order(left->row->address.low, right->row->address.low);
}

/* Returns the domain of a host, or NULL: it has no name, or memory is short. */
static const char *domain_of(const struct wc_report_grouping *grouping,
			     const struct wc_host_row *row, struct wc_cells *cells)
{
	const char *name = wc_report_name(grouping->wish, &row->address);
	char domain[WC_DOMAIN_SIZE];

	if (!name || !*name)
		return NULL;
	return wc_cells_copy(cells, wc_domain_of(grouping->wish->domains, name, domain));
}

static void add_host(struct wc_report_group *group, const struct wc_report_wish *wish,
		     const struct wc_host_row *row)
{
	struct wc_report_rates rates = wc_report_rates_of(wish, row);

	group->members++;
	wc_report_sum_rates(&group->rates, &rates);
	group->packets += row->sent.packets + row->received.packets;
	group->bytes += row->sent.bytes + row->received.bytes;
	if (row->last_seen_ns > group->last_seen_ns) /* unknown is the least of all */
		group->last_seen_ns = row->last_seen_ns;
}

/* Lists the hosts, those without a row aside. @cells: domains are wanted, and kept there. */
static void list(struct wc_report_grouping *grouping, struct wc_cells *cells)
{
	const struct wc_snapshot *snapshot = grouping->wish->snapshot;

	for (size_t i = 0; i < snapshot->host_rows; i++) {
		const struct wc_host_row *row = &snapshot->hosts[i];

		if (row->other) {
			add_host(&grouping->other, grouping->wish, row);
			continue;
		}
		grouping->members[grouping->count++] = (struct wc_report_member){
			.row = row,
			.domain = cells ? domain_of(grouping, row, cells) : NULL,
			.high = row->address.high,
			.low = row->address.version == 4 ? row->address.low & ~UINT64_C(0xff) : 0};
	}
}

/* Adds up who belongs together. */
static void fold(struct wc_report_grouping *grouping)
{
	qsort(grouping->members, grouping->count, sizeof(*grouping->members), compare);
	for (size_t i = 0; i < grouping->count; i++) {
		const struct wc_report_member *member = &grouping->members[i];
		struct wc_report_group *group = grouping->groups + grouping->group_count;

		if (!i || compare_keys(member - 1, member)) {
			*group = (struct wc_report_group){.first = member,
							  .last_seen_ns = WC_TIME_UNKNOWN};
			grouping->group_count++;
		} else {
			group--;
		}
		add_host(group, grouping->wish, member->row);
	}
}

bool wc_report_grouping_begin(struct wc_report_grouping *grouping,
			      const struct wc_report_wish *wish, struct wc_cells *cells)
{
	size_t rows = wish->snapshot->host_rows + 1;

	*grouping =
		(struct wc_report_grouping){.wish = wish, .other.last_seen_ns = WC_TIME_UNKNOWN};
	grouping->members = calloc(rows, sizeof(*grouping->members));
	grouping->groups = calloc(rows, sizeof(*grouping->groups));
	if (!grouping->members || !grouping->groups)
		return false;
	list(grouping, cells);
	fold(grouping);
	return true;
}

void wc_report_grouping_end(struct wc_report_grouping *grouping)
{
	free(grouping->members);
	free(grouping->groups);
}

void wc_report_group_add(struct wc_report_group *sum, const struct wc_report_group *group)
{
	sum->members += group->members;
	wc_report_sum_rates(&sum->rates, &group->rates);
	sum->packets += group->packets;
	sum->bytes += group->bytes;
	if (group->last_seen_ns > sum->last_seen_ns)
		sum->last_seen_ns = group->last_seen_ns;
}
