/*
 * tables.h - one set of all tables: what a worker counts into
 *
 * All counters are cumulative and never fall. A set belongs to one thread; it is
 * read by another only while that thread stands still.
 */
#ifndef WC_TABLES_H
#define WC_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "dense.h"
#include "wirecensus/snapshot.h"

struct wc_packet; /* packet.h */

/* Bytes for pages in a worker's set: with the tables of pages it stays under 8,000,000. */
#define WC_TABLES_POOL (15 << 19)

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
	uint64_t frames;
	struct wc_counts classes[WC_CLASSES][WC_DIRECTIONS];
	struct wc_dense tcp; /* by destination port */
	struct wc_dense udp;
	struct wc_dense protocols;
	struct wc_dense fragments; /* by protocol */
	struct wc_dense ethertypes;
	struct wc_pool *pool;
};

/* Makes an empty set with @bytes for pages. Returns NULL when memory is short. */
struct wc_tables *wc_tables_new(size_t bytes);

/* Frees @tables. NULL is allowed. */
void wc_tables_free(struct wc_tables *tables);

/* Counts @count packets. Neither allocates, nor blocks, nor fails. */
void wc_tables_count(struct wc_tables *tables, const struct wc_packet *packets, size_t count);

#endif /* WC_TABLES_H */
