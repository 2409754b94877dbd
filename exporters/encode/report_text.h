/*
 * report_text.h - a report as aligned tables for people
 */
#ifndef WC_REPORT_TEXT_H
#define WC_REPORT_TEXT_H

struct wc_buffer; /* buffer.h */
struct wc_report; /* report.h */

/* Appends what the report is about and all tables that it has; local time. */
void wc_report_text(struct wc_buffer *out, const struct wc_report *report);

#endif /* WC_REPORT_TEXT_H */
