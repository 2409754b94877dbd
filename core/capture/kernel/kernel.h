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
 * Opens @interface, to be counted by @rules, which stay the caller's. Arguments and
 * results as wc_live_open() has them; WC_FAILED, too, for all that this engine
 * cannot do: "any", link types but Ethernet and IP, payload filters, mode ncs.
 */
int wc_kernel_open(struct wc_source **source, const char *interface, bool wait,
		   const struct wc_options *options, const struct wc_rules *rules,
		   struct wc_filter *filter, struct wc_host *host, struct wc_error *error);

#endif /* WC_KERNEL_H */
