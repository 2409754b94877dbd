#include "names.h"

#include <ares.h>
#include <stdlib.h>

#include "dns_servers.h"
#include "lookups.h"
#include "names_cache.h"
#include "names_clock.h"
#include "resolver.h"
#include "wirecensus/address.h"
#include "wirecensus/error.h"

#define DEFAULT_ENTRIES 8192
#define DEFAULT_BYTES   (4U << 20)
#define DEFAULT_QUEUE   1024

struct wc_names {
	struct wc_names_cache *cache;
	struct wc_lookups *lookups;
	struct wc_resolver *resolver;
};

static size_t or_default(size_t value, size_t fallback)
{
	return value ? value : fallback;
}

static int set_up(struct wc_names *names, const struct wc_names_settings *settings,
		  struct wc_error *error)
{
	int status;

	names->cache = wc_names_cache_new(or_default(settings->entries, DEFAULT_ENTRIES),
					  or_default(settings->bytes, DEFAULT_BYTES),
					  or_default(settings->queue, DEFAULT_QUEUE));
	if (!names->cache)
		return wc_error_set(error, WC_FAILED, "no memory for reverse names");
	status = wc_lookups_new(&names->lookups, settings, names->cache, error);
	if (status)
		return status;
	return wc_resolver_start(&names->resolver, names->lookups, error);
}

int wc_names_check(const struct wc_texts *servers, struct wc_error *error)
{
	struct wc_dns_servers parsed;

	return wc_dns_servers_parse(&parsed, servers, error);
}

int wc_names_open(struct wc_names **names, const struct wc_names_settings *settings,
		  struct wc_error *error)
{
	struct wc_names *made;
	int status = ares_library_init(ARES_LIB_INIT_ALL);

	if (status)
		return wc_error_set(error, WC_FAILED, "reverse names by c-ares: %s",
				    ares_strerror(status));
	made = calloc(1, sizeof(*made));
	if (!made) {
		ares_library_cleanup();
		return wc_error_set(error, WC_FAILED, "no memory for reverse names");
	}
	status = set_up(made, settings, error);
	if (status) {
		wc_names_free(made);
		return status;
	}
	*names = made;
	return WC_OK;
}

void wc_names_free(struct wc_names *names)
{
	if (!names)
		return;
	wc_resolver_stop(names->resolver);
	wc_lookups_free(names->lookups);
	wc_names_cache_free(names->cache);
	free(names);
	ares_library_cleanup();
}

void wc_names_ask(struct wc_names *names, const struct wc_address *address)
{
	if (address->version && wc_names_cache_ask(names->cache, address, wc_names_clock()))
		wc_resolver_wake(names->resolver);
}

size_t wc_names_find(struct wc_names *names, const struct wc_address *address,
		     struct wc_name_list *list)
{
	return wc_names_cache_find(names->cache, address, list);
}

bool wc_names_wait(struct wc_names *names, unsigned milliseconds)
{
	return wc_names_cache_settle(names->cache, milliseconds);
}

void wc_names_stats(struct wc_names *names, struct wc_names_stats *stats)
{
	wc_names_cache_stats(names->cache, stats);
	wc_lookups_stats(names->lookups, stats);
}
