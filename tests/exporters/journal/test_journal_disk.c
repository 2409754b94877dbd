/* A real disk that is full, or read-only, for a while: a small tmpfs in a namespace of its own. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "census.h"
#include "desk.h"
#include "suite.h"

#define SKIPPED 77

static void mount_disk(const struct desk *desk, unsigned long flags)
{
	ck_assert_int_eq(mount("disk", desk->folder, "tmpfs", flags, "size=2m"), 0);
}

/* Takes all the room there is; returns the file. */
static int fill_disk(const struct desk *desk)
{
	char name[128];
	static const char block[4096];
	int fd;

	snprintf(name, sizeof(name), "%s/filler", desk->folder);
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	ck_assert_int_eq(errno, ENOSPC);
	ck_assert_int_eq(unlink(name), 0);
	return fd;
}

static void unmount_disk(struct desk *desk)
{
	desk_close(desk);
	ck_assert_int_eq(umount(desk->folder), 0);
	desk_clear(desk);
}

START_TEST(test_full)
{
	struct desk desk;
	struct wc_snapshot *snapshot = census_usual(3, 300);
	int filler;

	desk_set(&desk, true);
	mount_disk(&desk, 0);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, 1, 2, 10, 300);
	filler = fill_disk(&desk);
	census_date(snapshot, 3, 10);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(desk_write(&desk, snapshot), WC_FAILED);
		ck_assert_ptr_nonnull(strstr(desk.error.text, "make room on its disk"));
	}
	/* What is there can be read meanwhile. */
	wc_journal_intervals_free(desk_load(&desk, 1, 2), 1);
	close(filler);
	ck_assert_int_eq(desk_write(&desk, snapshot), 0);
	desk_same(&desk, 3, snapshot);
	census_free(snapshot);
	unmount_disk(&desk);
}
END_TEST

/* Full from the start: not even the file can be made. */
START_TEST(test_full_at_first)
{
	struct desk desk;
	int filler;

	desk_set(&desk, true);
	mount_disk(&desk, 0);
	filler = fill_disk(&desk);
	ck_assert_msg(!desk_open(&desk), "%s", desk.error.text);
	ck_assert_ptr_nonnull(strstr(desk.notice, "tried again"));
	close(filler);
	desk_fill(&desk, 1, 2, 10, 30);
	ck_assert_uint_eq(wc_journal_last(desk.journal), 2);
	unmount_disk(&desk);
}
END_TEST

START_TEST(test_readonly)
{
	struct desk desk;

	desk_set(&desk, true);
	mount_disk(&desk, 0);
	ck_assert_int_eq(desk_open(&desk), 0);
	desk_fill(&desk, 1, 2, 10, 30);
	desk_close(&desk);
	ck_assert_int_eq(mount("disk", desk.folder, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=2m"), 0);
	ck_assert_msg(!desk_open(&desk), "%s", desk.error.text);
	ck_assert_ptr_nonnull(strstr(desk.notice, "tried again"));
	{
		struct wc_snapshot *snapshot = census_usual(3, 30);

		ck_assert_int_eq(desk_write(&desk, snapshot), WC_FAILED);
		ck_assert_int_eq(mount("disk", desk.folder, "tmpfs", MS_REMOUNT, "size=2m"), 0);
		ck_assert_msg(!desk_write(&desk, snapshot), "%s", desk.error.text);
		desk_same(&desk, 3, snapshot);
		census_free(snapshot);
	}
	ck_assert_uint_eq(desk_files(&desk, ".bad-"), 0);
	unmount_disk(&desk);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_full, test_full_at_first, test_readonly, NULL};

	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
		printf("a mount namespace cannot be made here: %s\n", strerror(errno));
		return SKIPPED;
	}
	return suite_run("journal disk", tests, 120);
}
