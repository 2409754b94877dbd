#include "frames.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static void store16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void store32(uint8_t *at, uint32_t value)
{
	store16(at, value >> 16);
	store16(at + 2, value & 0xffff);
}

void frame_start(struct frame *frame)
{
	frame->size = 0;
	frame->ip = FRAME_ROOM;
	frame->udp = FRAME_ROOM;
}

uint8_t *frame_append(struct frame *frame, size_t size)
{
	uint8_t *at = frame->bytes + frame->size;

	if (size > FRAME_ROOM - frame->size)
		abort();
	memset(at, 0, size);
	frame->size += size;
	return at;
}

void frame_ethernet(struct frame *frame, uint16_t type)
{
	static const uint8_t macs[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
	uint8_t *at = frame_append(frame, 14);

	memcpy(at, macs, sizeof(macs));
	store16(at + 12, type);
}

void frame_macs(struct frame *frame, const uint8_t destination[6], const uint8_t source[6])
{
	memcpy(frame->bytes, destination, 6);
	memcpy(frame->bytes + 6, source, 6);
}

void frame_tag(struct frame *frame, uint16_t vlan, uint16_t type)
{
	uint8_t *at = frame_append(frame, 4);

	store16(at, vlan);
	store16(at + 2, type);
}

void frame_sll(struct frame *frame, uint16_t packet_type, uint16_t type)
{
	uint8_t *at = frame_append(frame, 16);

	store16(at, packet_type);
	store16(at + 2, 1); /* ARPHRD_ETHER */
	store16(at + 4, 6);
	store16(at + 14, type);
}

void frame_sll2(struct frame *frame, uint8_t packet_type, uint16_t type)
{
	uint8_t *at = frame_append(frame, 20);

	store16(at, type);
	store16(at + 8, 1);
	at[10] = packet_type;
	at[11] = 6;
}

void frame_null(struct frame *frame, uint32_t family)
{
	uint8_t *at = frame_append(frame, 4);

	at[0] = (uint8_t)family;
	at[1] = (uint8_t)(family >> 8);
	at[2] = (uint8_t)(family >> 16);
	at[3] = (uint8_t)(family >> 24);
}

void frame_ipv4(struct frame *frame, const char *source, const char *destination, uint8_t protocol)
{
	uint8_t *at;

	frame->ip = frame->size;
	at = frame_append(frame, 20);
	at[0] = 0x45;
	at[8] = 64;
	at[9] = protocol;
	if (inet_pton(AF_INET, source, at + 12) != 1 ||
	    inet_pton(AF_INET, destination, at + 16) != 1)
		abort();
}

void frame_ipv6(struct frame *frame, const char *source, const char *destination, uint8_t next)
{
	uint8_t *at;

	frame->ip = frame->size;
	at = frame_append(frame, 40);
	at[0] = 0x60;
	at[6] = next;
	at[7] = 64;
	if (inet_pton(AF_INET6, source, at + 8) != 1 ||
	    inet_pton(AF_INET6, destination, at + 24) != 1)
		abort();
}

void frame_fragment4(struct frame *frame, uint16_t offset, bool more)
{
	store16(frame->bytes + frame->ip + 6, offset | (more ? 0x2000u : 0));
}

void frame_extension(struct frame *frame, uint8_t next, size_t size)
{
	uint8_t *at = frame_append(frame, size);

	at[0] = next;
	at[1] = (uint8_t)(size / 8 - 1);
	at[2] = 1; /* PadN over the rest, for a header that holds options */
	at[3] = (uint8_t)(size - 4 > 255 ? 4 : size - 4);
}

void frame_fragment6(struct frame *frame, uint8_t next, uint16_t offset, bool more)
{
	uint8_t *at = frame_append(frame, 8);

	at[0] = next;
	store16(at + 2, (unsigned)offset << 3 | more);
}

void frame_tcp(struct frame *frame, uint16_t source, uint16_t destination, uint8_t flags,
	       uint32_t sequence)
{
	uint8_t *at = frame_append(frame, 20);

	store16(at, source);
	store16(at + 2, destination);
	store32(at + 4, sequence);
	at[12] = 5 << 4;
	at[13] = flags;
}

void frame_udp(struct frame *frame, uint16_t source, uint16_t destination)
{
	uint8_t *at;

	frame->udp = frame->size;
	at = frame_append(frame, 8);
	store16(at, source);
	store16(at + 2, destination);
}

void frame_icmp(struct frame *frame, uint8_t type, uint8_t code)
{
	uint8_t *at = frame_append(frame, 8);

	at[0] = type;
	at[1] = code;
}

void frame_quote(struct frame *frame, const struct frame *inner)
{
	memcpy(frame_append(frame, inner->size), inner->bytes, inner->size);
}

static unsigned checksum(const uint8_t *at, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

void frame_finish(struct frame *frame)
{
	uint8_t *ip = frame->bytes + frame->ip;

	if (frame->udp != FRAME_ROOM)
		store16(frame->bytes + frame->udp + 4, (unsigned)(frame->size - frame->udp));
	if (frame->ip == FRAME_ROOM)
		return;
	if (ip[0] >> 4 == 6) {
		store16(ip + 4, (unsigned)(frame->size - frame->ip - 40));
		return;
	}
	store16(ip + 2, (unsigned)(frame->size - frame->ip));
	store16(ip + 10, 0);
	store16(ip + 10, checksum(ip, (size_t)(ip[0] & 0x0f) * 4));
}
