/*
 * lookups.h - the addresses that are being asked for
 *
 * Each lookup is one address, taken out of the cache's queue, and at most
 * WC_NAMES_ATTEMPTS queries for it, one after the other, each at the next
 * server. Its outcome goes back to the cache. Belongs to the resolver's thread,
 * but for the statistics; when to send is the resolver's business.
 */
#ifndef WC_LOOKUPS_H
#define WC_LOOKUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "dns_query.h"
#include "names.h"

struct pollfd;         /* poll.h */
struct wc_names_cache; /* names_cache.h */
struct wc_lookups;

/* Most sockets there are. */
#define WC_LOOKUPS_SOCKETS ((size_t)WC_NAMES_IN_FLIGHT * WC_DNS_QUERY_SOCKETS)

/*
 * Makes lookups that work on @cache, which must outlive them. Returns 0,
 * WC_INVALID or WC_FAILED with @error filled in. Free with wc_lookups_free().
 */
int wc_lookups_new(struct wc_lookups **lookups, const struct wc_names_settings *settings,
		   struct wc_names_cache *cache, struct wc_error *error);

/* Drops what is open, and frees. NULL is allowed. */
void wc_lookups_free(struct wc_lookups *lookups);

/* True if there is a message to send. */
bool wc_lookups_due(const struct wc_lookups *lookups);

/* Sends one message: a repeat, or the first for the next in the queue. False if there is none. */
bool wc_lookups_send(struct wc_lookups *lookups);

/*
 * Fills in what to poll, at most WC_LOOKUPS_SOCKETS, and lowers *@timeout
 * (milliseconds, -1 for none) to the first deadline. Returns how many.
 */
size_t wc_lookups_gather(struct wc_lookups *lookups, struct pollfd *sockets, int *timeout);

/* Works on what poll(2) said of what wc_lookups_gather() last gave. */
void wc_lookups_process(struct wc_lookups *lookups, const struct pollfd *sockets);

/* Fills in the fields known here: sent, answered, silent, malformed, dropped. From any thread. */
void wc_lookups_stats(struct wc_lookups *lookups, struct wc_names_stats *stats);

#endif /* WC_LOOKUPS_H */
