/*
 * filter_opened.h - a filter of an expression and options, and the links to try it on
 */
#ifndef TESTS_FILTER_OPENED_H
#define TESTS_FILTER_OPENED_H

#include <stdbool.h>

#include "filter.h"
#include "frame.h"

#define FILTER_LINKS 7

extern const struct filter_link {
	enum wc_link link;
	int dlt; /* as libpcap has it */
} filter_links[FILTER_LINKS];

/*
 * Opens a filter, without local sources if @exclude and to the address @to unless that is NULL;
 * to be freed with wc_filter_free(). NULL: there is nothing to filter.
 */
struct wc_filter *filter_opened(const char *expression, bool exclude, const char *to);

#endif /* TESTS_FILTER_OPENED_H */
