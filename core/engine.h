/*
 * engine.h - which engine counts an interface
 */
#ifndef WC_ENGINE_H
#define WC_ENGINE_H

#include <stdbool.h>

struct wc_census_plan; /* census_plan.h */
struct wc_error;       /* wirecensus/error.h */
struct wc_host;        /* host.h */
struct wc_options;     /* wirecensus/options.h */
struct wc_source;      /* source.h */

/*
 * Opens @interface by the engine that @options name. Auto is the first that can do
 * what is asked: kernel, ring, pcap; the source then says why it is not the first, and
 * which place to attach to it declines. With drop_echo there is no other than the first.
 * Arguments and results as wc_live_open() has them; @plan stays the caller's.
 */
int wc_engine_open(struct wc_source **source, const char *interface, bool wait,
		   const struct wc_options *options, const struct wc_census_plan *plan,
		   struct wc_host *host, struct wc_error *error);

/*
 * Could the engine that @options name do what they ask for, at every interface of theirs?
 * Needs none of them. Returns 0, or WC_INVALID with @error filled in.
 */
int wc_engine_check(const struct wc_options *options, struct wc_error *error);

#endif /* WC_ENGINE_H */
