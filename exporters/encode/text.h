/*
 * text.h - a snapshot as a census that a person reads
 *
 * What the interval added: totals, what is wrong with them, and tables cut at
 * the context's top, whose rest is added up, so that columns make the totals.
 */
#ifndef WC_TEXT_H
#define WC_TEXT_H

#include "encode.h"

wc_encoder wc_text_encode;

/*
 * The same for some kinds of rows only, bits of rows.h: totals come with what is
 * wrong with them and with directions; kinds without a table are nothing. Says
 * "none" where nothing is left.
 */
void wc_text_encode_rows(struct wc_buffer *buffer, const struct wc_context *context,
			 const struct wc_snapshot *snapshot, unsigned rows);

#endif /* WC_TEXT_H */
