/*
 * frames.h - frames built header by header, for tests, the sender and the benchmark
 *
 * Call one function per header, outermost first, and frame_finish() at the end.
 * Nothing is checked: a test may build nonsense, and change any byte afterwards.
 */
#ifndef TESTS_FRAMES_H
#define TESTS_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_ROOM 9216

#define FRAME_FIN 0x01
#define FRAME_SYN 0x02
#define FRAME_RST 0x04
#define FRAME_PSH 0x08
#define FRAME_ACK 0x10

struct frame {
	uint8_t bytes[FRAME_ROOM];
	size_t size;
	size_t ip;  /* where the outer IP header begins; FRAME_ROOM: there is none */
	size_t udp; /* where the UDP header begins; FRAME_ROOM: there is none */
};

/* Makes @frame empty. */
void frame_start(struct frame *frame);

/* Appends @size zeros, and returns where they are. */
uint8_t *frame_append(struct frame *frame, size_t size);

/* Link headers. @type is the ethertype that follows. */
void frame_ethernet(struct frame *frame, uint16_t type);
void frame_macs(struct frame *frame, const uint8_t destination[6], const uint8_t source[6]);
void frame_tag(struct frame *frame, uint16_t vlan, uint16_t type);
void frame_sll(struct frame *frame, uint16_t packet_type, uint16_t type);
void frame_sll2(struct frame *frame, uint8_t packet_type, uint16_t type);
void frame_null(struct frame *frame, uint32_t family);

/* Internet headers; addresses as text. */
void frame_ipv4(struct frame *frame, const char *source, const char *destination, uint8_t protocol);
void frame_ipv6(struct frame *frame, const char *source, const char *destination, uint8_t next);

/* Marks the IPv4 header as a fragment's; @offset in units of eight bytes. */
void frame_fragment4(struct frame *frame, uint16_t offset, bool more);

/* IPv6 extension headers; @size in bytes, a multiple of eight. */
void frame_extension(struct frame *frame, uint8_t next, size_t size);
void frame_fragment6(struct frame *frame, uint8_t next, uint16_t offset, bool more);

/* Transport headers. */
void frame_tcp(struct frame *frame, uint16_t source, uint16_t destination, uint8_t flags,
	       uint32_t sequence);
void frame_udp(struct frame *frame, uint16_t source, uint16_t destination);
void frame_icmp(struct frame *frame, uint8_t type, uint8_t code);

/* Appends all of @inner, as the packet that an ICMP error quotes. */
void frame_quote(struct frame *frame, const struct frame *inner);

/* Fills in the lengths of the outer IP header and of UDP, and IPv4's checksum. */
void frame_finish(struct frame *frame);

#endif /* TESTS_FRAMES_H */
