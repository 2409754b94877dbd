#include "local.h"

#include <stdlib.h>
#include <string.h>

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

#define OPEN (WC_LOCAL_OPEN_SPECIAL | WC_LOCAL_OPEN_MEMBER | WC_LOCAL_OPEN_NETWORK)

/* At most half of the slots are taken, so that a search for a stranger ends at once. */
struct wc_local {
	/* What an address is, or what is open, by its first 16 bits: answers nearly every look. */
	uint8_t v4[WC_LOCAL_PREFIXES], v6[WC_LOCAL_PREFIXES];
	struct slot *slots;
	size_t mask;
	size_t used;
	size_t unicast;
	struct wc_local_net *nets; /* the longer ones */
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

static uint8_t *prefix_of(struct wc_local *local, const struct wc_address *address)
{
	return address->version == 4 ? &local->v4[address->low >> 16]
				     : &local->v6[address->high >> 48];
}

/* IPv4 (RFC 6890): the loopback, and groups. Those that no router forwards are 224.0.0.0/24. */
static void begin_v4(struct wc_local *local)
{
	memset(&local->v4[127 << 8], WC_LOCAL_OWN | WC_LOCAL_INSIDE, 256);
	memset(&local->v4[0xe0 << 8], WC_LOCAL_GROUP, 16 * 256);
	local->v4[0xe000] = WC_LOCAL_GROUP | WC_LOCAL_OPEN_SPECIAL;
	local->v4[0xffff] = local->v4[0] = WC_LOCAL_OPEN_SPECIAL;
}

/* IPv6: groups (RFC 4291), of which scope 1 is an interface's and scope 2 a link's; :: and ::1. */
static void begin_v6(struct wc_local *local)
{
	for (unsigned prefix = 0xff00; prefix <= 0xffff; prefix++)
		local->v6[prefix] = (prefix & 0xf) == 1 || (prefix & 0xf) == 2
					    ? WC_LOCAL_GROUP | WC_LOCAL_INSIDE
					    : WC_LOCAL_GROUP;
	local->v6[0] = WC_LOCAL_OPEN_SPECIAL;
}

struct wc_local *wc_local_new(void)
{
	struct wc_local *local = calloc(1, sizeof(*local));

	if (!local)
		return NULL;
	begin_v4(local);
	begin_v6(local);
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
	*prefix_of(local, address) |= WC_LOCAL_OPEN_MEMBER;
	return WC_OK;
}

int wc_local_add(struct wc_local *local, const struct wc_address *address)
{
	return add(local, address, MEMBER_UNICAST);
}

int wc_local_add_broadcast(struct wc_local *local, const struct wc_address *address)
{
	/* All of the loopback's network stays own. */
	if (*prefix_of(local, address) & WC_LOCAL_OWN)
		return WC_OK;
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

/* A network of at most 16 bits is a run of prefixes. */
static void add_run(struct wc_local *local, const struct wc_network *network)
{
	uint8_t *first = prefix_of(local, &network->base);

	for (size_t i = 0; i < (size_t)1 << (16 - network->prefix); i++)
		first[i] |= WC_LOCAL_INSIDE;
}

static int add_networks(struct wc_local *local, const struct wc_network *networks, size_t count)
{
	struct wc_local_net *nets =
		realloc(local->nets, (local->net_count + count) * sizeof(*nets));

	if (!nets)
		return WC_FAILED;
	local->nets = nets;
	for (size_t i = 0; i < count; i++) {
		struct wc_local_net *net = &nets[local->net_count];

		if (networks[i].prefix <= 16) {
			add_run(local, &networks[i]);
			continue;
		}
		*prefix_of(local, &networks[i].base) |= WC_LOCAL_OPEN_NETWORK;
		local->net_count++;
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
		const struct wc_local_net *net = &local->nets[i];

		if ((address->low & net->low_mask) == net->low &&
		    (address->high & net->high_mask) == net->high &&
		    address->version == net->version)
			return true;
	}
	return false;
}

/* What RFCs say of single addresses. */
static unsigned look_special(const struct wc_address *address)
{
	if (address->version == 4) {
		if (address->low >> 8 == 0xe00000 || address->low == 0)
			return WC_LOCAL_INSIDE;
		return address->low == 0xffffffff ? WC_LOCAL_GROUP | WC_LOCAL_INSIDE : 0;
	}
	if (address->high != 0 || address->low > 1)
		return 0;
	return address->low == 1 ? WC_LOCAL_OWN | WC_LOCAL_INSIDE : WC_LOCAL_INSIDE;
}

static unsigned look_closer(const struct wc_local *local, const struct wc_address *address,
			    unsigned known)
{
	unsigned bits = known & ~(unsigned)OPEN;

	if (known & WC_LOCAL_OPEN_SPECIAL)
		bits |= look_special(address);
	if (known & WC_LOCAL_OPEN_MEMBER) {
		enum member member = find(local, address)->member;

		if (member == MEMBER_UNICAST)
			bits |= WC_LOCAL_OWN | WC_LOCAL_INSIDE;
		else if (member == MEMBER_BROADCAST)
			bits |= WC_LOCAL_GROUP | WC_LOCAL_INSIDE;
	}
	if ((known & WC_LOCAL_OPEN_NETWORK) && in_network(local, address))
		bits |= WC_LOCAL_INSIDE;
	return bits;
}

unsigned wc_local_look(const struct wc_local *local, const struct wc_address *address)
{
	unsigned known = address->version == 4 ? local->v4[address->low >> 16]
					       : local->v6[address->high >> 48];

	return known & OPEN ? look_closer(local, address, known) : known;
}

size_t wc_local_count(const struct wc_local *local)
{
	return local->unicast;
}

size_t wc_local_members(const struct wc_local *local, struct wc_local_member *members, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i <= local->mask; i++) {
		const struct slot *slot = &local->slots[i];
		unsigned kind = slot->member == MEMBER_UNICAST ? WC_LOCAL_OWN : WC_LOCAL_GROUP;

		if (slot->member == MEMBER_NONE)
			continue;
		if (count < room)
			members[count] =
				(struct wc_local_member){slot->address, kind | WC_LOCAL_INSIDE};
		count++;
	}
	return count;
}

const struct wc_local_net *wc_local_nets(const struct wc_local *local, size_t *count)
{
	*count = local->net_count;
	return local->nets;
}

const uint8_t *wc_local_prefixes(const struct wc_local *local, unsigned version)
{
	return version == 4 ? local->v4 : local->v6;
}
