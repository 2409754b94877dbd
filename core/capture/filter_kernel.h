/*
 * filter_kernel.h - the program that a packet socket runs on each frame
 *
 * Classic BPF (socket(7), SO_ATTACH_FILTER). It refuses what the filter refuses
 * and says how much of the rest to copy: as much as the decoder reads, so that
 * the buffer holds ten times more frames. What only the decoder can walk, tags
 * and extension headers, is copied whole.
 *
 * The kernel takes the outer VLAN tag off before it runs the program, so that a
 * program for frames without tags judges a tagged frame correctly. A tag that is
 * still there, and any tag if the user's program sees tags, is not judged here:
 * such frames pass, whole, for wc_filter_pass_tagged() to decide.
 *
 * On a cooked socket that gives what fits, a frame that comes with a second tag is
 * marked: its last byte is left out, as it is of no other frame (live_cooked.h).
 *
 * libpcap's pcap_setfilter() is not used, since it prints when the kernel
 * refuses a program, and then filters by itself without telling how many frames.
 */
#ifndef WC_FILTER_KERNEL_H
#define WC_FILTER_KERNEL_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "frame.h"

struct wc_filter;

/* Ethernet, IPv4 with options, ICMP, the IPv4 header that it quotes, and two ports. */
#define WC_KERNEL_FITTING (14 + 60 + 8 + 60 + 4)

/* A frame is copied up to so much when it is copied whole. */
#define WC_KERNEL_WHOLE 65535

/* The most instructions that the kernel takes. */
#define WC_KERNEL_MAX 4096

struct wc_kernel_plan {
	enum wc_link link;
	bool cooked;              /* the socket has no link header: WC_LINK_SLL */
	unsigned loopback;        /* index of lo; what it sends comes again as received; 0: none */
	uint32_t snaplen;         /* bytes of each frame; 0: fitting */
	uint32_t fitting;         /* what fits a plain frame: WC_KERNEL_FITTING, or more */
	struct wc_filter *filter; /* prepared for the link; NULL: none */
	bool here;                /* the filter is not for the kernel: all pass, whole */
};

/*
 * Writes the program for @plan to @code. Returns how many instructions it has, or
 * 0 when the filter cannot run in the kernel: it is too long, or asks a cooked
 * socket for the header that it does not have.
 */
unsigned short wc_kernel_program(struct sock_filter code[static WC_KERNEL_MAX],
				 const struct wc_kernel_plan *plan);

#endif /* WC_FILTER_KERNEL_H */
