/* unpack_gzip.c - gzip (RFC 1952), by zlib */

#include "unpack.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

struct gzip {
	z_stream z;
	bool whole; /* between two parts */
};

/* zlib's own largest window, and gzip headers only. */
#define WINDOW_BITS (15 + 16)

static void *gzip_open(void)
{
	struct gzip *gzip = calloc(1, sizeof(*gzip));

	if (gzip && inflateInit2(&gzip->z, WINDOW_BITS) != Z_OK) {
		free(gzip);
		return NULL;
	}
	return gzip;
}

static unsigned clip(size_t size)
{
	return size < UINT_MAX ? (unsigned)size : UINT_MAX;
}

/* Zeros behind the last part are padding, as gzip(1) has it. */
static void skip_padding(struct wc_unpack_io *io)
{
	while (io->in_left > 0 && *io->in == 0) {
		io->in++;
		io->in_left--;
	}
}

static enum wc_unpack_result gzip_step(void *state, struct wc_unpack_io *io, const char **reason)
{
	struct gzip *gzip = state;
	z_stream *z = &gzip->z;

	if (gzip->whole) {
		skip_padding(io);
		if (io->in_left == 0)
			return WC_UNPACK_WHOLE;
		gzip->whole = false;
		inflateReset(z);
	}
	z->next_in = (Bytef *)io->in;
	z->avail_in = clip(io->in_left);
	z->next_out = io->out;
	z->avail_out = clip(io->out_left);

	int status = inflate(z, Z_NO_FLUSH);

	io->in_left -= (size_t)(z->next_in - io->in);
	io->in = z->next_in;
	io->out_left -= (size_t)(z->next_out - io->out);
	io->out = z->next_out;

	if (status == Z_STREAM_END) {
		gzip->whole = true;
		return WC_UNPACK_WHOLE;
	}
	if (status == Z_OK || status == Z_BUF_ERROR)
		return WC_UNPACK_MORE;
	*reason = z->msg ? z->msg : zError(status);
	return WC_UNPACK_BROKEN;
}

static void gzip_close(void *state)
{
	struct gzip *gzip = state;

	inflateEnd(&gzip->z);
	free(gzip);
}

const struct wc_unpack_ops wc_unpack_gzip = {
	.open = gzip_open,
	.step = gzip_step,
	.close = gzip_close,
};
