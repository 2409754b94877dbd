/*
 * sentence.h - a row as a short sentence for people who read logs
 */
#ifndef WC_SENTENCE_H
#define WC_SENTENCE_H

#include <stdbool.h>

struct wc_buffer;     /* buffer.h */
struct wc_row_fields; /* row_fields.h */

/* Adds the sentence of @row, one line of printable UTF-8. */
void wc_sentence_add(struct wc_buffer *buffer, const struct wc_row_fields *row);

/* True if @row tells of frames that were not counted. */
bool wc_sentence_is_loss(const struct wc_row_fields *row);

/* True if it is a matter for whoever watches: a scanner, or a loss. */
bool wc_sentence_is_alert(const struct wc_row_fields *row);

#endif /* WC_SENTENCE_H */
