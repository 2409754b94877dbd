/*
 * file_pcap.c - the classic format (draft-ietf-opsawg-pcap)
 *
 * Both byte orders; seconds with micro- or nanoseconds; and the records of a
 * modified kernel (magic a1b2cd34), whose header has eight bytes more.
 */
#include "file_format.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "link.h"
#include "wirecensus/error.h"

#define HEADER_SIZE          24
#define RECORD_SIZE          16
#define RECORD_SIZE_MODIFIED 24

#define MAGIC_MICROSECONDS 0xa1b2c3d4
#define MAGIC_NANOSECONDS  0xa1b23c4d
#define MAGIC_MODIFIED     0xa1b2cd34

/* So far behind a record the next ones are asked for: what is read of a few small frames. */
#define AHEAD 512

/* The other bits of the link type's word are about the frame check sequence, or reserved. */
#define LINK_MASK 0xffff

/* How a record's header is written. */
struct layout {
	bool big;
	bool either_order; /* version 2.3: the smaller of the two lengths is what was captured */
	uint8_t captured_at, length_at; /* where they are */
	uint8_t size;
};

struct pcap_file {
	struct layout layout;
	bool usual; /* as libpcap writes it on most machines */
	uint8_t link;
	uint32_t fraction_ns;
	uint16_t minor;
	int dlt;
	uint32_t snaplen;
};

static bool known(uint32_t magic)
{
	return magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS || magic == MAGIC_MODIFIED;
}

static bool match(const uint8_t magic[static 4])
{
	return known(wc_load_be32(magic)) || known(wc_load_le32(magic));
}

/* Versions before 2.3 have the length on the wire first. */
static inline struct layout layout_of(bool big, uint32_t magic, uint16_t minor)
{
	bool swapped = minor < 3;

	return (struct layout){
		.big = big,
		.either_order = minor == 3,
		.captured_at = swapped ? 12 : 8,
		.length_at = swapped ? 8 : 12,
		.size = magic == MAGIC_MODIFIED ? RECORD_SIZE_MODIFIED : RECORD_SIZE,
	};
}

static int open_pcap(struct wc_file *file, struct wc_error *error)
{
	const uint8_t *header = wc_stream_peek(file->stream, HEADER_SIZE);
	struct pcap_file *pcap;
	uint16_t major, minor;
	uint32_t magic;
	bool big;

	if (!header)
		return wc_file_starved(file, HEADER_SIZE, "its header", error);
	pcap = file->state = calloc(1, sizeof(*pcap));
	if (!pcap)
		return wc_file_damage(file, error, "memory is short");
	big = known(wc_load_be32(header));
	magic = wc_file_load32(header, big);
	major = wc_file_load16(header + 4, big);
	minor = wc_file_load16(header + 6, big);
	if (major != 2 || minor > 4)
		return wc_file_damage(file, error,
				      "it is of version %" PRIu16 ".%" PRIu16
				      ", and those from 2.0 to 2.4 are known",
				      major, minor);
	pcap->minor = minor;
	pcap->layout = layout_of(big, magic, minor);
	pcap->usual = !big && minor == 4 && magic != MAGIC_MODIFIED;
	pcap->fraction_ns = magic == MAGIC_NANOSECONDS ? 1 : 1000;
	pcap->snaplen = wc_file_load32(header + 16, big);
	pcap->dlt = wc_file_load32(header + 20, big) & LINK_MASK;

	int status = wc_file_link(file, pcap->dlt, &pcap->link, error);

	if (status == 0 && pcap->link == WC_LINK_UNSUPPORTED)
		status = wc_file_undecoded(file, pcap->dlt, error);
	if (status == 0)
		file->stream->at += HEADER_SIZE;
	return status;
}

/* What the compiler knows of @layout costs a frame nothing. */
static inline __attribute__((always_inline)) int
step_by(struct layout layout, struct wc_file *file, struct wc_frame *frame, struct wc_error *error)
{
	const struct pcap_file *pcap = file->state;
	struct wc_stream *stream = file->stream;
	const uint8_t *record = wc_stream_peek(stream, layout.size);
	uint32_t captured, length;
	size_t size;

	if (!record)
		return wc_file_starved_between(file, layout.size, "a record's header", error);
	captured = wc_file_load32(record + layout.captured_at, layout.big);
	length = wc_file_load32(record + layout.length_at, layout.big);
	if (layout.either_order && captured > length) {
		uint32_t larger = captured;

		captured = length;
		length = larger;
	}
	if (captured > WC_FILE_CAPTURED_MAX)
		return wc_file_damage(
			file, error, "a record claims %" PRIu32 " bytes, and none has more than %d",
			captured, WC_FILE_CAPTURED_MAX);
	size = layout.size + captured;
	record = wc_stream_peek(stream, size);
	if (!record)
		return wc_file_starved(file, size, "a record", error);
	__builtin_prefetch(record + size + AHEAD);
	frame->bytes = record + layout.size;
	frame->captured = captured;
	frame->length = length;
	frame->time_ns = (int64_t)wc_file_load32(record, layout.big) * 1000000000 +
			 (int64_t)wc_file_load32(record + 4, layout.big) * pcap->fraction_ns;
	frame->link = pcap->link;
	stream->at += size;
	return WC_FILE_FRAME;
}

static inline int step(struct wc_file *file, struct wc_frame *frame, struct wc_error *error)
{
	const struct pcap_file *pcap = file->state;

	return step_by(pcap->layout, file, frame, error);
}

static inline int step_usual(struct wc_file *file, struct wc_frame *frame, struct wc_error *error)
{
	return step_by(layout_of(false, MAGIC_MICROSECONDS, 4), file, frame, error);
}

static int run(struct wc_file *file, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	const struct pcap_file *pcap = file->state;

	if (pcap->usual)
		return wc_file_run(file, step_usual, budget, sink, user, error);
	return wc_file_run(file, step, budget, sink, user, error);
}

static void describe(const struct wc_file *file, char *text, size_t size)
{
	const struct pcap_file *pcap = file->state;

	snprintf(text, size,
		 "version 2.%" PRIu16 ", %s-endian, %s, link type %d (%s), snaplen %" PRIu32,
		 pcap->minor, pcap->layout.big ? "big" : "little",
		 pcap->fraction_ns == 1 ? "nanoseconds" : "microseconds", pcap->dlt,
		 wc_link_name(pcap->link), pcap->snaplen);
}

static void close_pcap(struct wc_file *file)
{
	free(file->state);
}

const struct wc_file_format wc_file_pcap = {
	.name = "pcap",
	.match = match,
	.open = open_pcap,
	.run = run,
	.describe = describe,
	.close = close_pcap,
};
