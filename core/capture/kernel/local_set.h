/*
 * local_set.h - the host's addresses and the local networks, for the program
 */
#ifndef WC_KERNEL_LOCAL_SET_H
#define WC_KERNEL_LOCAL_SET_H

#include "layout.h"

struct wc_error; /* wirecensus/error.h */
struct wc_local; /* local.h */

/*
 * Fills in @set, which the program must not be looking at, from @local. Returns 0,
 * or WC_FAILED with @error filled in when there are more than it can hold.
 */
int wc_kernel_local_fill(struct wc_kernel_local *set, const struct wc_local *local,
			 struct wc_error *error);

#endif /* WC_KERNEL_LOCAL_SET_H */
