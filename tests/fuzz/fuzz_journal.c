/*
 * fuzz_journal.c - a journal that was changed at any places: it opens or says why not, and goes on
 *
 * The input is a list of changes to a good file: four bytes say where, one how many bytes follow
 * that are written there.
 */
#undef NDEBUG
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "census.h"
#include "faulty.h"
#include "journal.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define INTERVALS 3
#define ROWS      12

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory, where there is such a place: a disk would be waited for at each sync. */
static char in_memory[] = "/dev/shm/fuzz-journal-XXXXXX", on_disk[] = "/tmp/fuzz-journal-XXXXXX";
static char path[64];
static const char *folder;
static uint8_t *image; /* of the good file */
static size_t image_size;

static int open_journal(struct wc_journal **journal, struct wc_error *error)
{
	const struct wc_journal_settings settings = {
		.path = path,
		.vfs = "faulty", /* which does not sync: quicker by far */
		.size = 1 << 26,
		.undelivered = 1 << 25,
		.age = UINT64_C(1) << 40,
		.host = "fuzz",
		.instance = "4f6f5c1e-0000-4000-8000-000000000001",
		.version = "fuzz",
	};
	char notice[WC_ERROR_SIZE];

	return wc_journal_open(journal, &settings, notice, error);
}

static int write_interval(struct wc_journal *journal, uint64_t number, struct wc_error *error)
{
	struct wc_snapshot *snapshot = census_make(number, ROWS, true);
	int status;

	census_date(snapshot, number, 20);
	status = wc_journal_write(journal, (const struct wc_snapshot *const *)&snapshot, 1, error);
	census_free(snapshot);
	return status;
}

/* Whatever is there: the database, its WAL, those set aside. */
static void empty_folder(void)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;

	while ((entry = readdir(directory)))
		unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
}

static void remove_folder(void)
{
	empty_folder();
	rmdir(folder);
	free(image);
}

static void take_image(void)
{
	struct wc_journal_position position;
	struct wc_journal *journal;
	struct wc_error error;
	FILE *file;

	assert(!open_journal(&journal, &error));
	assert(!wc_journal_position(journal, "json/a", &position, &error));
	for (uint64_t i = 1; i <= INTERVALS; i++)
		assert(!write_interval(journal, i, &error));
	assert(!wc_journal_flush(journal, &error));
	wc_journal_close(journal);
	file = fopen(path, "rb");
	assert(file && !fseek(file, 0, SEEK_END));
	image_size = (size_t)ftell(file);
	rewind(file);
	image = malloc(image_size);
	assert(image && fread(image, 1, image_size, file) == image_size);
	fclose(file);
	empty_folder();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	folder = mkdtemp(in_memory);
	folder = folder ? folder : mkdtemp(on_disk);
	assert(folder);
	atexit(remove_folder);
	snprintf(path, sizeof(path), "%s/db", folder);
	faulty_register();
	faulty_set(FAULTY_NOT, 0);
	take_image();
	return 0;
}

static void put_changed(const uint8_t *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert(fd >= 0 && write(fd, image, image_size) == (ssize_t)image_size);
	while (size > 5) {
		size_t at = ((size_t)data[0] << 24 | (size_t)data[1] << 16 | (size_t)data[2] << 8 |
			     data[3]) %
			    image_size;
		size_t count = data[4] < size - 5 ? data[4] : size - 5;

		assert(pwrite(fd, data + 5, count, (off_t)at) == (ssize_t)count);
		data += 5 + count;
		size -= 5 + count;
	}
	close(fd);
}

static void read_all(struct wc_journal *journal)
{
	struct wc_journal_reader *reader;
	struct wc_journal_group group;
	struct wc_error error = {""};
	uint64_t after = 0;

	assert(!wc_journal_reader_open(&reader, journal, &error));
	while (wc_journal_next(reader, after, 0, &group, &error) == 1) {
		struct wc_journal_interval *intervals;
		size_t count;

		assert(group.first > after && group.last >= group.first);
		after = group.last;
		if (!wc_journal_load(reader, group.first, group.last, ~0U, &intervals, &count,
				     &error))
			wc_journal_intervals_free(intervals, count);
		else
			assert(error.text[0]);
	}
	wc_journal_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wc_journal_position position;
	struct wc_journal *journal;
	struct wc_error error = {""};

	put_changed(data, size);
	if (open_journal(&journal, &error)) {
		assert(error.text[0]);
		empty_folder();
		return 0;
	}
	wc_journal_position(journal, "json/a", &position, &error);
	read_all(journal);
	/* What a reader found is set aside by a write, at the latest by the second. */
	write_interval(journal, 50, &error);
	read_all(journal);
	write_interval(journal, 51, &error);
	assert(!write_interval(journal, 52, &error));
	read_all(journal);
	wc_journal_close(journal);
	empty_folder();
	return 0;
}
