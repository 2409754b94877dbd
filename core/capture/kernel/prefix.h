/*
 * prefix.h - the user's filter, in front of the program that counts
 *
 * The filter is compiled to classic BPF (filter.h) and translated to a program of
 * its own, which goes on to the one that counts (a tail call, bpf-helpers(7)) with
 * what it lets pass. As in filter_kernel.h it judges frames without tags; one whose
 * tags it would have to see is handed to the socket, for wc_filter_pass_tagged().
 */
#ifndef WC_KERNEL_PREFIX_H
#define WC_KERNEL_PREFIX_H

#include <stdint.h>

struct wc_error;  /* wirecensus/error.h */
struct wc_filter; /* filter.h */
struct wc_kernel_prefix;

/*
 * Loads @filter, prepared for @link (enum wc_kernel_link), in front of the program @next; NULL
 * lets all pass. Returns 0, or WC_FAILED with @error filled in: no privilege, or the filter cannot
 * run in the kernel, since it has a loop (protochain), or is too long.
 */
int wc_kernel_prefix_open(struct wc_kernel_prefix **prefix, const struct wc_filter *filter,
			  uint32_t link, int next, struct wc_error *error);
void wc_kernel_prefix_free(struct wc_kernel_prefix *prefix);

/* The descriptor to attach to a socket. */
int wc_kernel_prefix_fd(const struct wc_kernel_prefix *prefix);

#endif /* WC_KERNEL_PREFIX_H */
