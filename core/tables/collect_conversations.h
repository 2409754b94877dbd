/*
 * collect_conversations.h - the part of collect.h that is about conversations
 */
#ifndef WC_COLLECT_CONVERSATIONS_H
#define WC_COLLECT_CONVERSATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_tables;   /* tables.h */

/* Makes the rows of @snapshot. Returns false when memory is short. Changes no table. */
bool wc_collect_conversations(struct wc_snapshot *snapshot, struct wc_tables *const *now,
			      size_t count);

/*
 * After a snapshot: keeps the counts for the next delta, puts learned ports into
 * effect, and frees rows that were idle at two snapshots in a row, at @now_s.
 */
void wc_collect_settle_conversations(struct wc_tables *set, uint32_t now_s);

#endif /* WC_COLLECT_CONVERSATIONS_H */
