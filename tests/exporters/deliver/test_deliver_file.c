#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "courier.h"
#include "namespace.h"
#include "suite.h"

#define LENGTH 100

static char folder[] = "/tmp/deliver-file-XXXXXX";
static char path[64], other[64];
static struct courier courier;

static void setup(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/out", folder);
	snprintf(other, sizeof(other), "%s/out.1", folder);
	courier_init(&courier, NULL, "file://%s", path);
}

static void teardown(void)
{
	courier_free(&courier);
	unlink(path);
	unlink(other);
	rmdir(folder);
}

/* Sends @count messages from @first on and waits for each. */
static void deliver(unsigned first, unsigned count)
{
	char message[LENGTH];

	for (unsigned i = first; i < first + count; i++) {
		courier_message(message, LENGTH, i);
		ck_assert(courier_send(&courier, message, LENGTH));
	}
	ck_assert_uint_eq(courier_confirm(&courier, courier.taken), courier.taken);
}

/* The file holds exactly the messages from @first to before @end. */
static void holds(const char *name, unsigned first, unsigned end)
{
	char message[LENGTH], got[LENGTH];
	FILE *file = fopen(name, "re");

	ck_assert_ptr_nonnull(file);
	for (unsigned i = first; i < end; i++) {
		courier_message(message, LENGTH, i);
		ck_assert_uint_eq(fread(got, 1, LENGTH, file), LENGTH);
		ck_assert_mem_eq(got, message, LENGTH);
	}
	ck_assert_uint_eq(fread(got, 1, LENGTH, file), 0);
	fclose(file);
}

START_TEST(appends_whole_messages)
{
	struct stat status;

	umask(0);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	deliver(0, 5000);
	holds(path, 0, 5000);
	courier.delivery->ops->close(courier.delivery);
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 5000);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 0);
	deliver(5000, 1);
	holds(path, 0, 5001);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0640);
}
END_TEST

START_TEST(close_writes_what_was_taken)
{
	char message[LENGTH];

	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	courier_message(message, LENGTH, 0);
	ck_assert_int_eq(courier.delivery->ops->send(courier.delivery, message, LENGTH, NULL), 1);
	courier.delivery->ops->close(courier.delivery);
	holds(path, 0, 1);
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 1);
}
END_TEST

/* Sends message @number, which the delivery forgets, and has it begin again. */
static void begins_again(unsigned number)
{
	char message[LENGTH];
	unsigned before = courier.beginnings;

	courier_message(message, LENGTH, number);
	ck_assert(courier_send(&courier, message, LENGTH));
	courier_turn(&courier, 1000);
	ck_assert_int_eq(courier.state, WC_DELIVERY_OPENING);
	ck_assert_uint_eq(courier.beginnings, before + 1);
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 0);
	ck_assert_int_eq(courier.delivery->ops->send(courier.delivery, message, LENGTH, NULL), 0);
	courier_turn(&courier, 1000);
	ck_assert_int_eq(courier.state, WC_DELIVERY_OPEN);
	ck_assert_uint_eq(courier.ends, 0);
}

/* Its owner hears of it: what stands at the beginning of a file is to be said again. */
START_TEST(a_rotated_file_is_made_anew)
{
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	deliver(0, 3);
	ck_assert_int_eq(rename(path, other), 0);
	begins_again(3);
	deliver(3, 4);
	holds(other, 0, 3);
	holds(path, 3, 7);
	ck_assert_int_eq(unlink(path), 0);
	begins_again(7);
	deliver(7, 1);
	holds(path, 7, 8);
	ck_assert_int_eq(truncate(path, 0), 0);
	begins_again(8);
	deliver(8, 2);
	holds(path, 8, 10);
}
END_TEST

/* What was not written is no more than taken: whoever opens it next sends it again. */
START_TEST(close_leaves_a_rotated_file)
{
	char message[LENGTH];

	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	deliver(0, 3);
	ck_assert_int_eq(rename(path, other), 0);
	courier_message(message, LENGTH, 3);
	ck_assert_int_eq(courier.delivery->ops->send(courier.delivery, message, LENGTH, NULL), 1);
	courier.delivery->ops->close(courier.delivery);
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 3);
	holds(other, 0, 3);
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

static void refuses(const char *reason)
{
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ck_assert_ptr_nonnull(strstr(courier.error.text, path));
	ck_assert_msg(strstr(courier.error.text, reason) != NULL, "%s", courier.error.text);
}

START_TEST(links_pipes_and_folders_are_refused)
{
	ck_assert_int_eq(symlink(other, path), 0);
	refuses("symbolic link");
	ck_assert_int_eq(access(other, F_OK), -1);
	unlink(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	refuses("is not a file of its own");
	unlink(path);
	close(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	ck_assert_int_eq(link(other, path), 0);
	refuses("is not a file of its own");
	unlink(path);
	ck_assert_int_eq(mkdir(path, 0700), 0);
	refuses("directory");
	rmdir(path);
}
END_TEST

START_TEST(a_file_has_one_writer)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	refuses("another program");
	close(fd);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
}
END_TEST

/* The disk is a file system of 64 pages; what it refuses is sent again when there is room. */
START_TEST(a_full_disk_keeps_no_half_message)
{
	char message[LENGTH], filler[64];
	struct stat status;
	unsigned number = 0;
	int fd;

	/* Mounted for this process alone. */
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(mount("none", folder, "tmpfs", 0, "size=262144"), 0);
	snprintf(filler, sizeof(filler), "%s/filler", folder);
	fd = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ck_assert_int_eq(posix_fallocate(fd, 0, 131072), 0);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	do
		courier_message(message, LENGTH, number++);
	while (courier_send(&courier, message, LENGTH));
	ck_assert_ptr_nonnull(strstr(courier.error.text, "make room"));
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_int_eq(status.st_size % LENGTH, 0);
	number = (unsigned)courier.delivery->ops->confirmed(courier.delivery);
	holds(path, 0, number);

	ck_assert_int_eq(ftruncate(fd, 0), 0);
	close(fd);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	deliver(number, 1000);
	holds(path, 0, number + 1000);
	courier.delivery->ops->close(courier.delivery);
	ck_assert_int_eq(umount(folder), 0);
}
END_TEST

int main(void)
{
	SRunner *runner;
	Suite *suite = suite_create("file");
	TCase *group = tcase_create("file");
	int failed;

	tcase_add_checked_fixture(group, setup, teardown);
	tcase_add_test(group, appends_whole_messages);
	tcase_add_test(group, close_writes_what_was_taken);
	tcase_add_test(group, a_rotated_file_is_made_anew);
	tcase_add_test(group, close_leaves_a_rotated_file);
	tcase_add_test(group, links_pipes_and_folders_are_refused);
	tcase_add_test(group, a_file_has_one_writer);
	if (namespace_run("unshare -m true 2>/dev/null"))
		tcase_add_test(group, a_full_disk_keeps_no_half_message);
	else
		puts("a full disk is not tried: no file system can be mounted here");
	suite_add_tcase(suite, group);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
