/* Packed capture files: in parts, cut, damaged, and how far they were read. */
#include <check.h>
#include <string.h>
#include <unistd.h>

#include "stream_bed.h"
#include "suite.h"

/* Reads what is bed.packed. Returns false if this build cannot, which it has to say. */
static bool read_packed(size_t packing, size_t size)
{
	reading_capture(&bed.reading, &bed.packed, size);
	if (packings[packing].built)
		return true;
	ck_assert_int_eq(bed.reading.status, WC_FAILED);
	ck_assert_ptr_nonnull(strstr(bed.reading.error.text, packings[packing].name));
	ck_assert_ptr_nonnull(strstr(bed.reading.error.text, "which this build does not read"));
	return false;
}

START_TEST(test_packed)
{
	for (size_t i = 0; i < PACKINGS; i++) {
		bed_start(FRAMES);
		bed_pack(i, 0, bed.capture.size);
		if (read_packed(i, bed.packed.size))
			bed_assert_frames(WC_SOURCE_END, FRAMES, "");
	}
}
END_TEST

/* Packed parts in a row are one file. */
START_TEST(test_packed_parts)
{
	for (size_t i = 0; i < PACKINGS; i++) {
		bed_start(FRAMES);
		bed_pack(i, 0, 5000);
		bed_pack(i, 5000, 5000);
		bed_pack(i, 5000, bed.capture.size);
		if (read_packed(i, bed.packed.size))
			bed_assert_frames(WC_SOURCE_END, FRAMES, "");
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
		bed_start(FRAMES);
		bed_pack(i, 0, 5000);
		size_t first = bed.packed.size;

		bed_pack(i, 5000, bed.capture.size);
		for (size_t cut = 4; cut < bed.packed.size; cut++) {
			size_t frames =
				frames_in(packings[i].unpack(&bed.packed, cut, bed.capture.size));

			reading_capture(&bed.reading, &bed.packed, cut);
			ck_assert_uint_eq(bed.reading.frames, frames);
			ck_assert(!bed.reading.altered);
			ck_assert_int_lt(bed.reading.status, 0);
			ck_assert_ptr_nonnull(strstr(bed.reading.error.text,
						     cut == first ? "it ends within a record"
								  : "the data ends early"));
		}
	}
}
END_TEST

#ifdef WC_HAVE_GZIP
/* What comes out before the check sums turn out to be wrong is handed over. */
START_TEST(test_gzip_wrong_sum)
{
	bed_start(4);
	bed_pack(PACKING_GZIP, 0, bed.capture.size);
	bed.packed.bytes[bed.packed.size - 8] ^= 1;
	reading_capture(&bed.reading, &bed.packed, bed.packed.size);
	bed_assert_frames(WC_SOURCE_DAMAGED, 4,
			  " of what is unpacked from gzip: gzip: incorrect data");
}
END_TEST

/* Zeros behind the data are padding; anything else is damage. */
START_TEST(test_gzip_tail)
{
	static const uint8_t zeros[512];

	bed_start(3);
	bed_pack(PACKING_GZIP, 0, bed.capture.size);
	capture_bytes(&bed.packed, zeros, sizeof(zeros));
	reading_capture(&bed.reading, &bed.packed, bed.packed.size);
	bed_assert_frames(WC_SOURCE_END, 3, "");

	capture_bytes(&bed.packed, "tail", 4);
	reading_capture(&bed.reading, &bed.packed, bed.packed.size);
	bed_assert_frames(WC_SOURCE_DAMAGED, 3, "gzip: incorrect header check");
}
END_TEST

START_TEST(test_gzip_nonsense)
{
	bed_start(0);
	capture_bytes(&bed.packed, "\x1f\x8bnonsense", 10);
	reading_capture(&bed.reading, &bed.packed, bed.packed.size);
	bed_assert_frames(WC_FAILED, 0, " cannot be read: gzip: ");

	capture_free(&bed.capture);
	capture_free(&bed.packed);
	capture_bytes(&bed.capture, "Dear reader", 11);
	bed_pack(PACKING_GZIP, 0, bed.capture.size);
	reading_capture(&bed.reading, &bed.packed, bed.packed.size);
	bed_assert_frames(WC_FAILED, 0, " is not a capture file when unpacked: ");

	capture_free(&bed.packed);
	bed_pack(PACKING_GZIP, 0, 0);
	reading_capture(&bed.reading, &bed.packed, bed.packed.size);
	bed_assert_frames(WC_FAILED, 0, " is empty when unpacked");
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
		bed_start(FRAMES);
		bed_pack(i, 0, bed.capture.size);
		fd = reading_memory(path, bed.packed.bytes, bed.packed.size);
		reading_open(&bed.reading, path);
		reading_run(&bed.reading, 1);
		bed.reading.source->ops->stats(bed.reading.source, &bed.stats);
		ck_assert_uint_gt(bed.stats.position, 0);
		ck_assert_uint_lt(bed.stats.position, bed.packed.size);
		while (bed.reading.status >= 0) {
			reading_run(&bed.reading, 10);
			bed.reading.source->ops->stats(bed.reading.source, &bed.stats);
			ck_assert_uint_eq(bed.stats.size, bed.packed.size);
			ck_assert_uint_ge(bed.stats.position, before);
			before = bed.stats.position;
		}
		ck_assert_uint_eq(bed.stats.position, bed.packed.size);
		reading_close(&bed.reading);
		close(fd);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_packed,           test_packed_parts,
		test_every_packed_cut,
#ifdef WC_HAVE_GZIP
		test_gzip_wrong_sum,   test_gzip_tail,
		test_gzip_nonsense,
#endif
		test_packed_position,  NULL,
	};
	int code = suite_run("packed", tests, 120);

	bed_free();
	return code;
}
