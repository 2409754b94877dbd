/*
 * kernel.h - an interface that is counted in the kernel: the engine's source
 *
 * Its frames do not come to a sink but as counts, by wc_source_ops.collect(). Follows
 * its interface as live.h does, on one socket.
 */
#ifndef WC_KERNEL_H
#define WC_KERNEL_H

#include <stdbool.h>

struct wc_error; /* wirecensus/error.h */
struct wc_filter;
struct wc_host;
struct wc_options;
struct wc_rules; /* rules.h */
struct wc_source;

/*
 * Could @interface be counted here as @options say, whatever kind it is? Returns 0, or
 * WC_INVALID with @error filled in: "any", payload filters, mode ncs, a filter where
 * there is no socket.
 */
int wc_kernel_check(const char *interface, const struct wc_options *options,
		    struct wc_error *error);

/*
 * Opens @interface, to be counted by @rules, which stay the caller's. Arguments and
 * results as wc_live_open() has them; WC_INVALID, too, where wc_kernel_check() refuses,
 * and WC_FAILED for link types but Ethernet and IP.
 */
int wc_kernel_open(struct wc_source **source, const char *interface, bool wait,
		   const struct wc_options *options, const struct wc_rules *rules,
		   struct wc_filter *filter, struct wc_host *host, struct wc_error *error);

#endif /* WC_KERNEL_H */
