/*
 * decode.h - from a frame's bytes to a packet
 *
 * Has no errors, only classes: whatever the bytes are, the frame lands in
 * exactly one. Reads no more than it needs and keeps no pointer to them.
 */
#ifndef WC_DECODE_H
#define WC_DECODE_H

#include "frame.h"

struct wc_local;  /* local.h */
struct wc_memo;   /* memo.h */
struct wc_packet; /* packet.h */

/*
 * Fills in @packet from @frame: directions by @local, hashes of addresses by @memo.
 * Called for every frame.
 */
void wc_decode(struct wc_packet *packet, const struct wc_frame *frame, const struct wc_local *local,
	       struct wc_memo *memo);

#endif /* WC_DECODE_H */
