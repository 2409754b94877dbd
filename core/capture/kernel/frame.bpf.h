/*
 * frame.bpf.h - how the program gets at a frame: at a socket and tcx, or at XDP
 *
 * What is beside it is compiled for either of the two.
 */
#ifndef WC_FRAME_BPF_H
#define WC_FRAME_BPF_H

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <linux/if_packet.h>
#include <stdbool.h>
#include <stdint.h>

/* As enum wc_origin. */
enum { ORIGIN_RECEIVED = 1, ORIGIN_SENT, ORIGIN_OTHER };

static __always_inline uint16_t load16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* Where a frame begins, and the end of what is there in one piece; not at a socket. */
#define BEGIN_OF(frame) ((const uint8_t *)(long)(frame)->data)
#define END_OF(frame)   ((const uint8_t *)(long)(frame)->data_end)

#ifdef WC_XDP

#define FRAME struct xdp_md

static __always_inline bool fetch(FRAME *frame, uint64_t at, void *to, uint32_t size)
{
	return bpf_xdp_load_bytes(frame, (uint32_t)at, to, size) == 0;
}

/* Cut to fewer bits than it has, from which the verifier sees that it is no longer than that. */
static __always_inline uint32_t length_of(FRAME *frame)
{
	return (uint32_t)bpf_xdp_get_buff_len(frame) & 0xffffff;
}

/* Tags are in the frame still. */
static __always_inline bool lost_tag(FRAME *frame)
{
	(void)frame;
	return false;
}

/* Generic XDP sees frames that were merged, and is not told of how many. */
static __always_inline uint32_t segment_size(FRAME *frame)
{
	(void)frame;
	return 0;
}

static __always_inline uint32_t segments_of(FRAME *frame)
{
	(void)frame;
	return 0;
}

#else

#define FRAME struct __sk_buff

static __always_inline bool fetch(FRAME *frame, uint64_t at, void *to, uint32_t size)
{
	return bpf_skb_load_bytes(frame, (uint32_t)at, to, size) == 0;
}

static __always_inline uint32_t length_of(FRAME *frame)
{
	return frame->len;
}

/* True if the kernel took the outer tag off. */
static __always_inline bool lost_tag(FRAME *frame)
{
	return frame->vlan_present;
}

/* Of a merged frame, without headers; 0: it is not merged. */
static __always_inline uint32_t segment_size(FRAME *frame)
{
	return frame->gso_size;
}

/* 0: not told. */
static __always_inline uint32_t segments_of(FRAME *frame)
{
	return frame->gso_segs;
}

static __always_inline uint8_t origin_of(FRAME *frame)
{
	return frame->pkt_type == PACKET_OUTGOING    ? ORIGIN_SENT
	       : frame->pkt_type == PACKET_OTHERHOST ? ORIGIN_OTHER
						     : ORIGIN_RECEIVED;
}

#endif /* WC_XDP */

#endif /* WC_FRAME_BPF_H */
