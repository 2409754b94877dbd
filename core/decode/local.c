#include "local.h"

#include <stdlib.h>

#include "wirecensus/error.h"

enum member {
	MEMBER_NONE,
	MEMBER_UNICAST,
	MEMBER_BROADCAST,
};

struct slot {
	struct wc_address address;
	enum member member;
};

/* At most half of the slots are taken, so that a search for a stranger ends at once. */
struct wc_local {
	struct slot *slots;
	size_t mask;
	size_t used;
	size_t unicast;
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

	if (slot->member != MEMBER_NONE)
		return WC_OK;
	if (2 * (local->used + 1) > local->mask) {
		if (grow(local))
			return WC_FAILED;
		slot = find(local, address);
	}
	slot->address = *address;
	slot->member = member;
	local->used++;
	local->unicast += member == MEMBER_UNICAST;
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

static bool is_loopback(const struct wc_address *address)
{
	if (address->version == 4)
		return address->low >> 24 == 127;
	return address->version == 6 && address->high == 0 && address->low == 1;
}

bool wc_local_has(const struct wc_local *local, const struct wc_address *address)
{
	return find(local, address)->member == MEMBER_UNICAST || is_loopback(address);
}

bool wc_local_is_group(const struct wc_local *local, const struct wc_address *address)
{
	return wc_address_is_group(address) || find(local, address)->member == MEMBER_BROADCAST;
}

size_t wc_local_count(const struct wc_local *local)
{
	return local->unicast;
}
