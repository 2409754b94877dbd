/*
 * host_places.h - what counts as local: this host's addresses, and what was given by hand
 */
#ifndef WC_HOST_PLACES_H
#define WC_HOST_PLACES_H

#include "wirecensus/options.h"

struct wc_host_table; /* host_table.h */
struct wc_local;      /* local.h */

struct wc_host_places {
	struct wc_addresses manual;
	struct wc_networks networks;
	struct wc_local *local; /* these, and the addresses of the host */
};

/*
 * Copies local_address and local_net of @options, which may be NULL; local is left
 * out. Returns NULL when memory is short.
 */
struct wc_host_places *wc_host_places_new(const struct wc_options *options);
void wc_host_places_free(struct wc_host_places *places);

/*
 * Makes local anew, with the addresses in @table. Returns 0, or WC_FAILED when memory
 * is short; the old one then stays.
 */
int wc_host_places_settle(struct wc_host_places *places, const struct wc_host_table *table);

#endif /* WC_HOST_PLACES_H */
