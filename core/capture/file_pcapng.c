/*
 * file_pcapng.c - the next generation format (draft-ietf-opsawg-pcapng)
 *
 * Several sections, each of its own byte order, with several interfaces each.
 * Of the blocks only those with frames and those that describe interfaces are
 * read; all others are skipped, whatever their size.
 */
#include "file_format.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "file_interfaces.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

enum block_type {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete, and still found */
	BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6,
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in either byte order */
};

#define ORDER_MAGIC 0x1a2b3c4d

/* Least sizes, with type and both lengths, before options and data. */
#define BLOCK_SIZE   12
#define SECTION_SIZE 28
#define PACKET_SIZE  32
#define SIMPLE_SIZE  16

#define TRAILER_SIZE 4 /* a block's length once more */

/* Blocks that are read stand in the window whole. Options make them longer than their frame. */
#define BLOCK_MAX (UINT32_C(16) << 20)

struct pcapng {
	bool big;
	uint32_t skipped; /* length of the block that is being skipped, or 0 */
	uint32_t skip;    /* how much of it lies before its trailer */
	struct wc_interfaces interfaces;
};

static bool match(const uint8_t magic[static 4])
{
	return wc_load_be32(magic) == BLOCK_SECTION;
}

/* Starts to skip a block of @total bytes, @read of which are behind us. */
static int skip_from(struct wc_file *file, uint32_t total, uint32_t read)
{
	struct pcapng *ng = file->state;

	file->stream->at += read;
	ng->skipped = total;
	ng->skip = total - read - TRAILER_SIZE;
	return WC_FILE_OTHER;
}

static int damaged_trailer(struct wc_file *file, struct wc_error *error, uint32_t total,
			   const uint8_t *trailer)
{
	const struct pcapng *ng = file->state;

	return wc_file_damage(file, error,
			      "a block begins with a length of %" PRIu32
			      " and ends with one of %" PRIu32,
			      total, wc_file_load32(trailer, ng->big));
}

static int skip_on(struct wc_file *file, struct wc_error *error)
{
	struct pcapng *ng = file->state;
	struct wc_stream *stream = file->stream;
	const uint8_t *trailer;

	if (ng->skip > 0) {
		if (!wc_stream_peek(stream, 1))
			return wc_file_starved(file, ng->skip, "a block", error);

		size_t there = (size_t)(stream->end - stream->at);
		uint32_t size = there < ng->skip ? (uint32_t)there : ng->skip;

		stream->at += size;
		ng->skip -= size;
		return WC_FILE_OTHER;
	}
	trailer = wc_stream_peek(stream, TRAILER_SIZE);
	if (!trailer)
		return wc_file_starved(file, TRAILER_SIZE, "a block", error);
	if (wc_file_load32(trailer, ng->big) != ng->skipped)
		return damaged_trailer(file, error, ng->skipped, trailer);
	stream->at += TRAILER_SIZE;
	ng->skipped = 0;
	return WC_FILE_OTHER;
}

/* Forgets the interfaces of the section before. */
static int begin_section(struct wc_file *file, struct wc_error *error)
{
	struct pcapng *ng = file->state;
	const uint8_t *block = wc_stream_peek(file->stream, SECTION_SIZE);
	uint16_t major, minor;
	uint32_t total;

	if (!block)
		return wc_file_starved(file, SECTION_SIZE, "a section's header", error);
	ng->big = wc_load_be32(block + 8) == ORDER_MAGIC;
	if (!ng->big && wc_load_le32(block + 8) != ORDER_MAGIC)
		return wc_file_damage(file, error,
				      "a section has the byte-order magic 0x%08" PRIx32,
				      wc_load_be32(block + 8));
	total = wc_file_load32(block + 4, ng->big);
	if (total < SECTION_SIZE || total % 4)
		return wc_file_damage(file, error, "a section's header claims %" PRIu32 " bytes",
				      total);
	major = wc_file_load16(block + 12, ng->big);
	minor = wc_file_load16(block + 14, ng->big);
	if (major != 1 || (minor != 0 && minor != 2))
		return wc_file_damage(file, error,
				      "a section is of version %" PRIu16 ".%" PRIu16
				      ", and only 1.0 is known",
				      major, minor);
	ng->interfaces.count = 0;
	return skip_from(file, total, SECTION_SIZE - TRAILER_SIZE);
}

/* Both kinds of packet block that tell their @interface and time. */
static inline int read_packet(struct wc_file *file, const uint8_t *block, uint32_t total,
			      uint32_t interface, struct wc_frame *frame, struct wc_error *error)
{
	const struct pcapng *ng = file->state;
	uint32_t captured = wc_file_load32(block + 20, ng->big);

	if (interface >= ng->interfaces.count)
		return wc_file_damage(file, error,
				      "a packet is of interface %" PRIu32
				      ", and its section has %zu",
				      interface, ng->interfaces.count);
	if (captured > WC_FILE_CAPTURED_MAX || captured > total - PACKET_SIZE)
		return wc_file_damage(file, error,
				      "a packet claims %" PRIu32
				      " bytes, more than its block of %" PRIu32 " or any frame has",
				      captured, total);
	frame->bytes = block + 28;
	frame->captured = captured;
	frame->length = wc_file_load32(block + 24, ng->big);
	frame->link = ng->interfaces.rows[interface].link;
	frame->time_ns = wc_timescale_ns(&ng->interfaces.rows[interface].scale,
					 (uint64_t)wc_file_load32(block + 12, ng->big) << 32 |
						 wc_file_load32(block + 16, ng->big));
	return WC_FILE_FRAME;
}

/* The kind without time, cut at the snaplen of the first interface. */
static int read_simple(struct wc_file *file, const uint8_t *block, uint32_t total,
		       struct wc_frame *frame, struct wc_error *error)
{
	const struct pcapng *ng = file->state;
	uint32_t snaplen;

	if (ng->interfaces.count == 0)
		return wc_file_damage(file, error, "a packet comes before any interface");
	frame->bytes = block + 12;
	frame->length = wc_file_load32(block + 8, ng->big);
	snaplen = ng->interfaces.rows[0].snaplen;
	frame->captured = snaplen && snaplen < frame->length ? snaplen : frame->length;
	if (frame->captured > WC_FILE_CAPTURED_MAX || frame->captured > total - SIMPLE_SIZE)
		return wc_file_damage(file, error,
				      "a packet claims %" PRIu32
				      " bytes, more than its block of %" PRIu32 " or any frame has",
				      frame->captured, total);
	frame->link = ng->interfaces.rows[0].link;
	frame->time_ns = WC_TIME_UNKNOWN;
	return WC_FILE_FRAME;
}

/* Returns the least size of a block that is read, or 0 of one that is not. */
static inline uint32_t least_size(uint32_t type)
{
	switch (type) {
	case BLOCK_ENHANCED:
	case BLOCK_PACKET:
		return PACKET_SIZE;
	case BLOCK_SIMPLE:
		return SIMPLE_SIZE;
	case BLOCK_INTERFACE:
		return WC_INTERFACE_BLOCK_SIZE;
	default:
		return 0;
	}
}

/*
 * Finds the block of @total bytes, of a kind with at least @least, whole: a frame
 * is handed over only when its block is. Returns 1, or a value of source.h.
 */
static inline int whole_block(struct wc_file *file, uint32_t total, uint32_t least,
			      const uint8_t **block, struct wc_error *error)
{
	const struct pcapng *ng = file->state;

	if (total < least || total > BLOCK_MAX)
		return wc_file_damage(file, error,
				      "a block claims %" PRIu32
				      " bytes, and its kind has from %" PRIu32 " to %" PRIu32,
				      total, least, BLOCK_MAX);
	*block = wc_stream_peek(file->stream, total);
	if (!*block)
		return wc_file_starved(file, total, "a block", error);
	if (wc_file_load32(*block + total - TRAILER_SIZE, ng->big) != total)
		return damaged_trailer(file, error, total, *block + total - TRAILER_SIZE);
	return 1;
}

/* Where no block follows. A file without any interface is empty, which is no error. */
static int end(struct wc_file *file, struct wc_error *error)
{
	const struct pcapng *ng = file->state;
	int status = wc_file_starved_between(file, BLOCK_SIZE, "a block's header", error);

	if (status != WC_SOURCE_END || file->decoded || !ng->interfaces.undecoded)
		return status;
	wc_file_undecoded(file, ng->interfaces.undecoded_dlt, error);
	return WC_SOURCE_DAMAGED;
}

static int add_interface(struct wc_file *file, const uint8_t *block, uint32_t total,
			 struct wc_error *error)
{
	struct pcapng *ng = file->state;
	int status = wc_interfaces_add(&ng->interfaces, file, block, total, ng->big, error);

	return status < 0 ? WC_SOURCE_DAMAGED : WC_FILE_OTHER;
}

static inline int step(struct wc_file *file, struct wc_frame *frame, struct wc_error *error)
{
	struct pcapng *ng = file->state;
	const uint8_t *block;
	uint32_t type, total, least;
	int status;

	if (ng->skipped)
		return skip_on(file, error);
	block = wc_stream_peek(file->stream, BLOCK_SIZE);
	if (!block)
		return end(file, error);
	type = wc_file_load32(block, ng->big);
	if (type == BLOCK_SECTION)
		return begin_section(file, error);
	total = wc_file_load32(block + 4, ng->big);
	if (total < BLOCK_SIZE || total % 4)
		return wc_file_damage(file, error, "a block claims %" PRIu32 " bytes", total);
	least = least_size(type);
	if (least == 0)
		return skip_from(file, total, 8);
	status = whole_block(file, total, least, &block, error);
	if (status <= 0)
		return status;
	if (type == BLOCK_ENHANCED)
		status = read_packet(file, block, total, wc_file_load32(block + 8, ng->big), frame,
				     error);
	else if (type == BLOCK_PACKET)
		status = read_packet(file, block, total, wc_file_load16(block + 8, ng->big), frame,
				     error);
	else if (type == BLOCK_SIMPLE)
		status = read_simple(file, block, total, frame, error);
	else
		status = add_interface(file, block, total, error);
	if (status > 0)
		file->stream->at += total;
	return status;
}

static int open_pcapng(struct wc_file *file, struct wc_error *error)
{
	struct pcapng *ng = file->state = calloc(1, sizeof(*ng));
	int status;

	if (!ng)
		return wc_file_damage(file, error, "memory is short");
	status = begin_section(file, error);
	return status < 0 ? status : 0;
}

static int run(struct wc_file *file, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	return wc_file_run(file, step, budget, sink, user, error);
}

static void describe(const struct wc_file *file, char *text, size_t size)
{
	const struct pcapng *ng = file->state;

	snprintf(text, size, "%s-endian", ng->big ? "big" : "little");
}

static void close_pcapng(struct wc_file *file)
{
	struct pcapng *ng = file->state;

	if (ng)
		free(ng->interfaces.rows);
	free(ng);
}

const struct wc_file_format wc_file_pcapng = {
	.name = "pcapng",
	.match = match,
	.open = open_pcapng,
	.run = run,
	.describe = describe,
	.close = close_pcapng,
};
