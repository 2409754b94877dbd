/*
 * classic.h - the user's filter and our own as one program of classic BPF
 */
#ifndef WC_KERNEL_CLASSIC_H
#define WC_KERNEL_CLASSIC_H

#include <linux/filter.h>
#include <stddef.h>

#include "layout.h"

struct wc_filter; /* filter.h */

/* The most instructions that can come of a filter. */
#define WC_CLASSIC_MAX 4096

/* What the program returns besides 0, to refuse, and WC_KERNEL_HAND_OVER. */
#define WC_CLASSIC_COUNT 1

/*
 * Writes the program for @filter, which is prepared for @link. Returns how many
 * instructions it has, or 0 when they are too many.
 */
size_t wc_classic_compose(struct sock_filter code[static WC_CLASSIC_MAX],
			  const struct wc_filter *filter, enum wc_kernel_link link);

#endif /* WC_KERNEL_CLASSIC_H */
