/*
 * tables.h - one set of all tables: what a worker counts into
 *
 * All counters are cumulative and never fall. A set belongs to one thread; it is
 * read by another only while that thread stands still, and once it is settled: by
 * wc_collect(), or wc_settle() of settle.h.
 */
#ifndef WC_TABLES_H
#define WC_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "conversations.h"
#include "dense.h"
#include "hosts.h"
#include "sums.h"
#include "wirecensus/snapshot.h"

struct wc_packet; /* packet.h */
struct wc_recent; /* recent.h */
struct wc_rules;  /* rules.h */

/* Bytes for pages in a worker's set: with the tables of pages it stays under 8,000,000. */
#define WC_TABLES_POOL (119 << 16)

/* Bytes for every page that can be: never full. Touched only where traffic lands. */
#define WC_TABLES_POOL_ALL (24 << 20)

/* The counters of a row. The first two are the same in every table. */
enum {
	WC_COUNTER_PACKETS,
	WC_COUNTER_BYTES,
	WC_COUNTERS_PLAIN,
	WC_COUNTER_TCP_NEW = WC_COUNTERS_PLAIN,
	WC_COUNTER_TCP_ACCEPTED,
	WC_COUNTER_TCP_REFUSED,
	WC_COUNTERS_TCP,
	WC_COUNTER_UDP_REFUSED = WC_COUNTERS_PLAIN,
	WC_COUNTERS_UDP,
};

struct wc_tables {
	struct wc_sums sums;
	struct wc_dense tcp; /* by destination port */
	struct wc_dense udp;
	struct wc_dense protocols;
	struct wc_dense fragments; /* by protocol */
	struct wc_dense ethertypes;
	struct wc_pool *pool;

	/* Only in a set that is counted into. */
	const struct wc_rules *rules;
	struct wc_conversations conversations;
	struct wc_hosts hosts;
	struct wc_recent *recent;
};

/*
 * Makes an empty set with @bytes for pages. It counts conversations and hosts by
 * @rules, which stay the caller's; NULL for a set that only keeps what a snapshot
 * had. Returns NULL when memory is short.
 */
struct wc_tables *wc_tables_new(size_t bytes, const struct wc_rules *rules);

/* Frees @tables. NULL is allowed. */
void wc_tables_free(struct wc_tables *tables);

/* Returns the most bytes that @tables can take, however much is counted. */
uint64_t wc_tables_size(const struct wc_tables *tables);

/* Packets in one call of wc_tables_count(). */
#define WC_TABLES_BATCH 32

/*
 * Counts a batch of up to WC_TABLES_BATCH packets. Neither blocks nor fails; between batches an
 * index may grow.
 */
void wc_tables_count(struct wc_tables *tables, const struct wc_packet *packets, size_t count);

/* Returns the table that counts @class, an enum wc_class, by key; NULL if none does. */
static inline struct wc_dense *wc_tables_dense(struct wc_tables *tables, unsigned class)
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

/* Counts a frame of @bytes that the payload filter refused. */
static inline void wc_tables_reject(struct wc_tables *tables, uint32_t bytes)
{
	tables->sums.frames++;
	tables->sums.rejected.packets++;
	tables->sums.rejected.bytes += bytes;
}

#endif /* WC_TABLES_H */
