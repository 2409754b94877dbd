#include "host_places.h"

#include <stdlib.h>

#include "host_table.h"
#include "local.h"
#include "wirecensus/error.h"

struct wc_host_places *wc_host_places_new(const struct wc_options *options)
{
	struct wc_host_places *made = calloc(1, sizeof(*made));
	int failed = made ? WC_OK : WC_FAILED;

	for (size_t i = 0; !failed && options && i < options->local_address.count; i++)
		failed = wc_addresses_add(&made->manual, &options->local_address.items[i], NULL);
	for (size_t i = 0; !failed && options && i < options->local_net.count; i++)
		failed = wc_networks_add(&made->networks, &options->local_net.items[i], NULL);
	if (!failed)
		return made;
	wc_host_places_free(made);
	return NULL;
}

void wc_host_places_free(struct wc_host_places *places)
{
	if (!places)
		return;
	wc_local_free(places->local);
	wc_addresses_free(&places->manual);
	wc_networks_free(&places->networks);
	free(places);
}

int wc_host_places_settle(struct wc_host_places *places, const struct wc_host_table *table)
{
	struct wc_local *local = wc_local_new();
	int failed = local ? WC_OK : WC_FAILED;

	for (size_t i = 0; !failed && i < table->address_count; i++) {
		failed = wc_local_add(local, &table->addresses[i].local);
		if (!failed && table->addresses[i].broadcast.version)
			failed = wc_local_add_broadcast(local, &table->addresses[i].broadcast);
	}
	for (size_t i = 0; !failed && i < places->manual.count; i++)
		failed = wc_local_add(local, &places->manual.items[i]);
	if (!failed)
		failed = wc_local_add_networks(local, &places->networks);
	if (failed) {
		wc_local_free(local);
		return failed;
	}
	wc_local_free(places->local);
	places->local = local;
	return WC_OK;
}
