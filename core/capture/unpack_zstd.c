/* unpack_zstd.c - Zstandard (RFC 8878), by libzstd, which bounds the window at 128 MiB */

#include "unpack.h"

#include <zstd.h>

static void *zstd_open(void)
{
	return ZSTD_createDStream();
}

static enum wc_unpack_result zstd_step(void *state, struct wc_unpack_io *io, const char **reason)
{
	ZSTD_inBuffer in = {.src = io->in, .size = io->in_left};
	ZSTD_outBuffer out = {.dst = io->out, .size = io->out_left};
	size_t status = ZSTD_decompressStream(state, &out, &in);

	io->in += in.pos;
	io->in_left -= in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	if (ZSTD_isError(status)) {
		*reason = ZSTD_getErrorName(status);
		return WC_UNPACK_BROKEN;
	}
	return status == 0 ? WC_UNPACK_WHOLE : WC_UNPACK_MORE;
}

static void zstd_close(void *state)
{
	ZSTD_freeDStream(state);
}

const struct wc_unpack_ops wc_unpack_zstd = {
	.open = zstd_open,
	.step = zstd_step,
	.close = zstd_close,
};
