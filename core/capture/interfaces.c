#include "wirecensus/interfaces.h"

#include <net/if_arp.h>
#include <stdbool.h>

#include "host.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* Links that carry no Ethernet and no IP: controller area networks, nlmon(4), radio headers. */
static bool is_foreign(unsigned type)
{
	const unsigned nlmon = 824; /* ARPHRD_NETLINK of linux/if_arp.h, which glibc's lacks */

	return type == ARPHRD_CAN || type == nlmon ||
	       (type >= ARPHRD_IEEE80211 && type <= ARPHRD_IEEE80211_RADIOTAP);
}

static bool is_wanted(const struct wc_host_link *link, enum wc_host_layer layer)
{
	return (link->flags & IFF_UP) && !(link->flags & IFF_LOOPBACK) && link->layer == layer &&
	       !is_foreign(link->type);
}

/* Appends the links of one layer. */
static int add_layer(struct wc_texts *names, const struct wc_host *host, enum wc_host_layer layer,
		     struct wc_error *error)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(host, &count);
	int failed = WC_OK;

	for (size_t i = 0; !failed && i < count; i++)
		if (is_wanted(&links[i], layer))
			failed = wc_texts_add(names, links[i].name, error);
	return failed;
}

static int add_loopback(struct wc_texts *names, const struct wc_host *host, struct wc_error *error)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(host, &count);

	for (size_t i = 0; i < count; i++)
		if (links[i].flags & IFF_LOOPBACK)
			return wc_texts_add(names, links[i].name, error);
	return wc_error_set(error, WC_FAILED,
			    "there is no interface to count: bring one up with ip-link(8)");
}

int wc_interfaces_default(struct wc_texts *names, struct wc_error *error)
{
	const size_t before = names->count;
	struct wc_host *host;
	int failed = wc_host_open(&host, NULL, error);

	if (failed)
		return failed;
	failed = add_layer(names, host, WC_HOST_BOTTOM, error);
	if (!failed && names->count == before)
		failed = add_layer(names, host, WC_HOST_TUNNEL, error);
	if (!failed && names->count == before)
		failed = add_loopback(names, host, error);
	wc_host_free(host);
	return failed;
}
