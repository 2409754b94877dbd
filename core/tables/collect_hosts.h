/*
 * collect_hosts.h - the part of collect.h that is about hosts and scanners
 */
#ifndef WC_COLLECT_HOSTS_H
#define WC_COLLECT_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_span;     /* collect.h */
struct wc_tables;   /* tables.h */

/*
 * Makes the rows of hosts, and room for those of scanners. Returns false when
 * memory is short. Changes no table.
 */
bool wc_collect_hosts(struct wc_snapshot *snapshot, struct wc_tables *const *now, size_t count,
		      const struct wc_span *span);

/*
 * After a snapshot: judges the sources of @set and adds the rows of scanners to
 * @snapshot, keeps the counts for the next delta, and frees rows that were idle at
 * two snapshots in a row.
 */
void wc_collect_settle_hosts(struct wc_snapshot *snapshot, struct wc_tables *set,
			     const struct wc_span *span);

#endif /* WC_COLLECT_HOSTS_H */
