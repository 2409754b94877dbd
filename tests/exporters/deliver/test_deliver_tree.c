#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "courier.h"
#include "suite.h"

#define LIMIT     5
#define MINUTE_NS UINT64_C(60000000000)

static char folder[64], root[80], outside[80];
static struct courier courier;

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void setup(void)
{
	struct wc_delivery_settings settings = {.files = LIMIT};

	strcpy(folder, "/tmp/deliver-tree-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(root, sizeof(root), "%s/tree", folder);
	snprintf(outside, sizeof(outside), "%s/outside", folder);
	ck_assert_int_eq(mkdir(outside, 0700), 0);
	courier_init(&courier, &settings, "tree://%s", root);
}

static void teardown(void)
{
	courier_free(&courier);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static unsigned found;

static int count_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)path;
	(void)walk;
	ck_assert(type != FTW_F || status->st_size == 0);
	found += type == FTW_F;
	return 0;
}

/* Files anywhere below @path, links not followed. */
static unsigned files_below(const char *path)
{
	found = 0;
	ck_assert_int_eq(nftw(path, count_one, 8, FTW_PHYS), 0);
	return found;
}

static bool is_there(const char *name)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void link_to(const char *name, const char *target)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	ck_assert_int_eq(symlink(target, path), 0);
}

static void make_folder(const char *name)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

static bool send_path(const char *path)
{
	return courier_send(&courier, path, strlen(path));
}

START_TEST(one_empty_file_each)
{
	struct stat status;
	char path[200];

	umask(0);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	ck_assert(send_path("in/tcp/INTERNET-PORT-192.0.2.1-443"));
	ck_assert(send_path("out/udp/192.0.2.1-PORT-2001:db8::1-53"));
	ck_assert(send_path("else/tcp/a"));
	ck_assert(send_path("else/tcp/a"));
	ck_assert_uint_eq(courier_confirm(&courier, 4), 4);
	ck_assert(is_there("in/tcp/INTERNET-PORT-192.0.2.1-443"));
	ck_assert(is_there("out/udp/192.0.2.1-PORT-2001:db8::1-53"));
	ck_assert(is_there("else/tcp/a"));
	ck_assert(is_there("in/udp") && is_there("out/tcp") && is_there("else/udp"));
	ck_assert_uint_eq(files_below(root), 3);
	snprintf(path, sizeof(path), "%s/else/tcp/a", root);
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0644);
}
END_TEST

/* Makes @count files with names of their own. */
static void make_files(unsigned first, unsigned count)
{
	char path[40];

	for (unsigned i = first; i < first + count; i++) {
		snprintf(path, sizeof(path), "%s/%u", i % 2 ? "in/tcp" : "out/udp", i);
		ck_assert(send_path(path));
	}
}

START_TEST(the_limit_is_held)
{
	const struct wc_delivery_ops *ops = courier.delivery->ops;

	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	make_files(0, LIMIT);
	ck_assert(!is_there("FULL"));
	make_files(0, LIMIT); /* known ones need no room */
	ck_assert(!is_there("FULL"));
	make_files(LIMIT, 1000);
	ck_assert(is_there("FULL"));
	ck_assert_uint_eq(files_below(root), LIMIT + 1);
	ck_assert_uint_eq(courier_confirm(&courier, courier.taken), 2 * LIMIT + 1000);

	/* Files of an earlier run count. */
	ops->close(courier.delivery);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	make_files(2000, 10);
	ck_assert_uint_eq(files_below(root), LIMIT + 1);
}
END_TEST

START_TEST(who_removes_files_makes_room)
{
	const struct wc_delivery_ops *ops = courier.delivery->ops;
	struct wc_error error;
	char path[200];

	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	make_files(0, LIMIT + 1);
	ck_assert(is_there("FULL"));
	snprintf(path, sizeof(path), "%s/out/udp/2", root);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(ops->work(courier.delivery, courier_now(), &error), WC_DELIVERY_OPEN);
	make_files(100, 1);
	ck_assert(is_there("FULL") && !is_there("out/udp/100"));
	ck_assert_int_eq(ops->work(courier.delivery, courier_now() + MINUTE_NS, &error),
			 WC_DELIVERY_OPEN);
	ck_assert(!is_there("FULL"));
	make_files(100, 1);
	ck_assert(is_there("out/udp/100") && !is_there("FULL"));
	make_files(102, 1);
	ck_assert(is_there("FULL"));
	ck_assert_uint_eq(files_below(root), LIMIT + 1);
}
END_TEST

/* What is no path of ours ends the connection, and makes nothing anywhere. */
START_TEST(names_do_not_escape)
{
	static const char *const paths[] = {
		"in/tcp/../../../outside/x",
		"in/tcp/..",
		"in/tcp/.",
		"in/tcp/.hidden",
		"in/tcp/",
		"in/tcp",
		"in/tcp//x",
		"in/tcp/a/b",
		"in/tcp/a/../../../x",
		"in/../outside/x",
		"../outside/x",
		"/tmp/deliver-tree-absolute",
		"in/sctp/x",
		"inn/tcp/x",
		"In/tcp/x",
		"FULL",
		"x",
	};
	char longest[300] = "in/tcp/";

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
		ck_assert_msg(!send_path(paths[i]), "%s", paths[i]);
	}
	memset(longest + 7, 'x', sizeof(longest) - 8);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	ck_assert(!send_path(longest));
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	ck_assert(send_path("in/tcp/'\"`$(reboot)\n\033[2J\377"));
	ck_assert_uint_eq(files_below(folder), 1);
	ck_assert_int_eq(access("/tmp/deliver-tree-absolute", F_OK), -1);
}
END_TEST

/* Whoever may write into the folder cannot make us write elsewhere. */
START_TEST(links_are_not_followed)
{
	static const char *const folders[] = {"in", "in/tcp", "else/udp"};
	char target[200];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		ck_assert_int_eq(mkdir(root, 0700), 0);
		if (strchr(folders[i], '/'))
			make_folder(i == 1 ? "in" : "else");
		link_to(folders[i], outside);
		ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
		ck_assert_str_ne(courier.error.text, "");
	}
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	ck_assert_int_eq(symlink(outside, root), 0);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ck_assert_int_eq(unlink(root), 0);

	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	snprintf(target, sizeof(target), "%s/made", outside);
	link_to("in/tcp/a", target);
	link_to("FULL", target);
	ck_assert(send_path("in/tcp/a"));
	make_files(10, LIMIT + 1);
	ck_assert_uint_eq(files_below(outside), 0);
}
END_TEST

/* A folder that is swapped for a link while it is open: files go to the one that was opened. */
START_TEST(an_open_folder_stays)
{
	char path[200], moved[200];

	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	snprintf(path, sizeof(path), "%s/in/tcp", root);
	snprintf(moved, sizeof(moved), "%s/in/was", root);
	ck_assert_int_eq(rename(path, moved), 0);
	link_to("in/tcp", outside);
	ck_assert(send_path("in/tcp/a"));
	ck_assert(is_there("in/was/a"));
	ck_assert_uint_eq(files_below(outside), 0);
}
END_TEST

/* Where it cannot be made, the sentence says what and why. */
START_TEST(a_folder_that_cannot_be)
{
	int fd = open(root, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ck_assert_msg(strstr(courier.error.text, strerror(ENOTDIR)), "%s", courier.error.text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {one_empty_file_each,          the_limit_is_held,
				      who_removes_files_makes_room, names_do_not_escape,
				      links_are_not_followed,       an_open_folder_stays,
				      a_folder_that_cannot_be};
	Suite *suite = suite_create("tree");
	TCase *group = tcase_create("tree");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(group, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(group, tests[i]);
	suite_add_tcase(suite, group);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
