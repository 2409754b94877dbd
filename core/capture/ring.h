/*
 * ring.h - a packet socket that we read ourselves: a ring of blocks (TPACKET_V3)
 *
 * The kernel fills a block with frames and closes it when it is full, or when its
 * time-out has passed; only then is it read, at once and without a system call, and
 * given back. A block that is still open is never looked into: the kernel counts its
 * frames before they are there. Packets that the kernel has merged come with the
 * virtio header, which tells of how many they were made (PACKET_VNET_HDR).
 */
#ifndef WC_RING_H
#define WC_RING_H

#include "live_reader.h"

extern const struct wc_live_kind wc_ring;

#endif /* WC_RING_H */
