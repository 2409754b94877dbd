/*
 * report_html_table.h - one table of a report in HTML
 *
 * Numbers that are shown rounded have their value beside them, by which a script sorts.
 */
#ifndef WC_REPORT_HTML_TABLE_H
#define WC_REPORT_HTML_TABLE_H

struct wc_buffer;       /* buffer.h */
struct wc_report_table; /* report.h */

/* Appends it, in a box that scrolls by itself where it is too wide, by keyboard, too. */
void wc_report_html_table(struct wc_buffer *out, const struct wc_report_table *table);

#endif /* WC_REPORT_HTML_TABLE_H */
