/* Where a capture's bytes come from: pipes, standard input, files that change. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "stream_bed.h"
#include "suite.h"

/* Writes bytes of the capture to @fd. */
static void feed(int fd, size_t from, size_t to)
{
	ck_assert(write(fd, bed.capture.bytes + from, to - from) == (ssize_t)(to - from));
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

	bed_start(3);
	open_pipe(fds, path);
	feed(fds[1], 0, 24);
	reading_open(&bed.reading, path);
	reading_run(&bed.reading, 9);
	ck_assert_int_eq(bed.reading.status, WC_SOURCE_IDLE);
	feed(fds[1], 24, 24 + RECORD_SIZE + 8);
	reading_run(&bed.reading, 9);
	ck_assert_int_eq(bed.reading.status, 1);
	reading_run(&bed.reading, 9);
	ck_assert_int_eq(bed.reading.status, WC_SOURCE_IDLE);
	feed(fds[1], 24 + RECORD_SIZE + 8, 24 + RECORD_SIZE + 500);
	reading_run(&bed.reading, 9);
	ck_assert_int_eq(bed.reading.status, WC_SOURCE_IDLE);
	feed(fds[1], 24 + RECORD_SIZE + 500, bed.capture.size);
	reading_run(&bed.reading, 9);
	ck_assert_int_eq(bed.reading.status, 2);
	bed.reading.source->ops->stats(bed.reading.source, &bed.stats);
	ck_assert_uint_eq(bed.stats.received, 3);
	ck_assert_uint_eq(bed.stats.position, bed.capture.size);
	ck_assert_uint_eq(bed.stats.size, 0);
	close(fds[1]);
	reading_run(&bed.reading, 9);
	bed_assert_frames(WC_SOURCE_END, 3, "");
	reading_close(&bed.reading);
	close(fds[0]);
}
END_TEST

/* Standard input, packed and plain, cut within a record; it stays open. */
START_TEST(test_standard_input)
{
	int kept = dup(STDIN_FILENO);

	for (size_t i = 0; i <= PACKINGS; i++) {
		const struct capture *fed = i < PACKINGS ? &bed.packed : &bed.capture;
		size_t size;
		int fds[2];

		if (i < PACKINGS && !packings[i].built)
			continue;
		bed_start(4);
		if (i < PACKINGS)
			bed_pack(i, 0, bed.capture.size - 1);
		size = i < PACKINGS ? bed.packed.size : bed.capture.size - 1;
		ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
		ck_assert(write(fds[1], fed->bytes, size) == (ssize_t)size);
		close(fds[1]);
		ck_assert_int_eq(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
		close(fds[0]);
		reading_whole(&bed.reading, "-");
		bed_assert_frames(WC_SOURCE_DAMAGED, 3, "standard input is damaged at byte 3072");
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

	bed_start(FRAMES);
	fd = reading_memory(path, bed.capture.bytes, bed.capture.size);
	reading_open(&bed.reading, path);
	reading_run(&bed.reading, 1);
	ck_assert_int_eq(ftruncate(fd, 100), 0);
	while (bed.reading.status > 0)
		reading_run(&bed.reading, 50);
	ck_assert_uint_lt(bed.reading.frames, FRAMES);
	ck_assert_uint_ge(bed.reading.frames, 1);
	bed_assert_frames(WC_SOURCE_DAMAGED, bed.reading.frames, "it ends within a record");
	reading_close(&bed.reading);
	close(fd);

	fd = reading_memory(path, bed.capture.bytes, 24 + RECORD_SIZE);
	reading_open(&bed.reading, path);
	feed(fd, 24 + RECORD_SIZE, bed.capture.size);
	while (bed.reading.status >= 0)
		reading_run(&bed.reading, 50);
	bed_assert_frames(WC_SOURCE_END, bed.reading.frames, "");
	ck_assert(bed.reading.frames == 1 || bed.reading.frames == FRAMES);
	reading_close(&bed.reading);
	close(fd);
}
END_TEST

/* What read(2) says is passed on. */
START_TEST(test_read_error)
{
	reading_whole(&bed.reading, "/proc/self/mem");
	bed_assert_frames(WC_FAILED, 0,
			  "/proc/self/mem cannot be read: read(2): Input/output error");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_growing_pipe, test_standard_input, test_changing_files, test_read_error, NULL,
	};
	int code = suite_run("stream", tests, 120);

	bed_free();
	return code;
}
