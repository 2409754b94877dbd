/*
 * resolver.h - the thread that asks
 *
 * Sends what the lookups have to send at a bounded pace, waits for answers, and
 * sleeps when there is nothing to do.
 */
#ifndef WC_RESOLVER_H
#define WC_RESOLVER_H

struct wc_error;   /* wirecensus/error.h */
struct wc_lookups; /* lookups.h */
struct wc_resolver;

/*
 * Starts the thread on @lookups, which must outlive it. Returns 0, or WC_FAILED
 * with @error filled in. Free with wc_resolver_stop().
 */
int wc_resolver_start(struct wc_resolver **resolver, struct wc_lookups *lookups,
		      struct wc_error *error);

/* Ends the thread, without waiting for answers, and frees. NULL is allowed. */
void wc_resolver_stop(struct wc_resolver *resolver);

/* Says that there may be something new to send. Does not block. */
void wc_resolver_wake(struct wc_resolver *resolver);

#endif /* WC_RESOLVER_H */
