#include "tables.h"

#include <stdlib.h>

#include "packet.h"
#include "pool.h"

/*
 * Protocols are few: their pages are set aside, so that a flood over all ports
 * cannot push them into `other`.
 */
static void reserve(struct wc_dense *dense, unsigned keys)
{
	for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
		for (unsigned key = 0; key < keys; key += WC_DENSE_PAGE_ROWS)
			wc_dense_page(dense, direction, (uint16_t)key);
}

struct wc_tables *wc_tables_new(size_t bytes)
{
	struct wc_tables *tables = calloc(1, sizeof(*tables));

	if (!tables)
		return NULL;
	tables->pool = wc_pool_new(bytes);
	if (!tables->pool) {
		free(tables);
		return NULL;
	}
	wc_dense_init(&tables->tcp, WC_COUNTERS_TCP, tables->pool);
	wc_dense_init(&tables->udp, WC_COUNTERS_UDP, tables->pool);
	wc_dense_init(&tables->protocols, WC_COUNTERS_PLAIN, tables->pool);
	wc_dense_init(&tables->fragments, WC_COUNTERS_PLAIN, tables->pool);
	wc_dense_init(&tables->ethertypes, WC_COUNTERS_PLAIN, tables->pool);
	reserve(&tables->protocols, 256);
	reserve(&tables->fragments, WC_PROTOCOL_UDP + 1);
	return tables;
}

void wc_tables_free(struct wc_tables *tables)
{
	if (!tables)
		return;
	wc_pool_free(tables->pool);
	free(tables);
}

static inline struct wc_dense *table_of(struct wc_tables *tables, unsigned class)
{
	switch (class) {
	case WC_CLASS_TCP:
		return &tables->tcp;
	case WC_CLASS_UDP:
		return &tables->udp;
	case WC_CLASS_PROTOCOL:
		return &tables->protocols;
	case WC_CLASS_FRAGMENT:
		return &tables->fragments;
	case WC_CLASS_ETHERTYPE:
		return &tables->ethertypes;
	default:
		return NULL;
	}
}

static void count_event(struct wc_tables *tables, const struct wc_packet *packet)
{
	static const uint8_t tcp_counters[] = {[WC_EVENT_NEW] = WC_COUNTER_TCP_NEW,
					       [WC_EVENT_ACCEPTED] = WC_COUNTER_TCP_ACCEPTED,
					       [WC_EVENT_REFUSED] = WC_COUNTER_TCP_REFUSED};

	if (packet->event_protocol == WC_PROTOCOL_TCP)
		wc_dense_row(&tables->tcp, packet->event_direction,
			     packet->event_port)[tcp_counters[packet->event]]++;
	else
		wc_dense_row(&tables->udp, packet->event_direction,
			     packet->event_port)[WC_COUNTER_UDP_REFUSED]++;
}

static inline void count_one(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_counts *class = &tables->classes[packet->class][packet->direction];
	struct wc_dense *dense = table_of(tables, packet->class);

	class->packets++;
	class->bytes += packet->bytes;
	if (dense) {
		uint64_t *row = wc_dense_row(dense, packet->direction, packet->key);

		row[WC_COUNTER_PACKETS]++;
		row[WC_COUNTER_BYTES] += packet->bytes;
	}
	if (packet->event != WC_EVENT_NONE)
		count_event(tables, packet);
}

/* A row is in no cache when ports are many: ask for all of a batch before the first is needed. */
static inline void prefetch(struct wc_tables *tables, const struct wc_packet *packet)
{
	struct wc_dense *dense = table_of(tables, packet->class);

	if (dense)
		__builtin_prefetch(wc_dense_look(dense, packet->direction, packet->key), 1);
}

void wc_tables_count(struct wc_tables *tables, const struct wc_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		prefetch(tables, &packets[i]);
	for (size_t i = 0; i < count; i++)
		count_one(tables, &packets[i]);
	tables->frames += count;
}
