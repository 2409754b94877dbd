/*
 * filter_expression.h - what the options say about frames, in words of pcap-filter(7)
 */
#ifndef WC_FILTER_EXPRESSION_H
#define WC_FILTER_EXPRESSION_H

#include <stdbool.h>

struct wc_options; /* wirecensus/options.h */

/* True if vlan is a word of @expression, rather than part of a name or escaped as one. */
bool wc_expression_says_vlan(const char *expression);

/* True if there is nothing but white space in @expression, or if it is NULL. */
bool wc_expression_is_empty(const char *expression);

/*
 * Writes what --exclude-local-sources and --to ask for as one expression, for
 * frames without tags. Returns a text to be freed, empty if they ask for
 * nothing; or NULL when memory is short.
 */
char *wc_expression_of_options(const struct wc_options *options);

#endif /* WC_FILTER_EXPRESSION_H */
