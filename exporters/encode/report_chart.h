/*
 * report_chart.h - traffic over time as a picture: columns by direction, in SVG
 *
 * Labels stand beside the picture in HTML, so that they stay as large as other text on a
 * small screen.
 */
#ifndef WC_REPORT_CHART_H
#define WC_REPORT_CHART_H

struct wc_buffer; /* buffer.h */
struct wc_report; /* report.h */

/* Appends the chart of the report's traffic; the table behind it is its reader's other view. */
void wc_report_chart(struct wc_buffer *out, const struct wc_report *report);

#endif /* WC_REPORT_CHART_H */
