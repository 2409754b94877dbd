/* test_stream.c - where a capture's bytes come from: packed files, pipes, files that change */

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef WC_HAVE_GZIP
#include <zlib.h>
#endif
#ifdef WC_HAVE_ZSTD
#include <zstd.h>
#endif

#include "reading.h"
#include "suite.h"

#define FRAMES      300 /* more than is read at a time */
#define FRAME_SIZE  1000
#define RECORD_SIZE (16 + FRAME_SIZE)

static struct capture capture, packed;
static struct reading reading;
static struct wc_source_stats stats;

static void start(size_t frames)
{
	uint8_t bytes[FRAME_SIZE];

	capture_free(&capture);
	capture_free(&packed);
	capture_pcap(&capture, CAPTURE_MICROSECONDS, 4, 1);
	for (size_t i = 0; i < frames; i++)
		capture_record(&capture, 0, 0, FRAME_SIZE, FRAME_SIZE,
			       reading_frame(bytes, i, FRAME_SIZE), FRAME_SIZE);
}

static void assert_frames(int status, size_t frames, const char *sentence)
{
	ck_assert_msg(reading.status == status && reading.frames == frames && !reading.altered &&
			      strstr(reading.error.text, sentence),
		      "%d, %zu frames: %s", reading.status, reading.frames, reading.error.text);
}

/* Packs the bytes of the capture from @from to @to, behind what is packed already. */
typedef void pack_function(size_t from, size_t to);

#ifdef WC_HAVE_GZIP
static void pack_gzip(size_t from, size_t to)
{
	z_stream z = {0};
	uint8_t *out;

	ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.avail_out = (uInt)deflateBound(&z, to - from);
	z.next_out = out = malloc(z.avail_out);
	z.next_in = capture.bytes + from;
	z.avail_in = (uInt)(to - from);
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	capture_bytes(&packed, out, z.total_out);
	deflateEnd(&z);
	free(out);
}
/* How many bytes zlib gets out of the first @size packed ones. */
static size_t unpack_gzip(size_t size)
{
	z_stream z = {.next_in = packed.bytes, .avail_in = (uInt)size};
	uint8_t *out = malloc(capture.size);
	size_t got = 0;
	int status;

	ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
	do {
		z.next_out = out + got;
		z.avail_out = (uInt)(capture.size - got);
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
#define unpack_gzip NULL
static void pack_gzip(size_t from, size_t to)
{
	(void)from;
	(void)to;
	capture_bytes(&packed, "\x1f\x8b\x08\0", 4);
}
#endif

#ifdef WC_HAVE_ZSTD
static void pack_zstd(size_t from, size_t to)
{
	size_t room = ZSTD_compressBound(to - from), size;
	uint8_t *out = malloc(room);

	size = ZSTD_compress(out, room, capture.bytes + from, to - from, 3);
	ck_assert(!ZSTD_isError(size));
	capture_bytes(&packed, out, size);
	free(out);
}
/* The same of libzstd. */
static size_t unpack_zstd(size_t size)
{
	ZSTD_DStream *stream = ZSTD_createDStream();
	ZSTD_inBuffer in = {packed.bytes, size, 0};
	ZSTD_outBuffer out = {malloc(capture.size), capture.size, 0};

	while (in.pos < in.size)
		ck_assert(!ZSTD_isError(ZSTD_decompressStream(stream, &out, &in)));
	free(out.dst);
	ZSTD_freeDStream(stream);
	return out.pos;
}
#else
#define unpack_zstd NULL
static void pack_zstd(size_t from, size_t to)
{
	(void)from;
	(void)to;
	capture_bytes(&packed, "\x28\xb5\x2f\xfd", 4);
}
#endif

static const struct {
	const char *name;
	pack_function *pack;
	size_t (*unpack)(size_t size);
	bool built;
} packings[] = {
#ifdef WC_HAVE_GZIP
	{"gzip", pack_gzip, unpack_gzip, true},
#else
	{"gzip", pack_gzip, unpack_gzip, false},
#endif
#ifdef WC_HAVE_ZSTD
	{"zstd", pack_zstd, unpack_zstd, true},
#else
	{"zstd", pack_zstd, unpack_zstd, false},
#endif
};
#define PACKINGS (sizeof(packings) / sizeof(packings[0]))

/* Reads what is packed. Returns false if this build cannot, which it has to say. */
static bool read_packed(size_t packing, size_t size)
{
	reading_capture(&reading, &packed, size);
	if (packings[packing].built)
		return true;
	ck_assert_int_eq(reading.status, WC_FAILED);
	ck_assert_ptr_nonnull(strstr(reading.error.text, packings[packing].name));
	ck_assert_ptr_nonnull(strstr(reading.error.text, "which this build does not read"));
	return false;
}

START_TEST(test_packed)
{
	for (size_t i = 0; i < PACKINGS; i++) {
		start(FRAMES);
		packings[i].pack(0, capture.size);
		if (read_packed(i, packed.size))
			assert_frames(WC_SOURCE_END, FRAMES, "");
	}
}
END_TEST

/* Packed parts in a row are one file. */
START_TEST(test_packed_parts)
{
	for (size_t i = 0; i < PACKINGS; i++) {
		start(FRAMES);
		packings[i].pack(0, 5000);
		packings[i].pack(5000, 5000);
		packings[i].pack(5000, capture.size);
		if (read_packed(i, packed.size))
			assert_frames(WC_SOURCE_END, FRAMES, "");
	}
}
END_TEST

/* How many whole frames are in so many unpacked bytes. */
static size_t frames_in(size_t size)
{
	return size < 24 ? 0 : (size - 24) / RECORD_SIZE;
}

/*
 * Wherever a packed file is cut, there is a sentence, and every frame that its
 * library gets out of what is left. The parts are such that some of it comes out
 * after the last packed byte was taken, for want of room.
 */
START_TEST(test_every_packed_cut)
{
	for (size_t i = 0; i < PACKINGS; i++) {
		if (!packings[i].built)
			continue;
		start(FRAMES);
		packings[i].pack(0, 5000);
		size_t first = packed.size;

		packings[i].pack(5000, capture.size);
		for (size_t cut = 4; cut < packed.size; cut++) {
			size_t frames = frames_in(packings[i].unpack(cut));

			reading_capture(&reading, &packed, cut);
			ck_assert_uint_eq(reading.frames, frames);
			ck_assert(!reading.altered);
			ck_assert_int_lt(reading.status, 0);
			ck_assert_ptr_nonnull(
				strstr(reading.error.text, cut == first ? "it ends within a record"
									: "the data ends early"));
		}
	}
}
END_TEST

#ifdef WC_HAVE_GZIP
/* What comes out before the check sums turn out to be wrong is handed over. */
START_TEST(test_gzip_wrong_sum)
{
	start(4);
	pack_gzip(0, capture.size);
	packed.bytes[packed.size - 8] ^= 1;
	reading_capture(&reading, &packed, packed.size);
	assert_frames(WC_SOURCE_DAMAGED, 4, " of what is unpacked from gzip: gzip: incorrect data");
}
END_TEST

/* Zeros behind the data are padding; anything else is damage. */
START_TEST(test_gzip_tail)
{
	static const uint8_t zeros[512];

	start(3);
	pack_gzip(0, capture.size);
	capture_bytes(&packed, zeros, sizeof(zeros));
	reading_capture(&reading, &packed, packed.size);
	assert_frames(WC_SOURCE_END, 3, "");

	capture_bytes(&packed, "tail", 4);
	reading_capture(&reading, &packed, packed.size);
	assert_frames(WC_SOURCE_DAMAGED, 3, "gzip: incorrect header check");
}
END_TEST

START_TEST(test_gzip_nonsense)
{
	start(0);
	capture_bytes(&packed, "\x1f\x8bnonsense", 10);
	reading_capture(&reading, &packed, packed.size);
	assert_frames(WC_FAILED, 0, " cannot be read: gzip: ");

	capture_free(&capture);
	capture_free(&packed);
	capture_bytes(&capture, "Dear reader", 11);
	pack_gzip(0, capture.size);
	reading_capture(&reading, &packed, packed.size);
	assert_frames(WC_FAILED, 0, " is not a capture file when unpacked: ");

	capture_free(&packed);
	pack_gzip(0, 0);
	reading_capture(&reading, &packed, packed.size);
	assert_frames(WC_FAILED, 0, " is empty when unpacked");
}
END_TEST
#endif

/* The position is that in the file as it is stored. */
START_TEST(test_packed_position)
{
	for (size_t i = 0; i < PACKINGS; i++) {
		char path[READING_PATH];
		uint64_t before = 0;
		int fd;

		if (!packings[i].built)
			continue;
		start(FRAMES);
		packings[i].pack(0, capture.size);
		fd = reading_memory(path, packed.bytes, packed.size);
		reading_open(&reading, path);
		reading_run(&reading, 1);
		reading.source->ops->stats(reading.source, &stats);
		ck_assert_uint_gt(stats.position, 0);
		ck_assert_uint_lt(stats.position, packed.size);
		while (reading.status >= 0) {
			reading_run(&reading, 10);
			reading.source->ops->stats(reading.source, &stats);
			ck_assert_uint_eq(stats.size, packed.size);
			ck_assert_uint_ge(stats.position, before);
			before = stats.position;
		}
		ck_assert_uint_eq(stats.position, packed.size);
		reading_close(&reading);
		close(fd);
	}
}
END_TEST

/* Writes bytes of the capture to @fd. */
static void feed(int fd, size_t from, size_t to)
{
	ck_assert(write(fd, capture.bytes + from, to - from) == (ssize_t)(to - from));
}

/* Makes a pipe, and writes a path to its reading end. */
static void open_pipe(int fds[2], char path[static READING_PATH])
{
	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	snprintf(path, READING_PATH, "/dev/fd/%d", fds[0]);
}

/* A pipe without data is idle, also within a record; it ends when its writer does. */
START_TEST(test_growing_pipe)
{
	char path[READING_PATH];
	int fds[2];

	start(3);
	open_pipe(fds, path);
	feed(fds[1], 0, 24);
	reading_open(&reading, path);
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, WC_SOURCE_IDLE);
	feed(fds[1], 24, 24 + RECORD_SIZE + 8);
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, 1);
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, WC_SOURCE_IDLE);
	feed(fds[1], 24 + RECORD_SIZE + 8, 24 + RECORD_SIZE + 500);
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, WC_SOURCE_IDLE);
	feed(fds[1], 24 + RECORD_SIZE + 500, capture.size);
	reading_run(&reading, 9);
	ck_assert_int_eq(reading.status, 2);
	reading.source->ops->stats(reading.source, &stats);
	ck_assert_uint_eq(stats.received, 3);
	ck_assert_uint_eq(stats.position, capture.size);
	ck_assert_uint_eq(stats.size, 0);
	close(fds[1]);
	reading_run(&reading, 9);
	assert_frames(WC_SOURCE_END, 3, "");
	reading_close(&reading);
	close(fds[0]);
}
END_TEST

/* Standard input, packed and plain, cut within a record; it stays open. */
START_TEST(test_standard_input)
{
	int kept = dup(STDIN_FILENO);

	for (size_t i = 0; i <= PACKINGS; i++) {
		const struct capture *fed = i < PACKINGS ? &packed : &capture;
		size_t size;
		int fds[2];

		if (i < PACKINGS && !packings[i].built)
			continue;
		start(4);
		if (i < PACKINGS)
			packings[i].pack(0, capture.size - 1);
		size = i < PACKINGS ? packed.size : capture.size - 1;
		ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
		ck_assert(write(fds[1], fed->bytes, size) == (ssize_t)size);
		close(fds[1]);
		ck_assert_int_eq(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
		close(fds[0]);
		reading_whole(&reading, "-");
		assert_frames(WC_SOURCE_DAMAGED, 3, "standard input is damaged at byte 3072");
		ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0);
	}
	if (kept >= 0) {
		dup2(kept, STDIN_FILENO);
		close(kept);
	}
}
END_TEST

/* A file that somebody cuts meanwhile ends early; one that grows is read as far as it has come. */
START_TEST(test_changing_files)
{
	char path[READING_PATH];
	int fd;

	start(FRAMES);
	fd = reading_memory(path, capture.bytes, capture.size);
	reading_open(&reading, path);
	reading_run(&reading, 1);
	ck_assert_int_eq(ftruncate(fd, 100), 0);
	while (reading.status > 0)
		reading_run(&reading, 50);
	ck_assert_uint_lt(reading.frames, FRAMES);
	ck_assert_uint_ge(reading.frames, 1);
	assert_frames(WC_SOURCE_DAMAGED, reading.frames, "it ends within a record");
	reading_close(&reading);
	close(fd);

	fd = reading_memory(path, capture.bytes, 24 + RECORD_SIZE);
	reading_open(&reading, path);
	feed(fd, 24 + RECORD_SIZE, capture.size);
	while (reading.status >= 0)
		reading_run(&reading, 50);
	assert_frames(WC_SOURCE_END, reading.frames, "");
	ck_assert(reading.frames == 1 || reading.frames == FRAMES);
	reading_close(&reading);
	close(fd);
}
END_TEST

/* What read(2) says is passed on. */
START_TEST(test_read_error)
{
	reading_whole(&reading, "/proc/self/mem");
	assert_frames(WC_FAILED, 0, "/proc/self/mem cannot be read: read(2): Input/output error");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_packed,          test_packed_parts, test_every_packed_cut,
#ifdef WC_HAVE_GZIP
		test_gzip_wrong_sum,  test_gzip_tail,    test_gzip_nonsense,
#endif
		test_packed_position, test_growing_pipe, test_standard_input,
		test_changing_files,  test_read_error,   NULL,
	};
	int code = suite_run("stream", tests, 120);

	capture_free(&capture);
	capture_free(&packed);
	return code;
}
