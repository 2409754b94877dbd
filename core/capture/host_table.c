#include "host_table.h"

#include <stdlib.h>
#include <string.h>

void wc_host_table_free(struct wc_host_table *table)
{
	free(table->links);
	free(table->addresses);
	*table = (struct wc_host_table){0};
}

static struct wc_host_link *find_link(const struct wc_host_table *table, unsigned index)
{
	for (size_t i = 0; i < table->link_count; i++)
		if (table->links[i].index == index)
			return &table->links[i];
	return NULL;
}

const struct wc_host_link *wc_host_table_link(const struct wc_host_table *table, unsigned index)
{
	return find_link(table, index);
}

static enum wc_host_outcome add_link(struct wc_host_table *table, const struct wc_host_link *link)
{
	struct wc_host_link *links =
		reallocarray(table->links, table->link_count + 1, sizeof(*links));

	if (!links)
		return WC_HOST_NO_MEMORY;
	links[table->link_count] = *link;
	links[table->link_count++].serial = ++table->serial;
	table->links = links;
	return WC_HOST_CHANGED;
}

static bool is_same(const struct wc_host_link *a, const struct wc_host_link *b)
{
	return strcmp(a->name, b->name) == 0 && a->flags == b->flags && a->mtu == b->mtu &&
	       a->type == b->type && memcmp(a->own, b->own, sizeof(a->own)) == 0 &&
	       a->layer == b->layer;
}

enum wc_host_outcome wc_host_table_put_link(struct wc_host_table *table,
					    const struct wc_host_link *link)
{
	struct wc_host_link *known = find_link(table, link->index);
	unsigned serial;

	if (!known)
		return add_link(table, link);
	if (is_same(known, link))
		return WC_HOST_SAME;
	serial = known->serial;
	*known = *link;
	known->serial = serial;
	return WC_HOST_CHANGED;
}

enum wc_host_outcome wc_host_table_drop_link(struct wc_host_table *table, unsigned index)
{
	struct wc_host_link *known = find_link(table, index);

	if (!known)
		return WC_HOST_SAME;
	*known = table->links[--table->link_count];
	return WC_HOST_CHANGED;
}

/*
 * A link has an IPv6 address once, whose other end may change. An IPv4 address it may have
 * several times, in networks of other sizes or with other ends.
 */
static bool is_same_address(const struct wc_host_address *a, const struct wc_host_address *b)
{
	return a->index == b->index && wc_address_equal(&a->local, &b->local) &&
	       (a->local.version == 6 ||
		(a->prefix == b->prefix && wc_address_equal(&a->far, &b->far)));
}

static struct wc_host_address *find_address(const struct wc_host_table *table,
					    const struct wc_host_address *address)
{
	for (size_t i = 0; i < table->address_count; i++)
		if (is_same_address(&table->addresses[i], address))
			return &table->addresses[i];
	return NULL;
}

enum wc_host_outcome wc_host_table_put_address(struct wc_host_table *table,
					       const struct wc_host_address *address)
{
	struct wc_host_address *known = find_address(table, address), *addresses;

	if (known && wc_address_equal(&known->broadcast, &address->broadcast))
		return WC_HOST_SAME;
	if (!known) {
		addresses = reallocarray(table->addresses, table->address_count + 1,
					 sizeof(*addresses));
		if (!addresses)
			return WC_HOST_NO_MEMORY;
		table->addresses = addresses;
		known = &addresses[table->address_count++];
	}
	*known = *address;
	return WC_HOST_CHANGED;
}

enum wc_host_outcome wc_host_table_drop_address(struct wc_host_table *table,
						const struct wc_host_address *address)
{
	struct wc_host_address *known = find_address(table, address);

	if (!known)
		return WC_HOST_SAME;
	*known = table->addresses[--table->address_count];
	return WC_HOST_CHANGED;
}

void wc_host_table_keep_serials(struct wc_host_table *table, const struct wc_host_table *old)
{
	for (size_t i = 0; i < table->link_count; i++) {
		const struct wc_host_link *known = find_link(old, table->links[i].index);

		table->links[i].serial = known ? known->serial : ++table->serial;
	}
}
