/*
 * local.bpf.h - what an address is to this host: wc_local_look() for the kernel
 */
#ifndef WC_LOCAL_BPF_H
#define WC_LOCAL_BPF_H

#include "frame.bpf.h"
#include "maps.bpf.h"
#include "seen.bpf.h"

/* As the bits of wc_local_look(). */
#define LOCAL_OWN    1u
#define LOCAL_GROUP  2u
#define LOCAL_INSIDE 4u

/* As enum wc_direction. */
enum { DIRECTION_IN, DIRECTION_OUT, DIRECTION_LOCAL, DIRECTION_TRANSIT };

/* As WC_INSIDE_. */
enum { INSIDE_SOURCE = 1, INSIDE_DESTINATION = 2, INSIDE_BOTH = 3 };

/* As WC_LOCAL_OPEN_. */
#define OPEN_SPECIAL 8u
#define OPEN_MEMBER  16u
#define OPEN_NETWORK 32u
#define OPEN         (OPEN_SPECIAL | OPEN_MEMBER | OPEN_NETWORK)

/* What RFCs say of single addresses. */
static __always_inline uint32_t look_special(const struct end *address, uint32_t version)
{
	if (version == 4) {
		if (address->low >> 8 == 0xe00000 || address->low == 0)
			return LOCAL_INSIDE;
		return address->low == 0xffffffff ? LOCAL_GROUP | LOCAL_INSIDE : 0;
	}
	if (address->high || address->low > 1)
		return 0;
	return address->low == 1 ? LOCAL_OWN | LOCAL_INSIDE : LOCAL_INSIDE;
}

static __always_inline uint32_t look_member(const struct wc_kernel_local *local,
					    const struct end *address, uint32_t version)
{
	uint32_t place = wc_kernel_place(local->salt, address->high, address->low);

	for (uint32_t i = 0; i < WC_KERNEL_DISTANCE; i++) {
		const struct wc_kernel_member *member =
			&local->members[(place + i) % WC_KERNEL_MEMBERS];

		if (member->version == 0)
			return 0;
		if (member->low == address->low && member->high == address->high &&
		    member->version == version)
			return member->bits;
	}
	return 0;
}

static __always_inline bool is_in_nets(const struct wc_kernel_net *nets, uint32_t count,
				       const struct end *address)
{
	for (uint32_t i = 0; i < WC_KERNEL_NETS; i++) {
		if (i >= count)
			return false;
		if ((address->low & nets[i].low_mask) == nets[i].low &&
		    (address->high & nets[i].high_mask) == nets[i].high)
			return true;
	}
	return false;
}

/* What is not told by an address's upper half; @known: what is. Returns LOCAL_ bits. */
__noinline int look_closer(const struct end *address, uint32_t version, uint32_t known)
{
	struct wc_kernel_local *local = entry(&locals, state.control.local & 1);
	uint32_t bits = known & ~OPEN;

	if (!address || !local)
		return 0;
	if (known & OPEN_SPECIAL)
		bits |= look_special(address, version);
	if (known & OPEN_MEMBER)
		bits |= look_member(local, address, version);
	if ((known & OPEN_NETWORK) && !(bits & LOCAL_INSIDE) &&
	    (version == 4 ? is_in_nets(local->net4, local->nets4, address)
			  : is_in_nets(local->net6, local->nets6, address)))
		bits |= LOCAL_INSIDE;
	return (int)bits;
}

/* Asks for what look() reads first. */
static __always_inline void touch_local(const struct end *address, uint32_t version)
{
	struct wc_kernel_local *local = entry(&locals, state.control.local & 1);

	if (version == 4)
		TOUCH(local, v4[address->low >> 16 & 0xffff]);
	else
		TOUCH(local, v6[address->high >> 48]);
}

/* Returns LOCAL_ bits. */
static __always_inline uint32_t look(const struct end *address, uint32_t version)
{
	struct wc_kernel_local *local = entry(&locals, state.control.local & 1);
	uint32_t known;

	if (!local)
		return 0;
	known = version == 4 ? local->v4[address->low >> 16 & 0xffff]
			     : local->v6[address->high >> 48];
	return known & OPEN ? (uint32_t)look_closer(address, version, known) : known;
}

static __always_inline uint8_t direction_by_origin(uint8_t origin)
{
	return origin == ORIGIN_SENT       ? DIRECTION_OUT
	       : origin == ORIGIN_RECEIVED ? DIRECTION_IN
					   : DIRECTION_TRANSIT;
}

static __always_inline uint8_t direction_by_ends(uint32_t source, uint32_t destination,
						 uint8_t origin)
{
	if (destination & LOCAL_OWN)
		return source & LOCAL_OWN ? DIRECTION_LOCAL : DIRECTION_IN;
	if (source & LOCAL_OWN)
		return DIRECTION_OUT;
	return destination & LOCAL_GROUP ? direction_by_origin(origin) : DIRECTION_TRANSIT;
}

static __always_inline uint8_t turned(uint8_t direction)
{
	return direction == DIRECTION_IN    ? DIRECTION_OUT
	       : direction == DIRECTION_OUT ? DIRECTION_IN
					    : direction;
}

#endif /* WC_LOCAL_BPF_H */
