/*
 * text_rows.h - which rows of a snapshot make the tables of the text census
 */
#ifndef WC_TEXT_ROWS_H
#define WC_TEXT_ROWS_H

struct wc_buffer;   /* buffer.h */
struct wc_context;  /* encode.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/*
 * Adds the tables of directions (with totals), ports, conversations, hosts, protocols,
 * fragments and ethertypes, those of @kinds (bits of rows.h), each cut at the context's
 * top. Nothing when the interval counted no packet.
 */
void wc_text_rows_add(struct wc_buffer *buffer, const struct wc_context *context,
		      const struct wc_snapshot *snapshot, unsigned kinds);

#endif /* WC_TEXT_ROWS_H */
