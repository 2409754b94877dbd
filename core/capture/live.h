/*
 * live.h - frames of a live interface, out of a packet socket
 *
 * Follows its interface: down and up, renamed (it goes by the index then),
 * deleted and made again under the name, or given another link type. While there is none, it
 * is idle and the time counts as gone. None of this needs privileges once it is open, unless
 * an interface gets a link type that the socket cannot read. "any" and lo never go.
 */
#ifndef WC_LIVE_H
#define WC_LIVE_H

#include <stdbool.h>

struct wc_error; /* wirecensus/error.h */
struct wc_filter;
struct wc_host;
struct wc_live_kind; /* live_reader.h */
struct wc_options;
struct wc_source;

/*
 * Opens @interface, or "any", to be read by @kind: wc_live_pcap or wc_ring. @filter, which may be
 * NULL and stays the caller's, runs in the kernel as far as it can; the rest of it runs here and
 * what that refuses is not received. @host tells links and stays the caller's; it belongs to the
 * thread that runs the source. An interface that is down is waited for, and with @wait one that is
 * not there. Returns 0 and a source, or a negative code with @error filled in: no such interface,
 * no privilege, wrong filter.
 */
int wc_live_open(struct wc_source **source, const struct wc_live_kind *kind, const char *interface,
		 bool wait, const struct wc_options *options, struct wc_filter *filter,
		 struct wc_host *host, struct wc_error *error);

#endif /* WC_LIVE_H */
