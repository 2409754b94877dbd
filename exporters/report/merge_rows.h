/*
 * merge_rows.h - rows of many dump files, those of one key added up
 */
#ifndef WC_MERGE_ROWS_H
#define WC_MERGE_ROWS_H

#include <stddef.h>

struct wc_address;   /* wirecensus/address.h */
struct wc_counts;    /* wirecensus/snapshot.h */
struct wc_dump_host; /* dump_file.h */
struct wc_key_row;   /* wirecensus/snapshot.h */
struct wc_port_row;  /* wirecensus/snapshot.h */

/* Adds @counts to @sum. */
void wc_merge_rows_counts(struct wc_counts *sum, const struct wc_counts *counts);

/*
 * Each sorts rows, `other` last, and adds up those of one key. Returns how many are left.
 * The names of hosts that were one are moved to it; without memory they are forgotten.
 */
size_t wc_merge_rows_ports(struct wc_port_row *rows, size_t count);
size_t wc_merge_rows_keys(struct wc_key_row *rows, size_t count);
size_t wc_merge_rows_hosts(struct wc_dump_host *hosts, size_t count);

/* Returns the host of @address among those that wc_merge_rows_hosts() has left, or NULL. */
const struct wc_dump_host *wc_merge_rows_host(const struct wc_dump_host *hosts, size_t count,
					      const struct wc_address *address);

#endif /* WC_MERGE_ROWS_H */
