/*
 * report_html_tiles.h - what a report comes to, as a few large numbers in HTML
 */
#ifndef WC_REPORT_HTML_TILES_H
#define WC_REPORT_HTML_TILES_H

struct wc_buffer; /* buffer.h */
struct wc_report; /* report.h */

/* Appends the section "summary": when that was, and a tile a number. */
void wc_report_html_tiles(struct wc_buffer *out, const struct wc_report *report);

#endif /* WC_REPORT_HTML_TILES_H */
