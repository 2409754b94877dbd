#include "stream.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stored.h"
#include "unpack.h"
#include "wirecensus/error.h"

/* So much is read at a time: large enough for system calls not to count, small for the cache. */
#define PIECE ((size_t)256 << 10)

/* So much packed data is kept in front of a library. */
#define PACKED_PIECE ((size_t)64 << 10)

struct stream {
	struct wc_stream window; /* first */

	uint8_t *buffer;
	size_t room;
	uint64_t filled; /* unpacked bytes up to the window's end */

	struct wc_stored stored;

	const struct wc_packing *packing; /* NULL for none */
	void *unpacker;
	bool whole;  /* packed data may end here */
	bool behind; /* the library has more than there was room for */
	uint8_t *packed;
	struct wc_unpack_io io;

	enum wc_stream_state state;
	char reason[256];
	char name[];
};

static struct stream *stream_of(struct wc_stream *window)
{
	return (struct stream *)window;
}

static const struct stream *stream_of_const(const struct wc_stream *window)
{
	return (const struct stream *)window;
}

/* Keeps the reason. */
static int fail(struct stream *stream, const char *what, const char *why)
{
	snprintf(stream->reason, sizeof(stream->reason), "%s: %s", what, why);
	return WC_STORED_FAILED;
}

/* Reads as wc_stored_read() does, and keeps the reason of a failure. */
static ssize_t read_stored(struct stream *stream, uint8_t *out, size_t size)
{
	ssize_t got = wc_stored_read(&stream->stored, out, size);

	if (got == WC_STORED_FAILED)
		fail(stream, "read(2)", strerror(errno));
	return got;
}

/* The same of unpacked bytes. */
static ssize_t read_unpacked(struct stream *stream, uint8_t *out, size_t size)
{
	struct wc_unpack_io *io = &stream->io;
	const char *why;

	if (stream->reason[0])
		return WC_STORED_FAILED;
	io->out = out;
	io->out_left = size;
	while (io->out == out) {
		if (io->in_left == 0 && !stream->behind) {
			ssize_t got = read_stored(stream, stream->packed, PACKED_PIECE);

			if (got == 0 && !stream->whole)
				return fail(stream, stream->packing->name, "the data ends early");
			if (got <= 0)
				return got;
			io->in = stream->packed;
			io->in_left = (size_t)got;
		}

		enum wc_unpack_result result =
			stream->packing->ops->step(stream->unpacker, io, &why);

		stream->whole = result == WC_UNPACK_WHOLE;
		stream->behind = result == WC_UNPACK_MORE && io->out_left == 0;
		if (result == WC_UNPACK_BROKEN) {
			fail(stream, stream->packing->name, why);
			break; /* what came out before it is good */
		}
	}
	return io->out > out ? io->out - out : WC_STORED_FAILED;
}

/* Makes room behind the window for one piece more than @size bytes. */
static bool make_room(struct stream *stream, size_t size)
{
	size_t left = (size_t)(stream->window.end - stream->window.at);
	size_t wanted = size + PIECE;

	if (left > 0 && stream->window.at != stream->buffer)
		memmove(stream->buffer, stream->window.at, left);
	if (wanted > stream->room) {
		uint8_t *buffer = realloc(stream->buffer, wanted);

		if (buffer) {
			stream->buffer = buffer;
			stream->room = wanted;
		}
	}
	stream->window.at = stream->buffer;
	stream->window.end = stream->buffer + left;
	return wanted <= stream->room;
}

const uint8_t *wc_stream_fill(struct wc_stream *window, size_t size)
{
	struct stream *stream = stream_of(window);

	if (stream->state != WC_STREAM_OPEN)
		return NULL;
	if (!make_room(stream, size)) {
		fail(stream, "memory is short", strerror(ENOMEM));
		stream->state = WC_STREAM_FAILED;
		return NULL;
	}
	while ((size_t)(window->end - window->at) < size) {
		uint8_t *out = stream->buffer + (window->end - window->at);
		ssize_t got = stream->packing ? read_unpacked(stream, out, PIECE)
					      : read_stored(stream, out, PIECE);

		if (got <= 0) {
			if (got != WC_STORED_WAIT)
				stream->state =
					got == WC_STORED_END ? WC_STREAM_END : WC_STREAM_FAILED;
			return NULL;
		}
		window->end += got;
		stream->filled += (uint64_t)got;
	}
	return window->at;
}

/* What was read to tell the packing becomes the unpacker's first input. */
static int unpack_from_here(struct stream *stream, const struct wc_packing *packing,
			    struct wc_error *error)
{
	size_t left = (size_t)(stream->window.end - stream->window.at);

	if (!packing->ops)
		return wc_error_set(error, WC_FAILED,
				    "%s is compressed by %s, which this build does not read; "
				    "unpack it first",
				    stream->name, packing->name);
	stream->packing = packing;
	stream->packed = malloc(left > PACKED_PIECE ? left : PACKED_PIECE);
	stream->unpacker = packing->ops->open();
	if (!stream->packed || !stream->unpacker)
		return wc_error_set(error, WC_FAILED, "no memory to unpack %s", stream->name);
	memcpy(stream->packed, stream->window.at, left);
	stream->io.in = stream->packed;
	stream->io.in_left = left;
	stream->window.end = stream->window.at;
	stream->filled = 0;
	return 0;
}

/* Too short or unknown to be packed is not this one's business. */
static int tell_packing(struct stream *stream, struct wc_error *error)
{
	const uint8_t *first = wc_stream_peek(&stream->window, 4);
	const struct wc_packing *packing = first ? wc_packing_find(first) : NULL;

	return packing ? unpack_from_here(stream, packing, error) : 0;
}

int wc_stream_open(struct wc_stream **result, const char *path, struct wc_error *error)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	struct stream *stream = calloc(1, sizeof(*stream) + strlen(name) + 1);
	int status;

	if (!stream)
		return wc_error_set(error, WC_FAILED, "no memory to open %s", name);
	strcpy(stream->name, name);
	stream->room = 3 * PIECE; /* any pcap record, and a piece */
	stream->buffer = malloc(stream->room);
	stream->window.at = stream->window.end = stream->buffer;

	status = wc_stored_open(&stream->stored, path, stream->name, error);
	if (status == 0 && !stream->buffer)
		status = wc_error_set(error, WC_FAILED, "no memory to read %s", name);
	if (status == 0)
		status = tell_packing(stream, error);
	if (status < 0) {
		wc_stream_close(&stream->window);
		return status;
	}
	*result = &stream->window;
	return 0;
}

void wc_stream_close(struct wc_stream *window)
{
	struct stream *stream = stream_of(window);

	if (!stream)
		return;
	if (stream->unpacker)
		stream->packing->ops->close(stream->unpacker);
	wc_stored_close(&stream->stored);
	free(stream->packed);
	free(stream->buffer);
	free(stream);
}

void wc_stream_patience(struct wc_stream *stream, int ms)
{
	stream_of(stream)->stored.patience_ms = ms;
}

enum wc_stream_state wc_stream_state(const struct wc_stream *stream)
{
	return stream_of_const(stream)->state;
}

const char *wc_stream_reason(const struct wc_stream *stream)
{
	return stream_of_const(stream)->reason;
}

const char *wc_stream_name(const struct wc_stream *stream)
{
	return stream_of_const(stream)->name;
}

const char *wc_stream_packing(const struct wc_stream *stream)
{
	const struct wc_packing *packing = stream_of_const(stream)->packing;

	return packing ? packing->name : NULL;
}

uint64_t wc_stream_offset(const struct wc_stream *window)
{
	return stream_of_const(window)->filled - (uint64_t)(window->end - window->at);
}

void wc_stream_progress(const struct wc_stream *window, uint64_t *position, uint64_t *size)
{
	const struct stream *stream = stream_of_const(window);

	*position = stream->packing ? stream->stored.position - stream->io.in_left
				    : wc_stream_offset(window);
	*size = stream->stored.size;
}
