/*
 * option_lists.c - the lists that repeated options fill
 */
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* Makes room for one more item of @size bytes behind @count. Returns it, or NULL. */
static void *grow(void **items, size_t count, size_t size, struct wc_error *error)
{
	void *grown = realloc(*items, (count + 1) * size);

	if (!grown) {
		wc_error_set(error, WC_FAILED, "there is no memory left for an option's value");
		return NULL;
	}
	*items = grown;
	return (char *)grown + count * size;
}

int wc_texts_add(struct wc_texts *texts, const char *text, struct wc_error *error)
{
	char **item = grow((void **)&texts->items, texts->count, sizeof(*item), error);

	if (!item)
		return WC_FAILED;
	*item = strdup(text);
	if (!*item)
		return wc_error_set(error, WC_FAILED, "there is no memory left for '%s'", text);
	texts->count++;
	return WC_OK;
}

void wc_texts_free(struct wc_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
	*texts = (struct wc_texts){0};
}

int wc_addresses_add(struct wc_addresses *addresses, const struct wc_address *address,
		     struct wc_error *error)
{
	struct wc_address *item =
		grow((void **)&addresses->items, addresses->count, sizeof(*item), error);

	if (!item)
		return WC_FAILED;
	*item = *address;
	addresses->count++;
	return WC_OK;
}

void wc_addresses_free(struct wc_addresses *addresses)
{
	free(addresses->items);
	*addresses = (struct wc_addresses){0};
}

int wc_networks_add(struct wc_networks *networks, const struct wc_network *network,
		    struct wc_error *error)
{
	struct wc_network *item =
		grow((void **)&networks->items, networks->count, sizeof(*item), error);

	if (!item)
		return WC_FAILED;
	*item = *network;
	networks->count++;
	return WC_OK;
}

void wc_networks_free(struct wc_networks *networks)
{
	free(networks->items);
	*networks = (struct wc_networks){0};
}

int wc_services_add(struct wc_services *services, const struct wc_service *service,
		    struct wc_error *error)
{
	struct wc_service *item =
		grow((void **)&services->items, services->count, sizeof(*item), error);

	if (!item)
		return WC_FAILED;
	*item = *service;
	services->count++;
	return WC_OK;
}

void wc_services_free(struct wc_services *services)
{
	free(services->items);
	*services = (struct wc_services){0};
}
