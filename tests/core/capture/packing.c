#include "packing.h"

#include <check.h>
#include <stdlib.h>
#ifdef WC_HAVE_GZIP
#include <zlib.h>
#endif
#ifdef WC_HAVE_ZSTD
#include <zstd.h>
#endif

#ifdef WC_HAVE_GZIP
#define GZIP true

static void pack_gzip(struct capture *packed, const struct capture *capture, size_t from, size_t to)
{
	z_stream z = {0};
	uint8_t *out;

	ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.avail_out = (uInt)deflateBound(&z, to - from);
	z.next_out = out = malloc(z.avail_out);
	z.next_in = capture->bytes + from;
	z.avail_in = (uInt)(to - from);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	capture_bytes(packed, out, z.total_out);
	deflateEnd(&z);
	free(out);
}

static size_t unpack_gzip(const struct capture *packed, size_t size, size_t room)
{
	z_stream z = {.next_in = packed->bytes, .avail_in = (uInt)size};
	uint8_t *out = malloc(room);
	size_t got = 0;
	int status;

	ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
	do {
		z.next_out = out + got;
		z.avail_out = (uInt)(room - got);
		status = inflate(&z, Z_NO_FLUSH);
		got = (size_t)(z.next_out - out);
		if (status == Z_STREAM_END)
			inflateReset(&z);
	} while (status == Z_STREAM_END && z.avail_in > 0);
	inflateEnd(&z);
	free(out);
	return got;
}
#else
#define GZIP        false
#define unpack_gzip NULL

static void pack_gzip(struct capture *packed, const struct capture *capture, size_t from, size_t to)
{
	(void)capture;
	(void)from;
	(void)to;
	capture_bytes(packed, "\x1f\x8b\x08\0", 4);
}
#endif

#ifdef WC_HAVE_ZSTD
#define ZSTD true

static void pack_zstd(struct capture *packed, const struct capture *capture, size_t from, size_t to)
{
	size_t room = ZSTD_compressBound(to - from), size;
	uint8_t *out = malloc(room);

	size = ZSTD_compress(out, room, capture->bytes + from, to - from, 3);
	ck_assert(!ZSTD_isError(size));
	capture_bytes(packed, out, size);
	free(out);
}

static size_t unpack_zstd(const struct capture *packed, size_t size, size_t room)
{
	ZSTD_DStream *stream = ZSTD_createDStream();
	ZSTD_inBuffer in = {packed->bytes, size, 0};
	ZSTD_outBuffer out = {malloc(room), room, 0};

	while (in.pos < in.size)
		ck_assert(!ZSTD_isError(ZSTD_decompressStream(stream, &out, &in)));
	free(out.dst);
	ZSTD_freeDStream(stream);
	return out.pos;
}
#else
#define ZSTD        false
#define unpack_zstd NULL

static void pack_zstd(struct capture *packed, const struct capture *capture, size_t from, size_t to)
{
	(void)capture;
	(void)from;
	(void)to;
	capture_bytes(packed, "\x28\xb5\x2f\xfd", 4);
}
#endif

const struct packing packings[PACKINGS] = {
	[PACKING_GZIP] = {"gzip", GZIP, pack_gzip, unpack_gzip},
	[PACKING_ZSTD] = {"zstd", ZSTD, pack_zstd, unpack_zstd},
};
