#include "merge_rows.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dump_file.h"
#include "wirecensus/snapshot.h"

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_ports(const void *a, const void *b)
{
	const struct wc_port_row *left = a, *right = b;
	int result = order(left->protocol, right->protocol);

	if (!result)
		result = order(left->other, right->other);
	if (!result)
		result = order(left->port, right->port);
	return result ? result : order(left->direction, right->direction);
}

static int compare_keys(const void *a, const void *b)
{
	const struct wc_key_row *left = a, *right = b;
	int result = order(left->other, right->other);

	if (!result)
		result = order(left->key, right->key);
	return result ? result : order(left->direction, right->direction);
}

static int compare_addresses(const struct wc_address *a, const struct wc_address *b)
{
	int result = order(a->version, b->version);

	if (!result)
		result = order(a->high, b->high);
	return result ? result : order(a->low, b->low);
}

/* `other` stands last. */
static int compare_hosts(const void *a, const void *b)
{
	const struct wc_dump_host *left = a, *right = b;
	int result = order(left->row.other, right->row.other);

	return result ? result : compare_addresses(&left->row.address, &right->row.address);
}

void wc_merge_rows_counts(struct wc_counts *sum, const struct wc_counts *counts)
{
	sum->packets += counts->packets;
	sum->bytes += counts->bytes;
}

static void add_port(void *sum, void *row)
{
	struct wc_port_counts *to = &((struct wc_port_row *)sum)->delta;
	const struct wc_port_counts *from = &((const struct wc_port_row *)row)->delta;

	wc_merge_rows_counts(&to->all, &from->all);
	to->new += from->new;
	to->accepted += from->accepted;
	to->refused += from->refused;
}

static void add_key(void *sum, void *row)
{
	wc_merge_rows_counts(&((struct wc_key_row *)sum)->delta,
			     &((const struct wc_key_row *)row)->delta);
}

static void add_way(struct wc_host_way *sum, const struct wc_host_way *way)
{
	sum->packets += way->packets;
	sum->bytes += way->bytes;
	sum->new += way->new;
}

static bool has_name(const struct wc_dump_host *host, const char *name)
{
	for (size_t i = 0; i < host->name_count; i++)
		if (!strcmp(host->names[i], name))
			return true;
	return false;
}

/* Moves the names that @sum has not to it; without memory they are not shown. */
static void add_names(struct wc_dump_host *sum, struct wc_dump_host *host)
{
	char **names =
		host->name_count
			? realloc(sum->names, (sum->name_count + host->name_count) * sizeof(*names))
			: NULL;

	if (names)
		sum->names = names;
	for (size_t i = 0; i < host->name_count && names; i++)
		if (!has_name(sum, host->names[i])) {
			names[sum->name_count++] = host->names[i];
			host->names[i] = NULL;
		}
	wc_dump_host_forget(host);
}

static void add_host(void *sum, void *host)
{
	struct wc_host_row *to = &((struct wc_dump_host *)sum)->row;
	const struct wc_host_row *from = &((const struct wc_dump_host *)host)->row;

	add_way(&to->sent, &from->sent);
	add_way(&to->received, &from->received);
	to->rates_known |= from->rates_known;
	to->packets_per_hour += from->packets_per_hour;
	to->connections_per_hour += from->connections_per_hour;
	to->bytes_per_hour += from->bytes_per_hour;
	if (from->last_seen_ns > to->last_seen_ns) /* unknown is the least of all */
		to->last_seen_ns = from->last_seen_ns;
	if (to->first_seen_ns == WC_TIME_UNKNOWN ||
	    (from->first_seen_ns != WC_TIME_UNKNOWN && from->first_seen_ns < to->first_seen_ns))
		to->first_seen_ns = from->first_seen_ns;
	add_names(sum, host);
}

/* Sorts rows, and adds up those of one key. Returns how many are left. */
static size_t fold(void *rows, size_t count, size_t size,
		   int (*compare)(const void *, const void *), void (*add)(void *sum, void *row))
{
	char *at = rows;
	size_t left = 0;

	if (!count)
		return 0;
	qsort(rows, count, size, compare);
	for (size_t i = 1; i < count; i++)
		if (!compare(at + left * size, at + i * size))
			add(at + left * size, at + i * size);
		else if (++left != i)
			memcpy(at + left * size, at + i * size, size);
	return left + 1;
}

size_t wc_merge_rows_ports(struct wc_port_row *rows, size_t count)
{
	return fold(rows, count, sizeof(*rows), compare_ports, add_port);
}

size_t wc_merge_rows_keys(struct wc_key_row *rows, size_t count)
{
	return fold(rows, count, sizeof(*rows), compare_keys, add_key);
}

size_t wc_merge_rows_hosts(struct wc_dump_host *hosts, size_t count)
{
	return fold(hosts, count, sizeof(*hosts), compare_hosts, add_host);
}

const struct wc_dump_host *wc_merge_rows_host(const struct wc_dump_host *hosts, size_t count,
					      const struct wc_address *address)
{
	const struct wc_dump_host key = {.row.address = *address};

	return bsearch(&key, hosts, count, sizeof(*hosts), compare_hosts);
}
