/*
 * report_groups.c - hosts by network and by domain
 */
#include <stdio.h>

#include "cells.h"
#include "encode.h"
#include "report_grouping.h"
#include "report_tables.h"
#include "top.h"
#include "wirecensus/snapshot.h"

/* Names shown of a network. */
#define NAMES_MAX 4

/* The columns of what add_sums() adds. */
/* clang-format off */
#define SUM_COLUMNS \
	WC_REPORT_RATE_COLUMNS, \
	{"packets", "packets", NULL, WC_CELL_COUNT, false, true}, \
	{"bytes", "bytes", NULL, WC_CELL_BYTES, false, false}, \
	{"last_seen", "last seen", NULL, WC_CELL_TIME, false, true}
/* clang-format on */

static const struct wc_report_column network_columns[] = {
	{"network", "network", NULL, WC_CELL_TEXT, false, false},
	{"addresses", "hosts", NULL, WC_CELL_COUNT, false, false},
	{"names", "names", NULL, WC_CELL_LIST, false, true},
	SUM_COLUMNS,
};

static const struct wc_report_table networks = {
	.name = "networks",
	.title = "Hosts by network",
	.empty = "no host was heard",
	.columns = network_columns,
	.column_count = sizeof(network_columns) / sizeof(*network_columns),
};

static const struct wc_report_column domain_columns[] = {
	{"domain", "domain", "of a host without a name its network", WC_CELL_TEXT, false, false},
	{"addresses", "hosts", NULL, WC_CELL_COUNT, false, false},
	SUM_COLUMNS,
};

static const struct wc_report_table domains = {
	.name = "domains",
	.title = "Hosts by domain",
	.empty = "no host was heard",
	.columns = domain_columns,
	.column_count = sizeof(domain_columns) / sizeof(*domain_columns),
};

static uint64_t size(const void *row)
{
	const struct wc_report_group *group = row;

	return group->rates.bytes < 0x1p63 ? (uint64_t)group->rates.bytes : INT64_MAX;
}

static void add_network(struct wc_cells *cells, const struct wc_report_member *member)
{
	struct wc_address base = {member->high, member->low, member->row->address.version};
	char address[WC_ADDRESS_TEXT], text[WC_ADDRESS_TEXT + 4];

	if (!base.version) { /* all outside the local networks, as one */
		wc_cells_text(cells, "internet");
		return;
	}
	snprintf(text, sizeof(text), "%s/%d", wc_address_format(&base, address),
		 base.version == 4 ? WC_REPORT_IPV4_BITS : WC_REPORT_IPV6_BITS);
	wc_cells_text(cells, text);
}

/* The first name of each of the first hosts that have one. */
static void add_names(struct wc_cells *cells, const struct wc_report_grouping *grouping,
		      const struct wc_report_group *group)
{
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < group->members && count < NAMES_MAX; i++) {
		const char *name = wc_report_name(grouping->wish, &group->first[i].row->address);

		if (name)
			name = wc_cells_copy(cells, name);
		if (name)
			names[count++] = name;
	}
	wc_cells_list(cells, names, count);
}

static void add_sums(struct wc_cells *cells, const struct wc_report_group *group)
{
	wc_report_add_rates(cells, &group->rates);
	wc_cells_number(cells, WC_CELL_COUNT, group->packets);
	wc_cells_number(cells, WC_CELL_BYTES, group->bytes);
	wc_cells_time(cells, group->last_seen_ns);
}

static void add_group(struct wc_cells *cells, const struct wc_report_grouping *grouping,
		      const struct wc_report_group *group, bool by_domain)
{
	if (group->first->domain)
		wc_cells_text(cells, group->first->domain);
	else
		add_network(cells, group->first);
	wc_cells_number(cells, WC_CELL_COUNT, group->members);
	if (!by_domain)
		add_names(cells, grouping, group);
	add_sums(cells, group);
}

/* All groups that are not shown, with the hosts that have no row, are the last one. */
static bool add_rest(struct wc_cells *cells, const struct wc_report_grouping *grouping,
		     bool by_domain)
{
	struct wc_report_group rest = grouping->other;
	bool any = rest.members > 0;

	for (size_t i = 0; i < grouping->group_count; i++)
		if (!grouping->groups[i].shown) {
			wc_report_group_add(&rest, &grouping->groups[i]);
			any = true;
		}
	if (!any)
		return wc_cells_end(cells, false);
	wc_cells_none(cells);
	if (grouping->other.members) /* how many hosts that is nobody knows */
		wc_cells_none(cells);
	else
		wc_cells_number(cells, WC_CELL_COUNT, rest.members);
	if (!by_domain)
		wc_cells_none(cells);
	add_sums(cells, &rest);
	return wc_cells_end(cells, true);
}

static bool add_all(struct wc_report_grouping *grouping, struct wc_cells *cells, bool by_domain)
{
	struct wc_top top;
	size_t room = grouping->group_count;

	if (room > grouping->wish->context->top)
		room = grouping->wish->context->top;
	if (!wc_top_begin(&top, room, size))
		return false;
	for (size_t i = 0; i < grouping->group_count; i++)
		wc_top_offer(&top, &grouping->groups[i]);
	wc_top_sort(&top);
	for (size_t i = 0; i < top.count; i++) {
		const struct wc_report_group *group = top.entries[i].row;

		grouping->groups[group - grouping->groups].shown = true;
		add_group(cells, grouping, group, by_domain);
	}
	wc_top_end(&top);
	return add_rest(cells, grouping, by_domain);
}

bool wc_report_fill_networks(struct wc_report_table *table, const struct wc_report_wish *wish,
			     struct wc_cells_block **blocks)
{
	struct wc_report_grouping grouping;
	struct wc_cells cells;
	bool good;

	wc_cells_begin(&cells, table, &networks, blocks);
	good = wc_report_grouping_begin(&grouping, wish, NULL) && add_all(&grouping, &cells, false);
	wc_report_grouping_end(&grouping);
	return good;
}

bool wc_report_fill_domains(struct wc_report_table *table, const struct wc_report_wish *wish,
			    struct wc_cells_block **blocks)
{
	struct wc_report_grouping grouping;
	struct wc_cells cells;
	bool good;

	wc_cells_begin(&cells, table, &domains, blocks);
	good = wc_report_grouping_begin(&grouping, wish, &cells) &&
	       add_all(&grouping, &cells, true);
	/* Hosts without a name stand behind: without any name, domains are networks. */
	table->needless = good && grouping.count && !grouping.members[0].domain;
	wc_report_grouping_end(&grouping);
	return good;
}
