/*
 * merge.h - rows of one key that several workers counted
 */
#ifndef WC_MERGE_H
#define WC_MERGE_H

#include <stddef.h>

struct wc_conversation_row; /* wirecensus/snapshot.h */
struct wc_host_row;

/* Sort rows by key and join those of the same key. Return how many are left. */
size_t wc_merge_conversations(struct wc_conversation_row *rows, size_t count);
size_t wc_merge_hosts(struct wc_host_row *rows, size_t count);

#endif /* WC_MERGE_H */
