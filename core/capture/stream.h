/*
 * stream.h - the bytes of a file or a pipe, unpacked, through a window
 *
 * The window is a buffer that read(2) fills in large pieces. It is small enough
 * to stay in the cache, so that it costs what mmap(2) costs or less; and unlike
 * mapped bytes, these neither change after they were checked nor vanish with
 * SIGBUS when somebody cuts the file meanwhile: that is an early end and no more.
 */
#ifndef WC_STREAM_H
#define WC_STREAM_H

#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */

/* The window. A reader moves @at forward, never past @end; the rest is stream.c's. */
struct wc_stream {
	const uint8_t *at;
	const uint8_t *end;
};

/* Why there were fewer bytes than wanted. */
enum wc_stream_state {
	WC_STREAM_OPEN, /* a pipe has none just now */
	WC_STREAM_END,
	WC_STREAM_FAILED, /* wc_stream_reason() has why */
};

/*
 * Opens @path, "-" for standard input, and unpacks what gzip or zstd packed,
 * told by its first bytes. Waits for these on a pipe. Returns 0 and a stream to
 * be freed with wc_stream_close(), or WC_FAILED with @error filled in.
 */
int wc_stream_open(struct wc_stream **stream, const char *path, struct wc_error *error);

/* Frees @stream. NULL is allowed. */
void wc_stream_close(struct wc_stream *stream);

/*
 * From now on a pipe without data is waited for by at most @ms milliseconds at a
 * time; -1, as after opening, for ever or until a signal, which then fails.
 */
void wc_stream_patience(struct wc_stream *stream, int ms);

/* Makes the window hold @size bytes; the slow half of wc_stream_peek(). */
const uint8_t *wc_stream_fill(struct wc_stream *stream, size_t size);

/*
 * Returns the next @size bytes without stepping over them, or NULL when so many
 * are not there: see wc_stream_state(). They stay until the next call.
 */
static inline const uint8_t *wc_stream_peek(struct wc_stream *stream, size_t size)
{
	if ((size_t)(stream->end - stream->at) >= size)
		return stream->at;
	return wc_stream_fill(stream, size);
}

/* Returns why the last wc_stream_peek() found too little. */
enum wc_stream_state wc_stream_state(const struct wc_stream *stream);

/* Why reading failed, half a sentence. Valid as long as @stream. */
const char *wc_stream_reason(const struct wc_stream *stream);

/* What to call it in a sentence: its path, or "standard input". Valid as long as @stream. */
const char *wc_stream_name(const struct wc_stream *stream);

/* What it was packed with, or NULL. */
const char *wc_stream_packing(const struct wc_stream *stream);

/* How many unpacked bytes lie before the window. */
uint64_t wc_stream_offset(const struct wc_stream *stream);

/* How far reading has come, in bytes as stored, of how many; 0 of a pipe's. */
void wc_stream_progress(const struct wc_stream *stream, uint64_t *position, uint64_t *size);

#endif /* WC_STREAM_H */
