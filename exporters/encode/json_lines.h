/*
 * json_lines.h - the exporter `json`: rows of JSON, a line each
 *
 * In a stream each line is a message; a datagram has as many whole lines as fit.
 */
#ifndef WC_JSON_LINES_H
#define WC_JSON_LINES_H

struct wc_format; /* format.h */

extern const struct wc_format wc_format_json;

#endif /* WC_JSON_LINES_H */
