#include "merge.h"

#include <stdlib.h>

#include "wirecensus/snapshot.h"

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int order_addresses(const struct wc_address *a, const struct wc_address *b)
{
	int by = order(a->version, b->version);

	if (!by)
		by = order(a->high, b->high);
	return by ? by : order(a->low, b->low);
}

static int order_conversations(const void *left, const void *right)
{
	const struct wc_conversation_row *a = left, *b = right;
	int by = order_addresses(&a->client, &b->client);

	if (!by)
		by = order_addresses(&a->server, &b->server);
	if (!by)
		by = order(a->protocol, b->protocol);
	if (!by)
		by = order(a->port, b->port);
	return by ? by : order(a->client_port, b->client_port);
}

static int order_hosts(const void *left, const void *right)
{
	const struct wc_host_row *a = left, *b = right;

	return order_addresses(&a->address, &b->address);
}

static void join_times(int64_t *first, int64_t *last, int64_t other_first, int64_t other_last)
{
	if (*first == WC_TIME_UNKNOWN || (other_first != WC_TIME_UNKNOWN && other_first < *first))
		*first = other_first;
	if (other_last > *last)
		*last = other_last;
}

static void add_way(struct wc_way_counts *to, const struct wc_way_counts *way)
{
	to->packets += way->packets;
	to->bytes += way->bytes;
	to->ip_bytes += way->ip_bytes;
	to->new += way->new;
	to->flags |= way->flags;
}

size_t wc_merge_conversations(struct wc_conversation_row *rows, size_t count)
{
	size_t last = 0;

	if (!count)
		return 0;
	qsort(rows, count, sizeof(*rows), order_conversations);
	for (size_t i = 1; i < count; i++) {
		if (order_conversations(&rows[last], &rows[i])) {
			rows[++last] = rows[i];
			continue;
		}
		add_way(&rows[last].forward, &rows[i].forward);
		add_way(&rows[last].reverse, &rows[i].reverse);
		join_times(&rows[last].first_seen_ns, &rows[last].last_seen_ns,
			   rows[i].first_seen_ns, rows[i].last_seen_ns);
	}
	return last + 1;
}

static void add_host(struct wc_host_way *to, const struct wc_host_way *way)
{
	to->packets += way->packets;
	to->bytes += way->bytes;
	to->new += way->new;
}

/* A low-pass is linear: the rates of parts add up, as far as they are known. */
static void add_rates(struct wc_host_row *to, const struct wc_host_row *row)
{
	to->rates_known |= row->rates_known;
	to->packets_per_hour += row->packets_per_hour;
	to->connections_per_hour += row->connections_per_hour;
	to->bytes_per_hour += row->bytes_per_hour;
}

size_t wc_merge_hosts(struct wc_host_row *rows, size_t count)
{
	size_t last = 0;

	if (!count)
		return 0;
	qsort(rows, count, sizeof(*rows), order_hosts);
	for (size_t i = 1; i < count; i++) {
		if (order_hosts(&rows[last], &rows[i])) {
			rows[++last] = rows[i];
			continue;
		}
		add_host(&rows[last].sent, &rows[i].sent);
		add_host(&rows[last].received, &rows[i].received);
		add_rates(&rows[last], &rows[i]);
		join_times(&rows[last].first_seen_ns, &rows[last].last_seen_ns,
			   rows[i].first_seen_ns, rows[i].last_seen_ns);
	}
	return last + 1;
}
