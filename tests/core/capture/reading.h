/*
 * reading.h - reads a capture file to its end, and keeps what came
 *
 * The frames of these tests tell their own number: byte i of frame n is n + i.
 */
#ifndef TESTS_READING_H
#define TESTS_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture.h"
#include "file.h"
#include "frame.h"
#include "source.h"
#include "wirecensus/error.h"

#define READING_KEPT 16     /* frames that are kept; more are only counted */
#define READING_PATH 32     /* room for a path */
#define READING_SIZE 262144 /* of the largest frame */

struct reading {
	struct wc_source *source; /* NULL: it was not opened */
	struct wc_error error;
	int status;                         /* of wc_file_open(), then of the last run() */
	size_t frames;                      /* how many came */
	bool altered;                       /* one had other bytes than it should */
	struct wc_frame kept[READING_KEPT]; /* their @bytes are gone */
};

/* Writes the bytes of frame @number to @bytes; returns @bytes. */
const uint8_t *reading_frame(uint8_t *bytes, size_t number, size_t size);

/* Opens @path for @reading, which needs no beginning; without a source it is closed. */
void reading_open(struct reading *reading, const char *path);

/* One run with @budget. */
void reading_run(struct reading *reading, size_t budget);

/* Closes @reading, whose other fields stay. */
void reading_close(struct reading *reading);

/* Opens @path, runs to the end, and closes. */
void reading_whole(struct reading *reading, const char *path);

/* The same for the first @size bytes of @capture, by way of a file. */
void reading_capture(struct reading *reading, const struct capture *capture, size_t size);

/* Fail the test unless @frames came as they should, to the end; or to damage told by @sentence. */
void reading_assert_end(const struct reading *reading, size_t frames);
void reading_assert_damage(const struct reading *reading, size_t frames, const char *sentence);

/*
 * Makes a file in memory of @size bytes, and writes a path by which it can be
 * opened to @path. Returns its descriptor, to be closed behind the reading.
 */
int reading_memory(char path[static READING_PATH], const void *bytes, size_t size);

#endif /* TESTS_READING_H */
