#include "reading.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int reading_memory(char path[static READING_PATH], const void *bytes, size_t size)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	snprintf(path, READING_PATH, "/dev/fd/%d", fd);
	return fd;
}

const uint8_t *reading_frame(uint8_t *bytes, size_t number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(number + i);
	return bytes;
}

static void keep(void *user, const struct wc_frame *frame)
{
	struct reading *reading = user;

	for (size_t i = 0; i < frame->captured; i++) {
		if (frame->bytes[i] != (uint8_t)(reading->frames + i))
			reading->altered = true;
	}
	if (reading->frames < READING_KEPT)
		reading->kept[reading->frames] = *frame;
	reading->frames++;
}

void reading_open(struct reading *reading, const char *path)
{
	*reading = (struct reading){0};
	reading->status = wc_file_open(&reading->source, path, NULL, &reading->error);
}

void reading_run(struct reading *reading, size_t budget)
{
	reading->status =
		reading->source->ops->run(reading->source, budget, keep, reading, &reading->error);
}

void reading_close(struct reading *reading)
{
	if (reading->source)
		reading->source->ops->close(reading->source);
	reading->source = NULL;
}

void reading_whole(struct reading *reading, const char *path)
{
	reading_open(reading, path);
	while (reading->status >= 0)
		reading_run(reading, 3);
	reading_close(reading);
}

void reading_capture(struct reading *reading, const struct capture *capture, size_t size)
{
	char path[READING_PATH];
	int fd = reading_memory(path, capture->bytes, size);

	reading_whole(reading, path);
	close(fd);
}

void reading_assert_end(const struct reading *reading, size_t frames)
{
	ck_assert_msg(reading->status == WC_SOURCE_END, "%d: %s", reading->status,
		      reading->error.text);
	ck_assert_uint_eq(reading->frames, frames);
	ck_assert(!reading->altered);
}

void reading_assert_damage(const struct reading *reading, size_t frames, const char *sentence)
{
	ck_assert_int_eq(reading->status, WC_SOURCE_DAMAGED);
	ck_assert_uint_eq(reading->frames, frames);
	ck_assert(!reading->altered);
	ck_assert_msg(strstr(reading->error.text, sentence), "%s", reading->error.text);
}
