#include "stream_bed.h"

#include <check.h>
#include <string.h>

struct stream_bed bed;

void bed_start(size_t frames)
{
	uint8_t bytes[FRAME_SIZE];

	bed_free();
	capture_pcap(&bed.capture, CAPTURE_MICROSECONDS, 4, 1);
	for (size_t i = 0; i < frames; i++)
		capture_record(&bed.capture, 0, 0, FRAME_SIZE, FRAME_SIZE,
			       reading_frame(bytes, i, FRAME_SIZE), FRAME_SIZE);
}

void bed_pack(size_t packing, size_t from, size_t to)
{
	packings[packing].pack(&bed.packed, &bed.capture, from, to);
}

void bed_assert_frames(int status, size_t frames, const char *sentence)
{
	const struct reading *reading = &bed.reading;

	ck_assert_msg(reading->status == status && reading->frames == frames && !reading->altered &&
			      strstr(reading->error.text, sentence),
		      "%d, %zu frames: %s", reading->status, reading->frames, reading->error.text);
}

void bed_free(void)
{
	capture_free(&bed.capture);
	capture_free(&bed.packed);
}
