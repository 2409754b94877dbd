/*
 * live_refilter.h - another filter on a link that is being counted
 */
#ifndef WC_LIVE_REFILTER_H
#define WC_LIVE_REFILTER_H

#include "source.h"

struct wc_error; /* wirecensus/error.h */
struct wc_live_setup;
struct wc_live_socket;
struct wc_live_tap;

/*
 * Puts @rule in place of the filter of @tap, @setup and @socket, which may be NULL.
 * The kernel changes it between two frames. Those that the old one let into the ring
 * are judged by it to the end and handed to @sink before the call returns, so that
 * none is lost and none is judged by half of each. Returns 0; or a negative code with
 * @error filled in, and nothing is changed.
 */
int wc_live_refilter(struct wc_live_tap *tap, struct wc_live_setup *setup,
		     struct wc_live_socket *socket, const struct wc_source_rule *rule,
		     wc_sink *sink, void *user, struct wc_error *error);

/* How much of a plain frame is to be captured for @rule, in bytes. */
uint32_t wc_live_fitting(const struct wc_source_rule *rule);

#endif /* WC_LIVE_REFILTER_H */
