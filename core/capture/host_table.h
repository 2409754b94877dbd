/*
 * host_table.h - the links and addresses that a host is known to have
 */
#ifndef WC_HOST_TABLE_H
#define WC_HOST_TABLE_H

#include <stddef.h>

#include "host.h"
#include "host_message.h"

struct wc_host_table {
	struct wc_host_link *links;
	size_t link_count;
	struct wc_host_address *addresses;
	size_t address_count;
	unsigned serial; /* the last one that a link was given */
};

/* What became of a change. */
enum wc_host_outcome {
	WC_HOST_SAME,
	WC_HOST_CHANGED,
	WC_HOST_NO_MEMORY,
};

/* Frees the inside of @table and leaves it empty. */
void wc_host_table_free(struct wc_host_table *table);

/* Returns the link at @index, or NULL. */
const struct wc_host_link *wc_host_table_link(const struct wc_host_table *table, unsigned index);

/* Adds a link or writes over the one at its index, which keeps its serial; a new one gets one. */
enum wc_host_outcome wc_host_table_put_link(struct wc_host_table *table,
					    const struct wc_host_link *link);
enum wc_host_outcome wc_host_table_drop_link(struct wc_host_table *table, unsigned index);

/* The same for an address, which is known by its link, itself and, if of IPv4, its network. */
enum wc_host_outcome wc_host_table_put_address(struct wc_host_table *table,
					       const struct wc_host_address *address);
enum wc_host_outcome wc_host_table_drop_address(struct wc_host_table *table,
						const struct wc_host_address *address);

/* Gives the links of @table, which was read anew, the serials that they have in @old. */
void wc_host_table_keep_serials(struct wc_host_table *table, const struct wc_host_table *old);

#endif /* WC_HOST_TABLE_H */
