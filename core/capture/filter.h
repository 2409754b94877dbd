/*
 * filter.h - the user's filter, as pcap-filter(7) has it and the design composes it
 *
 * --filter, --exclude-local-sources and --to make one expression. Without the
 * word vlan it sees frames with their tags removed; with it, as they are. For a
 * file it runs here, frame by frame; for a live link most of it runs in the
 * kernel.
 */
#ifndef WC_FILTER_H
#define WC_FILTER_H

#include <stdbool.h>

#include "frame.h"

struct bpf_program; /* pcap/bpf.h */
struct wc_error;    /* wirecensus/error.h */
struct wc_filter;
struct wc_options; /* wirecensus/options.h */

/*
 * Composes the expression from @options and compiles it once, so that a wrong
 * one is told before anything is opened. Returns 0 and a filter to be freed
 * with wc_filter_free(), or NULL in @filter when the options ask for none; or
 * WC_INVALID with the expression and libpcap's words in @error.
 */
int wc_filter_open(struct wc_filter **filter, const struct wc_options *options,
		   struct wc_error *error);
void wc_filter_free(struct wc_filter *filter);

/* The composed expression, for people. Lives as long as @filter. */
const char *wc_filter_text(const struct wc_filter *filter);

/*
 * Makes ready for frames of @link, whose number in a file is @dlt. Returns 0, or
 * WC_INVALID when the expression has no meaning on such a link.
 */
int wc_filter_prepare(struct wc_filter *filter, enum wc_link link, int dlt, struct wc_error *error);

/* True if @frame, of a link that was prepared, is to be counted. */
bool wc_filter_pass(struct wc_filter *filter, const struct wc_frame *frame);

#endif /* WC_FILTER_H */
