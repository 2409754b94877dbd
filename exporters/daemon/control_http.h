/*
 * control_http.h - the part of `status` about the HTTP server
 */
#ifndef WC_CONTROL_HTTP_H
#define WC_CONTROL_HTTP_H

struct wc_board;  /* board.h */
struct wc_buffer; /* buffer.h */
struct wc_json;   /* json_row.h */

/* Adds lines, or fields; nothing where nothing listens. */
void wc_control_http_text(struct wc_buffer *out, const struct wc_board *board);
void wc_control_http_json(struct wc_json *json, const struct wc_board *board);

#endif /* WC_CONTROL_HTTP_H */
