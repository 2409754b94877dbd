/*
 * text_hosts.h - the table of hosts: what each sent and received, and its name
 */
#ifndef WC_TEXT_HOSTS_H
#define WC_TEXT_HOSTS_H

struct wc_buffer;       /* buffer.h */
struct wc_context;      /* encode.h */
struct wc_snapshot;     /* wirecensus/snapshot.h */
struct wc_text_columns; /* text_table.h */

/* Adds the largest, by bytes sent and received, the rest of them, and their sum. Nothing where
 * there are none. */
void wc_text_hosts_add(struct wc_buffer *buffer, const struct wc_context *context,
		       const struct wc_snapshot *snapshot, const struct wc_text_columns *columns);

#endif /* WC_TEXT_HOSTS_H */
