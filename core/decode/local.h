/*
 * local.h - which addresses are this host's own, and which networks are local
 *
 * Own addresses make a frame's direction; local networks make its scope, and tell
 * the internet apart. A table by the first 16 bits answers nearly all; a small hash and
 * a short list know the rest. Filled at set-up and replaced as a whole when addresses change. It
 * belongs to one thread.
 */
#ifndef WC_LOCAL_H
#define WC_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/address.h"

struct wc_local;
struct wc_networks; /* wirecensus/options.h */

/* Makes an empty set. Returns NULL when memory is short. */
struct wc_local *wc_local_new(void);
void wc_local_free(struct wc_local *local);

/*
 * Adds a unicast address of this host, or a broadcast address of one of its
 * networks. Adding twice is the same as once. Return 0, or WC_FAILED when
 * memory is short. 127.0.0.0/8 and ::1 are members from the start.
 */
int wc_local_add(struct wc_local *local, const struct wc_address *address);
int wc_local_add_broadcast(struct wc_local *local, const struct wc_address *address);

/*
 * Adds networks that count as local; an empty list stands for the private ones
 * (RFC 1918, RFC 4193), the link-local ones and the loopback. Returns 0, or
 * WC_FAILED when memory is short.
 */
int wc_local_add_networks(struct wc_local *local, const struct wc_networks *networks);

/* What an address is to this host: bits. */
enum {
	WC_LOCAL_OWN = 1,   /* an own unicast address */
	WC_LOCAL_GROUP = 2, /* multicast, 255.255.255.255, or a broadcast address that was added */

	/*
	 * In a local network, an own address, the unspecified one of a host that has
	 * none yet, or one of the groups that no router forwards: 224.0.0.0/24,
	 * 255.255.255.255, and IPv6's of interface and link scope.
	 */
	WC_LOCAL_INSIDE = 4,
};

/* Returns the bits above for an address of either version. Called for every frame. */
unsigned wc_local_look(const struct wc_local *local, const struct wc_address *address);

/* Returns how many unicast addresses were added. */
size_t wc_local_count(const struct wc_local *local);

/* One address that was added, and the bits above that it has for that. */
struct wc_local_member {
	struct wc_address address;
	unsigned bits;
};

/* Fills in up to @room of the addresses that were added. Returns how many there are. */
size_t wc_local_members(const struct wc_local *local, struct wc_local_member *members, size_t room);

/* A local network: the addresses of which these bits have these values. */
struct wc_local_net {
	uint64_t high_mask, high, low_mask, low;
	uint8_t version;
};

/* Returns the local networks of more than 16 bits; they live as long as @local. */
const struct wc_local_net *wc_local_nets(const struct wc_local *local, size_t *count);

/* Beside the bits above: what the first 16 bits of an address leave open. */
enum {
	WC_LOCAL_OPEN_SPECIAL = 8,  /* an address or network that RFCs set apart */
	WC_LOCAL_OPEN_MEMBER = 16,  /* own and broadcast addresses begin like this */
	WC_LOCAL_OPEN_NETWORK = 32, /* local networks longer than 16 bits do */
};

#define WC_LOCAL_PREFIXES 65536

/* Returns what is known of each prefix of @version, 4 or 6; it lives as long as @local. */
const uint8_t *wc_local_prefixes(const struct wc_local *local, unsigned version);

#endif /* WC_LOCAL_H */
