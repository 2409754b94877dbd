/*
 * chain.bpf.h - steps over the extension headers of IPv6
 */
#ifndef WC_CHAIN_BPF_H
#define WC_CHAIN_BPF_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.bpf.h"
#include "maps.bpf.h"
#include "seen.bpf.h"

/* As WC_IP_EXTENSIONS_MAX. */
#define EXTENSIONS_MAX 256

static __always_inline bool is_extension(uint8_t protocol)
{
	return protocol == 0 || protocol == 43 || protocol == 44 || protocol == 51 ||
	       protocol == 60;
}

/* No frame is longer. */
#define LENGTH_MASK 0xffffff

struct chain {
	FRAME *frame;
	struct place *place;
};

/* Steps over one extension header, if there is one. Returns 1 at the end of the chain. */
static long step_extension(uint32_t count, struct chain *chain)
{
	struct place *place = chain->place;
	uint8_t header[8], protocol = place->protocol;
	uint64_t size;

	if (!is_extension(protocol))
		return 1;
	place->broken = true;
	if (count == EXTENSIONS_MAX || place->left < sizeof(header) ||
	    !fetch(chain->frame, place->at, header, sizeof(header)))
		return 1;
	size = protocol == 44 ? 8 : protocol == 51 ? (header[1] + 2u) * 4 : (header[1] + 1u) * 8;
	if (place->left < size)
		return 1;
	place->broken = false;
	/* Cut to what they are anyway: else the verifier looks at each round on its own. */
	place->at = (place->at + size) & LENGTH_MASK;
	place->left = (place->left - size) & LENGTH_MASK;
	place->protocol = header[0];
	place->fragment = protocol == 44 && load16(header + 2) >> 3;
	return place->fragment;
}

/* A function of its own, as no other may reuse where on the stack the frame's pointer was. */
__noinline int step_chain(FRAME *frame, struct place *place)
{
	struct chain chain = {frame, place};

	if (place)
		bpf_loop(EXTENSIONS_MAX + 1, step_extension, &chain, 0);
	return 0;
}

/* False: the chain is broken, though the addresses are known. */
static __always_inline bool step_extensions(FRAME *frame, struct place *place, uint64_t *at,
					    uint64_t *left, uint8_t *protocol, bool *fragment)
{
	if (!is_extension(*protocol))
		return true;
	place->at = *at;
	place->left = *left;
	place->protocol = *protocol;
	place->fragment = place->broken = false;
	step_chain(frame, place);
	FORGET();
	*at = place->at;
	*left = place->left;
	*protocol = place->protocol;
	*fragment = place->fragment;
	return !place->broken;
}

#endif /* WC_CHAIN_BPF_H */
