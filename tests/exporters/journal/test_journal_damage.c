/*
 * A damaged file: at any page, at any byte of its head, before the journal is opened and while it
 * is. It never keeps a new interval from being written, and what comes back is a sentence or rows.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "census.h"
#include "desk.h"
#include "faulty.h"
#include "suite.h"

#define PAGE      4096
#define INTERVALS 6
#define HEAD      100 /* of the file, by SQLite's format */

/* A whole file in memory, to begin with each time. */
struct image {
	unsigned char *bytes;
	size_t size;
};

static struct image take_image(void)
{
	struct desk desk;
	struct wc_journal_position position;
	struct stat found;
	struct image image;
	int fd;

	desk_begin(&desk, true);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	for (uint64_t i = 1; i <= INTERVALS; i++) {
		struct wc_snapshot *snapshot = census_make(i, 80, true);

		census_date(snapshot, i, 20);
		ck_assert_int_eq(desk_write(&desk, snapshot), 0);
		census_free(snapshot);
	}
	desk_close(&desk);
	ck_assert_int_eq(stat(desk.path, &found), 0);
	image.size = (size_t)found.st_size;
	image.bytes = malloc(image.size);
	fd = open(desk.path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(read(fd, image.bytes, image.size), found.st_size);
	close(fd);
	desk_clear(&desk);
	return image;
}

static void put_image(const struct desk *desk, const struct image *image)
{
	int fd = open(desk->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	ck_assert_int_eq(write(fd, image->bytes, image->size), (ssize_t)image->size);
	close(fd);
}

/* Reads everything there is; returns how many intervals came back. */
static unsigned read_all(struct desk *desk)
{
	struct wc_journal_group group;
	uint64_t after = 0;
	unsigned read = 0;
	int found;

	while ((found = wc_journal_next(desk->reader, after, 0, &group, &desk->error)) == 1) {
		struct wc_journal_interval *intervals;
		size_t count;

		ck_assert_uint_gt(group.first, after);
		after = group.last;
		if (wc_journal_load(desk->reader, group.first, group.last, ~0U, &intervals, &count,
				    &desk->error)) {
			ck_assert_uint_gt(strlen(desk->error.text), 20);
			continue;
		}
		for (size_t i = 0; i < count; i++)
			free(desk_json(desk, intervals[i].snapshot));
		wc_journal_intervals_free(intervals, count);
		read++;
	}
	ck_assert(!found || desk->error.text[0]);
	return read;
}

/* Whatever was found, it ends with intervals that are written and come back. */
static void go_on(struct desk *desk)
{
	struct wc_journal_group group;
	uint64_t last;

	for (uint64_t i = 1; i <= 2; i++) {
		struct wc_snapshot *snapshot = census_make(100 + i, 80, true);

		census_date(snapshot, 10 + i, 20);
		ck_assert_msg(!desk_write(desk, snapshot), "%s", desk->error.text);
		census_free(snapshot);
		read_all(desk);
	}
	last = wc_journal_last(desk->journal);
	/* A reader that met damage at last leaves it to the next write. */
	desk_fill(desk, 20, 1, 20, 5);
	ck_assert_int_eq(wc_journal_next(desk->reader, last, 0, &group, &desk->error), 1);
	ck_assert_uint_eq(group.first, last + 1);
	wc_journal_intervals_free(desk_load(desk, last + 1, last + 1), 1);
}

/* Opens a file that holds @image, which is damaged. Returns true if it was set aside. */
static bool survive(const struct image *image)
{
	struct desk desk;
	bool aside;
	int status;

	desk_set(&desk, true);
	desk.settings.vfs = "faulty"; /* which does not sync: quicker by far */
	put_image(&desk, image);
	status = desk_open(&desk);
	if (!status) {
		read_all(&desk);
		go_on(&desk);
	} else {
		/* A number in the head that says something else: not ours to touch. */
		ck_assert_int_eq(status, WC_INVALID);
		ck_assert_uint_gt(strlen(desk.error.text), 20);
	}
	aside = desk_files(&desk, ".bad-") != 0;
	desk_clear(&desk);
	return aside;
}

START_TEST(test_pages)
{
	struct image image = take_image();
	struct census_random random = {7};
	unsigned pages = 0, aside = 0;

	ck_assert_uint_gt(image.size / PAGE, 20);
	for (size_t page = 0; page < image.size / PAGE; page++) {
		unsigned char *at = image.bytes + page * PAGE, kept[PAGE];

		memcpy(kept, at, PAGE);
		memset(at, 0, PAGE);
		for (size_t i = 0; i < PAGE && page % 2; i++)
			at[i] = (unsigned char)census_number(&random, 256);
		aside += survive(&image);
		pages++;
		memcpy(at, kept, PAGE);
	}
	ck_assert_uint_gt(aside, pages / 2);
	printf("%u damaged pages, %u files set aside\n", pages, aside);
	free(image.bytes);
}
END_TEST

START_TEST(test_head)
{
	struct image image = take_image();

	for (size_t i = 0; i < HEAD; i++) {
		image.bytes[i] ^= 0x41;
		survive(&image);
		image.bytes[i] ^= 0x41;
	}
	ck_assert(!survive(&image));
	free(image.bytes);
}
END_TEST

START_TEST(test_cut_short)
{
	struct image image = take_image();
	size_t whole = image.size;

	for (image.size = 0; image.size < whole; image.size += PAGE / 2 * 3)
		survive(&image);
	free(image.bytes);
}
END_TEST

/* Bits that flip anywhere. */
START_TEST(test_bits)
{
	struct image image = take_image();
	struct census_random random = {11};

	for (int i = 0; i < 60; i++) {
		size_t at = census_number(&random, image.size);
		unsigned char bit = (unsigned char)(1U << census_number(&random, 8));

		image.bytes[at] ^= bit;
		survive(&image);
		image.bytes[at] ^= bit;
	}
	free(image.bytes);
}
END_TEST

/* While it is open: numbers and positions go on, and the interval in hand is not lost. */
START_TEST(test_running)
{
	struct desk desk;
	struct image image = take_image();
	const struct wc_journal_position noted = {4, 9, 1};
	struct wc_journal_position position;
	struct wc_journal_interval *intervals;
	char notice[WC_ERROR_SIZE];
	size_t count;

	desk_set(&desk, true);
	put_image(&desk, &image);
	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert(!wc_journal_notice(desk.journal, notice));
	wc_journal_note(desk.journal, "json/a", &noted);
	memset(image.bytes + PAGE, 0xee, image.size - PAGE);
	put_image(&desk, &image);
	ck_assert_int_eq(wc_journal_load(desk.reader, 1, 1, ~0U, &intervals, &count, &desk.error),
			 WC_FAILED);
	ck_assert_ptr_nonnull(strstr(desk.error.text, "set aside with the next interval"));
	desk_fill(&desk, 9, 1, 20, 5);
	ck_assert_uint_eq(wc_journal_last(desk.journal), INTERVALS + 1);
	ck_assert(wc_journal_notice(desk.journal, notice));
	ck_assert_ptr_nonnull(strstr(notice, "census.db.bad-2"));
	ck_assert(!wc_journal_notice(desk.journal, notice));
	wc_journal_intervals_free(desk_load(&desk, INTERVALS + 1, INTERVALS + 1), 1);
	desk_close(&desk);

	ck_assert_int_eq(desk_open(&desk), 0);
	ck_assert_int_eq(wc_journal_position(desk.journal, "json/a", &position, &desk.error), 0);
	ck_assert_uint_eq(position.sequence, 4);
	ck_assert_uint_eq(position.messages, 9);
	desk_clear(&desk);
	free(image.bytes);
}
END_TEST

/* Again and again: some of what was set aside is kept, for who looks into it. */
START_TEST(test_again)
{
	struct desk desk;
	struct image image = take_image();

	memset(image.bytes + PAGE, 0xee, image.size - PAGE);
	desk_set(&desk, true);
	for (int i = 0; i < 6; i++) {
		put_image(&desk, &image);
		ck_assert_int_eq(desk_open(&desk), 0);
		ck_assert_ptr_nonnull(strstr(desk.notice, "is damaged and was set aside as"));
		desk_close(&desk);
	}
	ck_assert_uint_eq(desk_files(&desk, ".bad-"), 3);
	free(image.bytes);
	desk_clear(&desk);
}
END_TEST

/* Removed or replaced under the running daemon. */
START_TEST(test_removed)
{
	struct desk desk;

	desk_begin(&desk, true);
	desk_fill(&desk, 1, 2, 10, 5);
	ck_assert_int_eq(unlink(desk.path), 0);
	desk_fill(&desk, 3, 2, 10, 5);
	ck_assert_uint_eq(wc_journal_last(desk.journal), 4);
	ck_assert_int_eq(desk_ask(&desk, "SELECT min(sequence) FROM interval"), 3);
	wc_journal_intervals_free(desk_load(&desk, 4, 4), 1);
	desk_clear(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_pages,   test_head,  test_cut_short, test_bits,
				      test_running, test_again, test_removed,   NULL};

	faulty_register();
	return suite_run("journal damage", tests, 600);
}
