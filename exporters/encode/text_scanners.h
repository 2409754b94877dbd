/*
 * text_scanners.h - the table of scanners, by what each did within the last hour
 */
#ifndef WC_TEXT_SCANNERS_H
#define WC_TEXT_SCANNERS_H

struct wc_buffer;   /* buffer.h */
struct wc_context;  /* encode.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* Adds those with the most attempts, and says how many more there are. Nothing where there are
 * none. */
void wc_text_scanners_add(struct wc_buffer *buffer, const struct wc_context *context,
			  const struct wc_snapshot *snapshot);

#endif /* WC_TEXT_SCANNERS_H */
