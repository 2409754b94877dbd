/*
 * report_html.h - a report as a page for people
 *
 * Complete without a script: the one that it names sorts, filters and brings it up to date.
 * Styles and script are files of their own, so that the page needs no exception from a strict
 * Content-Security-Policy.
 */
#ifndef WC_REPORT_HTML_H
#define WC_REPORT_HTML_H

#include <stddef.h>

struct wc_buffer; /* buffer.h */
struct wc_report; /* report.h */

/* What stands around the report. */
struct wc_report_view {
	const struct wc_report *report; /* NULL: there is nothing yet */
	const char *host;
	const char *span;            /* one of wc_report_spans */
	const char *const *captures; /* all of them */
	size_t capture_count;
	const char *capture; /* the one that is shown */
	const char *trouble; /* what is wrong now, lines; NULL: nothing */
	unsigned refresh_s;  /* when it is worth to look again */
};

/* The spans that can be chosen: "now", "hour", "day", "week"; ends with NULL. */
extern const char *const wc_report_spans[];

/* Appends the page. */
void wc_report_html(struct wc_buffer *out, const struct wc_report_view *view);

#endif /* WC_REPORT_HTML_H */
