/*
 * capture.h - capture files built in memory, record by record
 *
 * Starts with a struct of zeros, or with @big set for big-endian. Nothing is
 * checked: a test may build nonsense, and change any byte afterwards.
 */
#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_MICROSECONDS 0xa1b2c3d4
#define CAPTURE_NANOSECONDS  0xa1b23c4d
#define CAPTURE_MODIFIED     0xa1b2cd34 /* eight bytes more in a record's header */

struct capture {
	uint8_t *bytes;
	size_t size, room;
	bool big;
	uint32_t magic; /* of pcap */
};

void capture_free(struct capture *capture);

/* Appends bytes, or numbers in the capture's byte order. */
void capture_bytes(struct capture *capture, const void *bytes, size_t size);
void capture_put16(struct capture *capture, uint16_t value);
void capture_put32(struct capture *capture, uint32_t value);
void capture_put64(struct capture *capture, uint64_t value);

/* Overwrites the number at @offset. */
void capture_poke32(struct capture *capture, size_t offset, uint32_t value);

/* A pcap header of version 2.@minor. */
void capture_pcap(struct capture *capture, uint32_t magic, uint16_t minor, uint32_t link);

/* A pcap record. @first and @second are its lengths, in the order of the file. */
void capture_record(struct capture *capture, uint32_t seconds, uint32_t fraction, uint32_t first,
		    uint32_t second, const void *bytes, size_t size);

/* Begins a block of pcapng, to be given to capture_end() behind its body. */
size_t capture_begin(struct capture *capture, uint32_t type);
void capture_end(struct capture *capture, size_t begin);

void capture_section(struct capture *capture);

/* An interface without options. */
void capture_interface(struct capture *capture, uint16_t link, uint32_t snaplen);

/* One whose ticks are told by if_tsresol and if_tsoffset. */
void capture_interface_ticks(struct capture *capture, uint16_t link, uint8_t resolution,
			     int64_t offset_s);

/* The three blocks with a frame: all @size bytes captured, @length on the wire. */
void capture_enhanced(struct capture *capture, uint32_t interface, uint64_t ticks, uint32_t length,
		      const void *bytes, size_t size);
void capture_packet(struct capture *capture, uint16_t interface, uint64_t ticks, uint32_t length,
		    const void *bytes, size_t size);
void capture_simple(struct capture *capture, uint32_t length, const void *bytes, size_t size);

/* Writes the first @size bytes to the file @path. Ends the program when it cannot. */
void capture_save(const struct capture *capture, const char *path, size_t size);

#endif /* TESTS_CAPTURE_H */
