/*
 * report_groups.c - hosts by network and by domain
 *
 * Networks are of 24 bits, of IPv6 of 64. A host belongs to the domain of its first name, and
 * one without a name to its network. What its hosts do is added up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "domain.h"
#include "encode.h"
#include "report_tables.h"
#include "top.h"
#include "wirecensus/snapshot.h"

#define IPV4_BITS 24
#define IPV6_BITS 64

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

/* A host and where it belongs. */
struct member {
	const struct wc_host_row *row;
	const char *domain; /* NULL: to its network */
	uint64_t high, low; /* of the network */
};

struct group {
	const struct member *first; /* of @members, one behind the other */
	size_t members;
	struct wc_report_rates rates;
	uint64_t packets, bytes;
	int64_t last_seen_ns;
	bool shown;
};

struct grouping {
	const struct wc_report_wish *wish;
	struct member *members;
	struct group *groups, other; /* hosts that have no row */
	size_t count, group_count;
};

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* By where it belongs. */
static int compare_keys(const struct member *a, const struct member *b)
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
	const struct member *left = a, *right = b;
	int result = compare_keys(left, right);

	if (!result)
		result = order(left->row->address.version, right->row->address.version);
	if (!result)
		result = order(left->row->address.high, right->row->address.high);
	return result ? result : order(left->row->address.low, right->row->address.low);
}

/* Returns the domain of a host, or NULL: it has no name, or memory is short. */
static const char *domain_of(const struct grouping *grouping, const struct wc_host_row *row,
			     struct wc_cells *cells)
{
	const char *name = wc_report_name(grouping->wish, &row->address);
	char domain[WC_DOMAIN_SIZE];

	if (!name || !*name)
		return NULL;
	return wc_cells_copy(cells, wc_domain_of(grouping->wish->domains, name, domain));
}

static void add_host(struct group *group, const struct wc_report_wish *wish,
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
static void list(struct grouping *grouping, struct wc_cells *cells)
{
	const struct wc_snapshot *snapshot = grouping->wish->snapshot;

	for (size_t i = 0; i < snapshot->host_rows; i++) {
		const struct wc_host_row *row = &snapshot->hosts[i];

		if (row->other) {
			add_host(&grouping->other, grouping->wish, row);
			continue;
		}
		grouping->members[grouping->count++] = (struct member){
			.row = row,
			.domain = cells ? domain_of(grouping, row, cells) : NULL,
			.high = row->address.high,
			.low = row->address.version == 4 ? row->address.low & ~UINT64_C(0xff) : 0};
	}
}

/* Adds up who belongs together. */
static void fold(struct grouping *grouping)
{
	qsort(grouping->members, grouping->count, sizeof(*grouping->members), compare);
	for (size_t i = 0; i < grouping->count; i++) {
		const struct member *member = &grouping->members[i];
		struct group *group = grouping->groups + grouping->group_count;

		if (!i || compare_keys(member - 1, member)) {
			*group = (struct group){.first = member, .last_seen_ns = WC_TIME_UNKNOWN};
			grouping->group_count++;
		} else {
			group--;
		}
		add_host(group, grouping->wish, member->row);
	}
}

static bool begin(struct grouping *grouping, const struct wc_report_wish *wish,
		  struct wc_cells *cells)
{
	size_t rows = wish->snapshot->host_rows + 1;

	*grouping = (struct grouping){.wish = wish, .other.last_seen_ns = WC_TIME_UNKNOWN};
	grouping->members = calloc(rows, sizeof(*grouping->members));
	grouping->groups = calloc(rows, sizeof(*grouping->groups));
	if (!grouping->members || !grouping->groups)
		return false;
	list(grouping, cells);
	fold(grouping);
	return true;
}

static void end(struct grouping *grouping)
{
	free(grouping->members);
	free(grouping->groups);
}

static uint64_t size(const void *row)
{
	const struct group *group = row;

	return group->rates.bytes < 0x1p63 ? (uint64_t)group->rates.bytes : INT64_MAX;
}

static void add_network(struct wc_cells *cells, const struct member *member)
{
	struct wc_address base = {member->high, member->low, member->row->address.version};
	char address[WC_ADDRESS_TEXT], text[WC_ADDRESS_TEXT + 4];

	if (!base.version) { /* all outside the local networks, as one */
		wc_cells_text(cells, "internet");
		return;
	}
	snprintf(text, sizeof(text), "%s/%d", wc_address_format(&base, address),
		 base.version == 4 ? IPV4_BITS : IPV6_BITS);
	wc_cells_text(cells, text);
}

/* The first name of each of the first hosts that have one. */
static void add_names(struct wc_cells *cells, const struct grouping *grouping,
		      const struct group *group)
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

static void add_sums(struct wc_cells *cells, const struct group *group)
{
	wc_report_add_rates(cells, &group->rates);
	wc_cells_number(cells, WC_CELL_COUNT, group->packets);
	wc_cells_number(cells, WC_CELL_BYTES, group->bytes);
	wc_cells_time(cells, group->last_seen_ns);
}

static void add_group(struct wc_cells *cells, const struct grouping *grouping,
		      const struct group *group, bool by_domain)
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

static void add_to(struct group *sum, const struct group *group)
{
	sum->members += group->members;
	wc_report_sum_rates(&sum->rates, &group->rates);
	sum->packets += group->packets;
	sum->bytes += group->bytes;
	if (group->last_seen_ns > sum->last_seen_ns)
		sum->last_seen_ns = group->last_seen_ns;
}

/* All groups that are not shown, with the hosts that have no row, are the last one. */
static bool add_rest(struct wc_cells *cells, const struct grouping *grouping, bool by_domain)
{
	struct group rest = grouping->other;
	bool any = rest.members > 0;

	for (size_t i = 0; i < grouping->group_count; i++)
		if (!grouping->groups[i].shown) {
			add_to(&rest, &grouping->groups[i]);
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

static bool add_all(struct grouping *grouping, struct wc_cells *cells, bool by_domain)
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
		const struct group *group = top.entries[i].row;

		grouping->groups[group - grouping->groups].shown = true;
		add_group(cells, grouping, group, by_domain);
	}
	wc_top_end(&top);
	return add_rest(cells, grouping, by_domain);
}

bool wc_report_fill_networks(struct wc_report_table *table, const struct wc_report_wish *wish,
			     struct wc_cells_block **blocks)
{
	struct grouping grouping;
	struct wc_cells cells;
	bool good;

	wc_cells_begin(&cells, table, &networks, blocks);
	good = begin(&grouping, wish, NULL) && add_all(&grouping, &cells, false);
	end(&grouping);
	return good;
}

bool wc_report_fill_domains(struct wc_report_table *table, const struct wc_report_wish *wish,
			    struct wc_cells_block **blocks)
{
	struct grouping grouping;
	struct wc_cells cells;
	bool good;

	wc_cells_begin(&cells, table, &domains, blocks);
	good = begin(&grouping, wish, &cells) && add_all(&grouping, &cells, true);
	/* Hosts without a name stand behind: without any name, domains are networks. */
	table->needless = good && grouping.count && !grouping.members[0].domain;
	end(&grouping);
	return good;
}
