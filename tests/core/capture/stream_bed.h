/*
 * stream_bed.h - a capture larger than what is read at a time, plain and packed
 */
#ifndef TESTS_STREAM_BED_H
#define TESTS_STREAM_BED_H

#include <stddef.h>

#include "capture.h"
#include "packing.h"
#include "reading.h"
#include "source.h"

#define FRAMES      300 /* more than is read at a time */
#define FRAME_SIZE  1000
#define RECORD_SIZE (16 + FRAME_SIZE)

extern struct stream_bed {
	struct capture capture, packed;
	struct reading reading;
	struct wc_source_stats stats;
} bed;

/* Begins a capture of @frames, and nothing packed. */
void bed_start(size_t frames);

/* Packs bytes of the capture from @from to @to, behind what is packed already. */
void bed_pack(size_t packing, size_t from, size_t to);

/* Fails the test unless the reading came to @status and @frames, with @sentence. */
void bed_assert_frames(int status, size_t frames, const char *sentence);

/* Frees both. */
void bed_free(void);

#endif /* TESTS_STREAM_BED_H */
