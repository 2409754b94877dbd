/*
 * filter.h - the user's filter, as pcap-filter(7) has it and the design composes it
 *
 * The frames to be counted pass two programs: the user's, out of --filter, and
 * our own, out of --exclude-local-sources and --to. They are not joined as text,
 * because words such as vlan and mpls move the offsets of all that follows them.
 * Our own sees frames with their tags removed, and so does the user's unless it
 * says vlan. For a file both run here; for a live link mostly in the kernel: see
 * filter_kernel.h.
 */
#ifndef WC_FILTER_H
#define WC_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "frame.h"

struct wc_error; /* wirecensus/error.h */
struct wc_filter;
struct wc_options; /* wirecensus/options.h */
struct wc_program; /* filter_program.h */

/*
 * Composes the filter from @options and compiles it once, so that a wrong one is
 * told before anything is opened. Returns 0 and a filter to be freed with
 * wc_filter_free(), or NULL in @filter when the options ask for none; or
 * WC_INVALID with the expression and libpcap's words in @error.
 */
int wc_filter_open(struct wc_filter **filter, const struct wc_options *options,
		   struct wc_error *error);
void wc_filter_free(struct wc_filter *filter);

/* The composed expression, for people. Lives as long as @filter. */
const char *wc_filter_text(const struct wc_filter *filter);

/*
 * Makes ready for frames of @link, whose number in a file is @dlt. Returns 0, or
 * WC_INVALID when the expression has no meaning on such a link. A file does not
 * tell which way a frame went: there, inbound and outbound have none.
 */
int wc_filter_prepare(struct wc_filter *filter, enum wc_link link, int dlt, struct wc_error *error);
int wc_filter_prepare_live(struct wc_filter *filter, enum wc_link link, int dlt,
			   struct wc_error *error);

/* True if @frame, of a link that was prepared, is to be counted. */
bool wc_filter_pass(struct wc_filter *filter, const struct wc_frame *frame);

/*
 * The same for a frame that the kernel has let through: it decided about frames
 * without tags, so that only those with tags are judged here.
 */
bool wc_filter_pass_tagged(struct wc_filter *filter, const struct wc_frame *frame);

/* True if the user's program sees frames with their tags. */
bool wc_filter_sees_tags(const struct wc_filter *filter);

/*
 * What a frame without tags has to pass on @link, which was prepared: the user's program, and
 * our own, unless the frame is cut short (filter_cut.h). NULL where there is none. They live
 * as long as @filter.
 */
const struct wc_program *wc_filter_user_program(const struct wc_filter *filter, enum wc_link link);
const struct wc_program *wc_filter_own_program(const struct wc_filter *filter, enum wc_link link);

#endif /* WC_FILTER_H */
