/*
 * metrics_page.h - the page that Prometheus reads
 */
#ifndef WC_METRICS_PAGE_H
#define WC_METRICS_PAGE_H

#include <stddef.h>

#include "page.h"

struct wc_http; /* http.h */

/* The argument of the page. */
struct wc_metrics_page {
	struct wc_http *http; /* whose own numbers are told, too */
	size_t max_series;
};

/* "/metrics"; ended by a page without a path. */
extern const struct wc_page wc_metrics_pages[];

#endif /* WC_METRICS_PAGE_H */
