#include "local.h"

#include <stdlib.h>

#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* In this order: an own address that is also a network's broadcast address stays an own one. */
enum member {
	MEMBER_NONE,
	MEMBER_BROADCAST,
	MEMBER_UNICAST,
};

struct slot {
	struct wc_address address;
	enum member member;
};

/* A network, ready to be compared. */
struct net {
	uint64_t high_mask, high, low_mask, low;
	uint8_t version;
};

/* At most half of the slots are taken, so that a search for a stranger ends at once. */
struct wc_local {
	struct slot *slots;
	size_t mask;
	size_t used;
	size_t unicast;
	struct net *nets;
	size_t net_count;
};

#define SLOTS_AT_START 64

/*
 * An own address is chosen by whoever runs the host, not by who sends frames, so
 * that the hash needs no secret: a stranger's address only ever misses.
 */
static size_t place(const struct wc_local *local, const struct wc_address *address)
{
	uint64_t mixed = (address->high ^ address->low) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(mixed >> 32) & local->mask;
}

static struct slot *find(const struct wc_local *local, const struct wc_address *address)
{
	size_t i = place(local, address);

	while (local->slots[i].member != MEMBER_NONE &&
	       !wc_address_equal(&local->slots[i].address, address))
		i = (i + 1) & local->mask;
	return &local->slots[i];
}

struct wc_local *wc_local_new(void)
{
	struct wc_local *local = calloc(1, sizeof(*local));

	if (!local)
		return NULL;
	local->slots = calloc(SLOTS_AT_START, sizeof(*local->slots));
	local->mask = SLOTS_AT_START - 1;
	if (!local->slots) {
		free(local);
		return NULL;
	}
	return local;
}

void wc_local_free(struct wc_local *local)
{
	if (!local)
		return;
	free(local->slots);
	free(local->nets);
	free(local);
}

static int grow(struct wc_local *local)
{
	struct wc_local bigger = *local;

	bigger.mask = local->mask * 2 + 1;
	bigger.slots = calloc(bigger.mask + 1, sizeof(*bigger.slots));
	if (!bigger.slots)
		return WC_FAILED;
	for (size_t i = 0; i <= local->mask; i++)
		if (local->slots[i].member != MEMBER_NONE)
			*find(&bigger, &local->slots[i].address) = local->slots[i];
	free(local->slots);
	*local = bigger;
	return WC_OK;
}

static int add(struct wc_local *local, const struct wc_address *address, enum member member)
{
	struct slot *slot = find(local, address);

	if (slot->member >= member)
		return WC_OK;
	if (slot->member == MEMBER_NONE && 2 * (local->used + 1) > local->mask) {
		if (grow(local))
			return WC_FAILED;
		slot = find(local, address);
	}
	local->used += slot->member == MEMBER_NONE;
	local->unicast += member == MEMBER_UNICAST;
	slot->address = *address;
	slot->member = member;
	return WC_OK;
}

int wc_local_add(struct wc_local *local, const struct wc_address *address)
{
	return add(local, address, MEMBER_UNICAST);
}

int wc_local_add_broadcast(struct wc_local *local, const struct wc_address *address)
{
	return add(local, address, MEMBER_BROADCAST);
}

static const struct wc_network private_networks[] = {
	{{0, 0x0a000000, 4}, 8},
	{{0, 0xac100000, 4}, 12},
	{{0, 0xc0a80000, 4}, 16},
	{{0, 0xa9fe0000, 4}, 16},
	{{0, 0x7f000000, 4}, 8},
	{{UINT64_C(0xfc00000000000000), 0, 6}, 7},
	{{UINT64_C(0xfe80000000000000), 0, 6}, 10},
	{{0, 1, 6}, 128},
};

static int add_networks(struct wc_local *local, const struct wc_network *networks, size_t count)
{
	struct net *nets = realloc(local->nets, (local->net_count + count) * sizeof(*nets));

	if (!nets)
		return WC_FAILED;
	local->nets = nets;
	for (size_t i = 0; i < count; i++) {
		struct net *net = &nets[local->net_count++];

		wc_network_masks(&networks[i], &net->high_mask, &net->low_mask);
		net->high = networks[i].base.high;
		net->low = networks[i].base.low;
		net->version = networks[i].base.version;
	}
	return WC_OK;
}

int wc_local_add_networks(struct wc_local *local, const struct wc_networks *networks)
{
	if (networks->count)
		return add_networks(local, networks->items, networks->count);
	return add_networks(local, private_networks,
			    sizeof(private_networks) / sizeof(*private_networks));
}

static bool in_network(const struct wc_local *local, const struct wc_address *address)
{
	for (size_t i = 0; i < local->net_count; i++) {
		const struct net *net = &local->nets[i];

		if ((address->low & net->low_mask) == net->low &&
		    (address->high & net->high_mask) == net->high &&
		    address->version == net->version)
			return true;
	}
	return false;
}

static unsigned look_v4(uint64_t address)
{
	if (address >> 28 == 0xe) /* 224.0.0.0/4 */
		return address >> 8 == 0xe00000 ? WC_LOCAL_GROUP | WC_LOCAL_INSIDE : WC_LOCAL_GROUP;
	if (address == 0xffffffff)
		return WC_LOCAL_GROUP | WC_LOCAL_INSIDE;
	if (address == 0)
		return WC_LOCAL_INSIDE;
	return address >> 24 == 127 ? WC_LOCAL_OWN | WC_LOCAL_INSIDE : 0;
}

static unsigned look_v6(const struct wc_address *address)
{
	unsigned scope = address->high >> 48 & 0xf; /* of a group: 1 interface, 2 link (RFC 4291) */

	if (address->high >> 56 == 0xff)
		return scope == 1 || scope == 2 ? WC_LOCAL_GROUP | WC_LOCAL_INSIDE : WC_LOCAL_GROUP;
	if (address->high != 0 || address->low > 1)
		return 0;
	return address->low == 1 ? WC_LOCAL_OWN | WC_LOCAL_INSIDE : WC_LOCAL_INSIDE;
}

unsigned wc_local_look(const struct wc_local *local, const struct wc_address *address)
{
	unsigned bits = address->version == 4 ? look_v4(address->low) : look_v6(address);

	switch (find(local, address)->member) {
	case MEMBER_UNICAST:
		return bits | WC_LOCAL_OWN | WC_LOCAL_INSIDE;
	case MEMBER_BROADCAST:
		return bits | WC_LOCAL_GROUP | WC_LOCAL_INSIDE;
	default:
		return in_network(local, address) ? bits | WC_LOCAL_INSIDE : bits;
	}
}

size_t wc_local_count(const struct wc_local *local)
{
	return local->unicast;
}
