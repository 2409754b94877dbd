#include "filter_cut.h"

#include <string.h>

#include "cursor.h"
#include "ip.h"
#include "link.h"

#define ETHERNET_TYPE   12
#define ETHERNET_HEADER 14

bool wc_filter_is_cut(const struct wc_frame *frame)
{
	struct wc_cursor cursor = {frame->bytes, frame->bytes + frame->captured};

	switch (wc_link_step(&cursor, (enum wc_link)frame->link)) {
	case WC_LINK_CUT:
		return true;
	case WC_IP_ETHERTYPE_V4:
		return wc_cursor_left(&cursor) < WC_IP_V4_LEAST;
	case WC_IP_ETHERTYPE_V6:
		return wc_cursor_left(&cursor) < WC_IP_V6_HEADER;
	default:
		return false;
	}
}

/* Where a socket tells what is in a frame: without a link header, the frame's first byte does. */
static const struct where {
	uint16_t load;
	uint32_t at, mask, ipv4, ipv6;
	uint32_t least;  /* bytes that there must be to tell it */
	uint32_t header; /* bytes in front of IP */
} wheres[] = {
	[WC_LINK_ETHERNET] = {BPF_LD | BPF_ABS | BPF_H, ETHERNET_TYPE, 0xffff, WC_IP_ETHERTYPE_V4,
			      WC_IP_ETHERTYPE_V6, ETHERNET_HEADER, ETHERNET_HEADER},
	/* NOLINTNEXTLINE(misc-redundant-expression): LD and W are 0 both */
	[WC_LINK_SLL] = {BPF_LD | BPF_ABS | BPF_W, (uint32_t)(SKF_AD_OFF + SKF_AD_PROTOCOL), 0xffff,
			 WC_IP_ETHERTYPE_V4, WC_IP_ETHERTYPE_V6, 0, 0},
	[WC_LINK_RAW] = {BPF_LD | BPF_ABS | BPF_B, 0, 0xf0, 0x40, 0x60, 1, 0},
};

void wc_filter_cut(struct sock_filter code[static WC_FILTER_CUT_SIZE], enum wc_link link,
		   uint32_t value)
{
	const struct where *where = &wheres[link];
	const struct sock_filter program[WC_FILTER_CUT_SIZE] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, where->least, 0, 8),
		BPF_STMT(where->load, where->at),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, where->mask),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, where->ipv4, 0, 2),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, where->header + WC_IP_V4_LEAST, 4, 3),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, where->ipv6, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, where->header + WC_IP_V6_HEADER, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, value),
	};

	memcpy(code, program, sizeof(program));
}
