/*
 * json.h - a snapshot as JSON rows, one object a line
 *
 * A stable contract, schema 1: names are never changed, only added. Rows hold
 * what the interval added; a row that it added nothing to is left out, except
 * "total". What cannot be known is null.
 */
#ifndef WC_JSON_H
#define WC_JSON_H

#include "encode.h"

wc_encoder wc_json_encode;

/* The same for rows of some kinds only: bits of rows.h. Their numbers run from 1 to what is left.
 */
void wc_json_encode_rows(struct wc_buffer *buffer, const struct wc_context *context,
			 const struct wc_snapshot *snapshot, unsigned rows);

struct wc_selection; /* rows.h */

/* For those who send rows on, each by itself. */
struct wc_json_cutting {
	const struct wc_selection *selection; /* that the snapshot was cut to */
	void (*row)(void *arg); /* called behind each row, which is the last in the buffer */
	void *arg;
};

/* The same for a snapshot that was cut: numbers of rows that are not there are null. */
void wc_json_encode_cut(struct wc_buffer *buffer, const struct wc_context *context,
			const struct wc_snapshot *snapshot, const struct wc_json_cutting *cutting);

#endif /* WC_JSON_H */
