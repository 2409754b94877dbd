#include "tables.h"

#include <stdlib.h>

#include "lines.h"
#include "packet.h"
#include "pool.h"
#include "recent.h"
#include "rules.h"

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

static bool open_keyed(struct wc_tables *tables, const struct wc_rules *rules)
{
	tables->rules = rules;
	tables->recent = wc_lines_new(sizeof(*tables->recent));
	return tables->recent && !wc_conversations_open(&tables->conversations, rules) &&
	       !wc_hosts_open(&tables->hosts, rules);
}

struct wc_tables *wc_tables_new(size_t bytes, const struct wc_rules *rules)
{
	struct wc_tables *tables = calloc(1, sizeof(*tables));

	if (!tables)
		return NULL;
	tables->pool = wc_pool_new(bytes);
	if (!tables->pool || (rules && !open_keyed(tables, rules))) {
		wc_tables_free(tables);
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
	wc_conversations_close(&tables->conversations);
	wc_hosts_close(&tables->hosts);
	wc_pool_free(tables->pool);
	free(tables->recent);
	free(tables);
}

uint64_t wc_tables_size(const struct wc_tables *tables)
{
	uint64_t size = sizeof(*tables) + wc_pool_size(tables->pool);

	if (tables->rules)
		size += sizeof(*tables->recent) + wc_keyed_size(&tables->conversations.table) +
			wc_keyed_size(&tables->hosts.table);
	return size;
}
