/*
 * match.h - the payload filter: frames that have some bytes in them, or have not
 *
 * It looks at a frame with its VLAN tags removed, from an offset on to the end of
 * what was captured, so that the bytes of one protocol are at one place whether
 * or not the frame came with tags. It runs behind the filter of filter.h; frames
 * that it refuses were received, and are counted as rejected.
 */
#ifndef WC_MATCH_H
#define WC_MATCH_H

#include <stdbool.h>

struct wc_error; /* wirecensus/error.h */
struct wc_frame; /* frame.h */
struct wc_match;
struct wc_options; /* wirecensus/options.h */

/* How much of a live frame is captured, at least, when there is a payload filter. */
#define WC_MATCH_SNAPLEN 512

/*
 * Compiles match, no_match and payload_offset of @options. Returns 0 and a filter
 * to be freed with wc_match_free(), or NULL in @match when the options ask for
 * none; or WC_INVALID or WC_FAILED (memory) with @error filled in.
 */
int wc_match_open(struct wc_match **match, const struct wc_options *options,
		  struct wc_error *error);
void wc_match_free(struct wc_match *match);

/*
 * True if @frame is to be counted: it has the bytes of match and not those of
 * no_match. In a frame that ends before the offset there are neither, so that
 * match refuses it and no_match does not. Neither allocates nor blocks.
 */
bool wc_match_pass(const struct wc_match *match, const struct wc_frame *frame);

#endif /* WC_MATCH_H */
