#include "local_set.h"

#include <stdbool.h>
#include <string.h>

#include "local.h"
#include "wirecensus/error.h"

_Static_assert(sizeof(((struct wc_kernel_local *)0)->v4) == WC_LOCAL_PREFIXES, "one table");

/* At most half of the places are taken. */
#define MEMBERS_MAX (WC_KERNEL_MEMBERS / 2)

/* Salts that are tried before it is found that there is no good one. */
#define SALTS 1000

/* Returns false when a member would lie too far behind its place. */
static bool put(struct wc_kernel_local *set, const struct wc_local_member *member)
{
	const struct wc_address *address = &member->address;
	uint32_t place = wc_kernel_place(set->salt, address->high, address->low);

	for (uint32_t i = 0; i < WC_KERNEL_DISTANCE; i++) {
		struct wc_kernel_member *slot = &set->members[(place + i) % WC_KERNEL_MEMBERS];

		if (slot->version)
			continue;
		*slot = (struct wc_kernel_member){
			.high = address->high,
			.low = address->low,
			.version = address->version,
			.bits = member->bits,
		};
		return true;
	}
	return false;
}

static bool put_all(struct wc_kernel_local *set, const struct wc_local_member *members,
		    size_t count)
{
	memset(set->members, 0, sizeof(set->members));
	for (size_t i = 0; i < count; i++)
		if (!put(set, &members[i]))
			return false;
	return true;
}

static bool put_nets(struct wc_kernel_local *set, const struct wc_local_net *nets, size_t count)
{
	set->nets4 = set->nets6 = 0;
	for (size_t i = 0; i < count; i++) {
		bool v4 = nets[i].version == 4;
		uint32_t *used = v4 ? &set->nets4 : &set->nets6;

		if (*used == WC_KERNEL_NETS)
			return false;
		(v4 ? set->net4 : set->net6)[(*used)++] = (struct wc_kernel_net){
			.high_mask = nets[i].high_mask,
			.high = nets[i].high,
			.low_mask = nets[i].low_mask,
			.low = nets[i].low,
		};
	}
	return true;
}

int wc_kernel_local_fill(struct wc_kernel_local *set, const struct wc_local *local,
			 struct wc_error *error)
{
	struct wc_local_member members[MEMBERS_MAX];
	size_t count = wc_local_members(local, members, MEMBERS_MAX), net_count;
	const struct wc_local_net *nets = wc_local_nets(local, &net_count);
	bool placed = false;

	memcpy(set->v4, wc_local_prefixes(local, 4), sizeof(set->v4));
	memcpy(set->v6, wc_local_prefixes(local, 6), sizeof(set->v6));
	if (count > MEMBERS_MAX || !put_nets(set, nets, net_count))
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel takes %d local addresses and %d local "
				    "networks of more than 16 bits of each version at most",
				    MEMBERS_MAX, WC_KERNEL_NETS);
	set->salt = UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < SALTS && !placed; i++) {
		set->salt = set->salt * UINT64_C(0xd6e8feb86659fd93) | 1;
		placed = put_all(set, members, count);
	}
	return placed ? WC_OK
		      : wc_error_set(error, WC_FAILED,
				     "counting in the kernel finds no places for the %zu local "
				     "addresses",
				     count);
}
