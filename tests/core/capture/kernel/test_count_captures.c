/*
 * Every Ethernet frame of the captures with known counts, counted by the program and
 * by the decoder: all rows are the same. Skipped where the captures are not.
 */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "source.h"
#include "twins.h"
#include "wirecensus/error.h"

#ifndef CAPTURES
#define CAPTURES "../shared/captures"
#endif

/* Frames of one file that are compared: the larger files have more of the same. */
#define FRAMES 4000

/* Files in an interval. */
#define FILES 24

struct reading {
	struct twins *twins;
	uint64_t frames;
};

static void feed(void *user, const struct wc_frame *frame)
{
	struct reading *reading = user;

	if (frame->link != WC_LINK_ETHERNET || !frame->captured || reading->frames >= FRAMES)
		return;
	reading->frames++;
	twins_feed(reading->twins, frame->bytes,
		   frame->captured < TWINS_FRAME_MAX ? frame->captured : TWINS_FRAME_MAX,
		   WC_ORIGIN_RECEIVED);
}

/* Feeds a file. Returns how many frames it had; one that cannot be read has none. */
static uint64_t feed_file(struct twins *twins, const char *path)
{
	struct reading reading = {twins, 0};
	struct wc_source *source;
	struct wc_error error;

	if (wc_file_open(&source, path, NULL, &error))
		return 0;
	while (reading.frames < FRAMES &&
	       source->ops->run(source, 256, feed, &reading, &error) >= 0)
		;
	source->ops->close(source);
	return reading.frames;
}

static void compare_folder(const char *folder)
{
	struct twins twins = {.rules = {.conversations = 65536,
					.hosts = 65536,
					.five_tuple = true,
					.scan.threshold = 20}};
	DIR *directory = opendir(folder);
	struct dirent *file;
	uint64_t frames = 0;
	int files = 0;

	ck_assert_ptr_nonnull(directory);
	twins_open(&twins, WC_LINK_ETHERNET, NULL, 0);
	while ((file = readdir(directory))) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, file->d_name);
		if (file->d_name[0] == '.')
			continue;
		frames += feed_file(&twins, path);
		if (++files % FILES == 0)
			twins_compare(&twins, path, 10);
	}
	twins_compare(&twins, folder, 10);
	twins_close(&twins);
	closedir(directory);
	ck_assert_uint_gt(frames, 100);
	printf("%s: %llu frames, of which the decoder counted %llu\n", folder,
	       (unsigned long long)frames, (unsigned long long)twins.handed_over);
}

START_TEST(every_file_that_can_be_read)
{
	compare_folder(CAPTURES "/exact");
	compare_folder(CAPTURES "/damaged");
}
END_TEST

int main(void)
{
	DIR *directory = opendir(CAPTURES "/exact");
	Suite *suite;
	TCase *group;
	SRunner *runner;
	int failed;

	if (!directory) {
		printf("there are no captures in %s\n", CAPTURES);
		return 77;
	}
	closedir(directory);
	twins_need();
	suite = suite_create("count_captures");
	group = tcase_create("count_captures");
	tcase_add_test(group, every_file_that_can_be_read);
	tcase_set_timeout(group, 600);
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
