/*
 * kernel_links.h - the programs at the interface itself, by tcx or XDP
 *
 * Descriptors alone hold them there, so that the kernel takes them off at any end of
 * the process. Never by clsact, which stays.
 */
#ifndef WC_KERNEL_LINKS_H
#define WC_KERNEL_LINKS_H

#include <stdbool.h>

#include "wirecensus/options.h"

struct wc_error;          /* wirecensus/error.h */
struct wc_host_link;      /* host.h */
struct wc_kernel_program; /* program.h */

struct wc_kernel_links {
	int received, sent; /* descriptors; -1: there is none */
};

#define WC_KERNEL_LINKS_NONE ((struct wc_kernel_links){-1, -1})

/*
 * Attaches @program to @interface, by all but WC_ATTACH_SOCKET. Needs CAP_NET_ADMIN. What
 * lo sends comes again, so that only what it receives is counted. Returns 0, and true in @half
 * if what is sent is to be counted at a socket, as the kernel has no tcx for it; or WC_FAILED
 * with @error filled in: a kernel without tcx, a driver without XDP, no privilege, or
 * another program in the only place.
 */
int wc_kernel_links_open(struct wc_kernel_links *links, const struct wc_kernel_program *program,
			 enum wc_attach attach, const struct wc_host_link *interface, bool *half,
			 struct wc_error *error);
void wc_kernel_links_close(struct wc_kernel_links *links);

#endif /* WC_KERNEL_LINKS_H */
