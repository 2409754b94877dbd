/*
 * report_pages.h - the report as pages of the HTTP server
 *
 * "/" is for people, "/api/TABLE.json" the same for programs, with all rows; both take the
 * arguments span (now, hour, day, week) and capture. What was worked out is kept for the
 * next who asks, until it is worth to look again.
 */
#ifndef WC_REPORT_PAGES_H
#define WC_REPORT_PAGES_H

struct wc_error; /* wirecensus/error.h */
struct wc_pages; /* page.h */
struct wc_report_pages;

/*
 * Makes the pages. Returns 0, or WC_FAILED (memory) with @error filled in. To be freed when the
 * server has stopped and before the journal is closed; NULL is allowed.
 */
int wc_report_pages_new(struct wc_report_pages **pages, struct wc_error *error);
void wc_report_pages_free(struct wc_report_pages *pages);

/* Fills in @list, for as long as @pages lives. */
void wc_report_pages_list(struct wc_report_pages *pages, struct wc_pages *list);

#endif /* WC_REPORT_PAGES_H */
