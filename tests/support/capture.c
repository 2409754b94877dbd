#include "capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTION   0x0a0d0d0a
#define INTERFACE 1
#define PACKET    2
#define SIMPLE    3
#define ENHANCED  6

void capture_free(struct capture *capture)
{
	free(capture->bytes);
	*capture = (struct capture){.big = capture->big};
}

void capture_bytes(struct capture *capture, const void *bytes, size_t size)
{
	if (size == 0)
		return;
	if (capture->room - capture->size < size) {
		capture->room = 2 * (capture->room + size);
		capture->bytes = realloc(capture->bytes, capture->room);
		if (!capture->bytes)
			abort();
	}
	memcpy(capture->bytes + capture->size, bytes, size);
	capture->size += size;
}

/* Writes the @size low bytes of @value. */
static void store(uint8_t *out, uint64_t value, size_t size, bool big)
{
	for (size_t i = 0; i < size; i++)
		out[big ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static void put(struct capture *capture, uint64_t value, size_t size)
{
	uint8_t bytes[8];

	store(bytes, value, size, capture->big);
	capture_bytes(capture, bytes, size);
}

void capture_put16(struct capture *capture, uint16_t value)
{
	put(capture, value, 2);
}

void capture_put32(struct capture *capture, uint32_t value)
{
	put(capture, value, 4);
}

void capture_put64(struct capture *capture, uint64_t value)
{
	put(capture, value, 8);
}

void capture_poke32(struct capture *capture, size_t offset, uint32_t value)
{
	store(capture->bytes + offset, value, 4, capture->big);
}

void capture_pcap(struct capture *capture, uint32_t magic, uint16_t minor, uint32_t link)
{
	capture->magic = magic;
	capture_put32(capture, magic);
	capture_put16(capture, 2);
	capture_put16(capture, minor);
	capture_put64(capture, 0); /* time zone and accuracy, of which nobody knows anything */
	capture_put32(capture, 65535);
	capture_put32(capture, link);
}

void capture_record(struct capture *capture, uint32_t seconds, uint32_t fraction, uint32_t first,
		    uint32_t second, const void *bytes, size_t size)
{
	capture_put32(capture, seconds);
	capture_put32(capture, fraction);
	capture_put32(capture, first);
	capture_put32(capture, second);
	if (capture->magic == CAPTURE_MODIFIED)
		capture_put64(capture, 0);
	capture_bytes(capture, bytes, size);
}

size_t capture_begin(struct capture *capture, uint32_t type)
{
	size_t begin = capture->size;

	capture_put32(capture, type);
	capture_put32(capture, 0);
	return begin;
}

void capture_end(struct capture *capture, size_t begin)
{
	uint32_t total;

	while (capture->size % 4)
		capture_bytes(capture, "", 1);
	total = (uint32_t)(capture->size - begin + 4);
	capture_poke32(capture, begin + 4, total);
	capture_put32(capture, total);
}

void capture_section(struct capture *capture)
{
	size_t begin = capture_begin(capture, SECTION);

	capture_put32(capture, 0x1a2b3c4d);
	capture_put16(capture, 1);
	capture_put16(capture, 0);
	capture_put64(capture, UINT64_MAX); /* length not given */
	capture_end(capture, begin);
}

static size_t begin_interface(struct capture *capture, uint16_t link, uint32_t snaplen)
{
	size_t begin = capture_begin(capture, INTERFACE);

	capture_put16(capture, link);
	capture_put16(capture, 0);
	capture_put32(capture, snaplen);
	return begin;
}

void capture_interface(struct capture *capture, uint16_t link, uint32_t snaplen)
{
	capture_end(capture, begin_interface(capture, link, snaplen));
}

void capture_interface_ticks(struct capture *capture, uint16_t link, uint8_t resolution,
			     int64_t offset_s)
{
	size_t begin = begin_interface(capture, link, 0);
	const uint8_t value[4] = {resolution};

	capture_put16(capture, 9); /* if_tsresol */
	capture_put16(capture, 1);
	capture_bytes(capture, value, sizeof(value));
	capture_put16(capture, 14); /* if_tsoffset */
	capture_put16(capture, 8);
	capture_put64(capture, (uint64_t)offset_s);
	capture_put32(capture, 0);
	capture_end(capture, begin);
}

/* What the two kinds with a time have in common. */
static void end_packet(struct capture *capture, size_t begin, uint64_t ticks, uint32_t length,
		       const void *bytes, size_t size)
{
	capture_put32(capture, (uint32_t)(ticks >> 32));
	capture_put32(capture, (uint32_t)ticks);
	capture_put32(capture, (uint32_t)size);
	capture_put32(capture, length);
	capture_bytes(capture, bytes, size);
	capture_end(capture, begin);
}

void capture_enhanced(struct capture *capture, uint32_t interface, uint64_t ticks, uint32_t length,
		      const void *bytes, size_t size)
{
	size_t begin = capture_begin(capture, ENHANCED);

	capture_put32(capture, interface);
	end_packet(capture, begin, ticks, length, bytes, size);
}

void capture_packet(struct capture *capture, uint16_t interface, uint64_t ticks, uint32_t length,
		    const void *bytes, size_t size)
{
	size_t begin = capture_begin(capture, PACKET);

	capture_put16(capture, interface);
	capture_put16(capture, 0); /* drops */
	end_packet(capture, begin, ticks, length, bytes, size);
}

void capture_simple(struct capture *capture, uint32_t length, const void *bytes, size_t size)
{
	size_t begin = capture_begin(capture, SIMPLE);

	capture_put32(capture, length);
	capture_bytes(capture, bytes, size);
	capture_end(capture, begin);
}

void capture_save(const struct capture *capture, const char *path, size_t size)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(capture->bytes, 1, size, file) != size || fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}
