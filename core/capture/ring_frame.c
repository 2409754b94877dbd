#include "ring_frame.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <string.h>

#define ETHERNET_TYPE 12 /* where its tags begin */

/* A cooked header (LINKTYPE_LINUX_SLL); its address field has eight bytes. */
#define SLL_HEADER 16
#define SLL_TYPE   14

/* Where the kernel says whence a frame comes, in its slot. */
#define ADDRESS_AT TPACKET_ALIGN((int)sizeof(struct tpacket3_hdr))

/* VIRTIO_NET_HDR_GSO_UDP_L4 and TP_STATUS_GSO_TCP, which the headers of Linux 6.1 lack. */
#define GSO_UDP        5
#define STATUS_GSO_TCP (1 << 8)

#define TAG_SIZE     4
#define HEADER_LEAST 20 /* TCP's, and as much of UDP's with what it carries */

static const struct sockaddr_ll *address_of(const struct tpacket3_hdr *slot)
{
	return (const struct sockaddr_ll *)(const void *)((const char *)slot + ADDRESS_AT);
}

static enum wc_origin origin_of(unsigned packet_type)
{
	return packet_type == PACKET_OUTGOING    ? WC_ORIGIN_SENT
	       : packet_type == PACKET_OTHERHOST ? WC_ORIGIN_OTHER
						 : WC_ORIGIN_RECEIVED;
}

static void put(uint8_t *at, uint16_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void grow(struct wc_frame *frame, const uint8_t *bytes, uint32_t more)
{
	frame->bytes = bytes;
	frame->captured += more;
	frame->length += more;
}

/* Returns the first byte of the header that is put in front of the frame. */
static uint8_t *cook(uint8_t *bytes, const struct sockaddr_ll *address)
{
	uint8_t *header = bytes - SLL_HEADER;

	memset(header, 0, SLL_HEADER);
	put(header, htons(address->sll_pkttype));
	put(header + 2, htons(address->sll_hatype));
	put(header + 4, htons(address->sll_halen));
	memcpy(header + 6, address->sll_addr, sizeof(address->sll_addr));
	put(header + SLL_TYPE, address->sll_protocol);
	return header;
}

/* Puts the tag back at @at, where the type is. Returns the frame's first byte. */
static uint8_t *put_tag(uint8_t *bytes, size_t at, const struct tpacket3_hdr *slot)
{
	bool typed = slot->tp_status & TP_STATUS_VLAN_TPID_VALID;

	memmove(bytes - TAG_SIZE, bytes, at);
	put(bytes - TAG_SIZE + at, htons(typed ? slot->hv1.tp_vlan_tpid : ETH_P_8021Q));
	put(bytes - TAG_SIZE + at + 2, htons((uint16_t)slot->hv1.tp_vlan_tci));
	return bytes - TAG_SIZE;
}

/*
 * What was merged is told by the size of its parts, and by where their checksum begins,
 * which is their transport header, inside of tunnels, too.
 */
static void note_segments(struct wc_frame *frame, const struct virtio_net_hdr *told)
{
	unsigned type = told->gso_type & ~(unsigned)VIRTIO_NET_HDR_GSO_ECN;
	bool udp = type == GSO_UDP;

	if (type != VIRTIO_NET_HDR_GSO_TCPV4 && type != VIRTIO_NET_HDR_GSO_TCPV6 && !udp)
		return;
	if (!(told->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ||
	    (uint32_t)told->csum_start + HEADER_LEAST > frame->captured)
		return;
	frame->segment = told->gso_size;
	frame->segment_at = told->csum_start;
	frame->segment_protocol = udp ? IPPROTO_UDP : IPPROTO_TCP;
}

bool wc_ring_frame(struct wc_frame *frame, struct tpacket3_hdr *slot, enum wc_link link,
		   bool offload)
{
	const struct sockaddr_ll *address = address_of(slot);
	uint8_t *bytes = (uint8_t *)slot + slot->tp_mac;
	struct virtio_net_hdr told;
	size_t type_at = ETHERNET_TYPE;

	if (!(slot->tp_status & TP_STATUS_USER))
		return false;
	*frame = (struct wc_frame){
		.bytes = bytes,
		.captured = slot->tp_snaplen,
		.length = slot->tp_len,
		.time_ns = (int64_t)slot->tp_sec * 1000000000 + slot->tp_nsec,
		.link = (uint8_t)link,
		.origin = (uint8_t)origin_of(address->sll_pkttype),
	};
	if (offload) {
		memcpy(&told, bytes - sizeof(told), sizeof(told));
		if (told.gso_type != VIRTIO_NET_HDR_GSO_NONE)
			note_segments(frame, &told);
	}
	frame->merged = !frame->segment && (slot->tp_status & STATUS_GSO_TCP);
	if (link == WC_LINK_SLL) {
		bytes = cook(bytes, address);
		type_at = SLL_TYPE;
		grow(frame, bytes, SLL_HEADER);
	}
	if ((slot->tp_status & TP_STATUS_VLAN_VALID) && link != WC_LINK_RAW &&
	    frame->captured >= type_at) {
		grow(frame, put_tag(bytes, type_at, slot), TAG_SIZE);
		frame->segment_at += TAG_SIZE;
	}
	return true;
}
