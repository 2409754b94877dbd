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

/*
 * The last address of a network, which the kernel takes for a broadcast whether or not it was
 * set as one; of two addresses (RFC 3021), or one, none is. The first has been an
 * ordinary one since Linux 5.14.
 */
static struct wc_address last_of(const struct wc_host_address *address)
{
	if (address->far.version != 4 || address->prefix == 0 || address->prefix > 30)
		return (struct wc_address){0};
	return (struct wc_address){0, address->far.low | UINT32_MAX >> address->prefix, 4};
}

static int add_broadcast(struct wc_local *local, struct wc_address address)
{
	return address.version ? wc_local_add_broadcast(local, &address) : WC_OK;
}

static int add_address(struct wc_local *local, const struct wc_host_address *address)
{
	int failed = wc_local_add(local, &address->local);

	if (!failed)
		failed = add_broadcast(local, address->broadcast);
	return failed ? failed : add_broadcast(local, last_of(address));
}

int wc_host_places_settle(struct wc_host_places *places, const struct wc_host_table *table)
{
	struct wc_local *local = wc_local_new();
	int failed = local ? WC_OK : WC_FAILED;

	for (size_t i = 0; !failed && i < table->address_count; i++)
		failed = add_address(local, &table->addresses[i]);
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
