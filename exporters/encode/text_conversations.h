/*
 * text_conversations.h - the table of conversations
 *
 * Two lines each: the client with what it sent, below it the server with what it
 * sent, so that both addresses fit into the width of a terminal.
 */
#ifndef WC_TEXT_CONVERSATIONS_H
#define WC_TEXT_CONVERSATIONS_H

struct wc_buffer;       /* buffer.h */
struct wc_context;      /* encode.h */
struct wc_snapshot;     /* wirecensus/snapshot.h */
struct wc_text_columns; /* text_table.h */

/* Adds the largest, by bytes both ways, the rest of them, and their sum. Nothing where there are
 * none. */
void wc_text_conversations_add(struct wc_buffer *buffer, const struct wc_context *context,
			       const struct wc_snapshot *snapshot,
			       const struct wc_text_columns *columns);

#endif /* WC_TEXT_CONVERSATIONS_H */
