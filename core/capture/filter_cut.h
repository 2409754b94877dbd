/*
 * filter_cut.h - frames that are too short for the addresses that a filter asks for
 *
 * A load beyond a frame's end makes a program refuse it. That is how pcap-filter(7) has it,
 * and so it stays for the user's expression. What our own leaves out is said in full
 * (exclude_local_sources, to), and a malformed frame is not of it: where an IP header is cut
 * short, our own program is not asked.
 */
#ifndef WC_FILTER_CUT_H
#define WC_FILTER_CUT_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "frame.h"

/* True if @frame, of which any tags were removed or can be stepped over, is such a one. */
bool wc_filter_is_cut(const struct wc_frame *frame);

/* How many instructions the program below has. */
#define WC_FILTER_CUT_SIZE 11

/*
 * Writes the same as classic BPF, for a socket of @link, which is Ethernet, raw or cooked: it
 * returns @value for such a frame, and goes on behind its end with any other.
 */
void wc_filter_cut(struct sock_filter code[static WC_FILTER_CUT_SIZE], enum wc_link link,
		   uint32_t value);

#endif /* WC_FILTER_CUT_H */
