/*
 * file_format.h - what the formats of capture files have in common
 *
 * A format steps from record to record. Opening, the filter, counting and most
 * of what is said about damage are done once, for all.
 */
#ifndef WC_FILE_FORMAT_H
#define WC_FILE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cursor.h"
#include "filter.h"
#include "frame.h"
#include "source.h"
#include "stream.h"

/* No frame has more bytes in a file: libpcap's limit, and so everybody's. */
#define WC_FILE_CAPTURED_MAX 262144

struct wc_error; /* wirecensus/error.h */
struct wc_file_format;

/* An open capture file. */
struct wc_file {
	struct wc_source source; /* first */
	struct wc_stream *stream;
	struct wc_filter *filter; /* NULL for none */
	const struct wc_file_format *format;
	void *state; /* of the format */
	bool opening;
	bool decoded;      /* a link type that is decoded was seen */
	unsigned prepared; /* for which links the filter is ready: bits by enum wc_link */
	uint64_t received;
};

struct wc_file_format {
	const char *name;

	/* True if a file that begins with @magic is of this format. */
	bool (*match)(const uint8_t magic[static 4]);

	/* Reads what stands in front of the records. Returns 0 or a negative enum wc_status. */
	int (*open)(struct wc_file *file, struct wc_error *error);

	/* As in source.h. */
	int (*run)(struct wc_file *file, size_t budget, wc_sink *sink, void *user,
		   struct wc_error *error);

	/* Writes what open() learnt, as half a sentence. */
	void (*describe)(const struct wc_file *file, char *text, size_t size);

	/* Frees what open() made, also when that failed half-way. */
	void (*close)(struct wc_file *file);
};

extern const struct wc_file_format wc_file_pcap;
extern const struct wc_file_format wc_file_pcapng;

/* What a step over a record returns, besides the values of source.h. */
enum {
	WC_FILE_FRAME = 1,
	WC_FILE_OTHER = 2, /* it was none */
};

/*
 * Steps over one record, and fills in @frame if it is one. A step that returns
 * neither of the values above has not moved and may be tried again.
 */
typedef int wc_file_step(struct wc_file *file, struct wc_frame *frame, struct wc_error *error);

/* Loads of the byte order in which a file was written. */
static inline uint16_t wc_file_load16(const uint8_t *p, bool big)
{
	if (big)
		return wc_load_be16(p);
	return (uint16_t)(p[1] << 8 | p[0]);
}

static inline uint32_t wc_file_load32(const uint8_t *p, bool big)
{
	return big ? wc_load_be32(p) : wc_load_le32(p);
}

/* Frames of links that are not decoded pass any filter: they are counted as such. */
static inline bool wc_file_pass(const struct wc_file *file, const struct wc_frame *frame)
{
	return !file->filter || frame->link == WC_LINK_UNSUPPORTED ||
	       wc_filter_pass(file->filter, frame);
}

/* The run() of a format with @step, which the compiler is to put in here. */
static inline __attribute__((always_inline)) int wc_file_run(struct wc_file *file,
							     wc_file_step *step, size_t budget,
							     wc_sink *sink, void *user,
							     struct wc_error *error)
{
	struct wc_frame frame = {.origin = WC_ORIGIN_FILE};
	size_t limit = budget < INT32_MAX ? budget : INT32_MAX;
	int handed = 0, status = WC_SOURCE_IDLE;

	for (size_t seen = 0; seen < limit; seen++) {
		status = step(file, &frame, error);
		if (status <= 0)
			break;
		if (status == WC_FILE_FRAME && wc_file_pass(file, &frame)) {
			handed++;
			sink(user, &frame);
		}
	}
	file->received += (uint64_t)handed;
	return handed > 0 || status > 0 ? handed : status;
}

/*
 * Learns the link type @dlt, as a file has it: sets @link and makes the filter
 * ready for it. Returns 0, or WC_INVALID with @error filled in.
 */
int wc_file_link(struct wc_file *file, int dlt, uint8_t *link, struct wc_error *error);

/*
 * Writes the sentence about what is wrong at the window's place, whose reason is
 * given as to printf(3). Returns WC_FAILED while the file is being opened, then
 * WC_SOURCE_DAMAGED.
 */
int wc_file_damage(const struct wc_file *file, struct wc_error *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * What to return when the @size bytes of @what are not all there: idleness or
 * damage; and, between two records, the end when there is nothing of it at all.
 */
int wc_file_starved(const struct wc_file *file, size_t size, const char *what,
		    struct wc_error *error);
int wc_file_starved_between(const struct wc_file *file, size_t size, const char *what,
			    struct wc_error *error);

/*
 * Writes the sentence of a file that has nothing but link types that are not decoded, such as
 * @dlt. Returns WC_FAILED.
 */
int wc_file_undecoded(const struct wc_file *file, int dlt, struct wc_error *error);

#endif /* WC_FILE_FORMAT_H */
