/*
 * ring_frame.h - from a slot in a block to a frame
 */
#ifndef WC_RING_FRAME_H
#define WC_RING_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"

struct tpacket3_hdr; /* linux/if_packet.h */

/* What the kernel is asked to leave free in front of a frame: a cooked header with a tag. */
#define WC_RING_FRAME_ROOM 32

/*
 * Fills in @frame, of @link, from @slot, whose bytes are changed: the tag that the kernel
 * took off is put back, and the cooked header is made, which the kernel only tells the
 * fields of. @offload: in front of the frame is a virtio header. Returns false when there
 * is no frame in the slot: the kernel set it aside and then lost the frame.
 */
bool wc_ring_frame(struct wc_frame *frame, struct tpacket3_hdr *slot, enum wc_link link,
		   bool offload);

#endif /* WC_RING_FRAME_H */
