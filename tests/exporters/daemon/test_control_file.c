/* The control socket in the file system: what it replaces, and what it leaves alone. */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control_bed.h"
#include "suite.h"

static struct bed bed;

static int open_second(struct wc_error *error)
{
	struct wc_control *second = NULL;

	return wc_control_open(&second, bed.path, NULL, &bed.board, &bed.actions, error);
}

START_TEST(test_file)
{
	const struct group *found = getgrnam(BED_GROUP);
	struct wc_error error;
	struct stat file;

	bed_open(&bed, NULL);
	ck_assert_int_eq(lstat(bed.path, &file), 0);
	ck_assert_uint_eq(file.st_mode, S_IFSOCK | 0600);
	/* A daemon that lives keeps its socket. */
	ck_assert_int_eq(open_second(&error), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "another daemon listens at"));
	bed_expect(&bed, "x",
		   "ERROR 2 there is no request 'x': show, status, snapshot, dump and "
		   "reload are answered\n");
	bed_close(&bed);

	if (found && geteuid() == 0) {
		bed_open(&bed, BED_GROUP);
		ck_assert_int_eq(lstat(bed.path, &file), 0);
		ck_assert_uint_eq(file.st_mode, S_IFSOCK | 0660);
		ck_assert_uint_eq(file.st_gid, found->gr_gid);
		/* Whoever it is given to may connect, and the group still. */
		ck_assert_int_eq(wc_control_give(bed.control, 65534, &error), 0);
		ck_assert_int_eq(lstat(bed.path, &file), 0);
		ck_assert_uint_eq(file.st_mode, S_IFSOCK | 0660);
		ck_assert_uint_eq(file.st_uid, 65534);
		ck_assert_uint_eq(file.st_gid, found->gr_gid);
		bed_close(&bed);
	}
}
END_TEST

/* What a daemon that was killed left behind is replaced. */
START_TEST(test_stale)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct wc_error error;
	struct wc_control *again;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	bed_make(&bed);
	strcpy(bed.folder, "/tmp/wirecensus-control-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(bed.folder));
	snprintf(bed.path, sizeof(bed.path), "%s/control.sock", bed.folder);
	strcpy(address.sun_path, bed.path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	ck_assert_msg(!wc_control_open(&again, bed.path, NULL, &bed.board, &bed.actions, &error),
		      "%s", error.text);
	bed.control = again;
	bed_expect(&bed, "status x", "ERROR 2 status takes no argument 'x'\n");
	bed_close(&bed);
}
END_TEST

/* What is not a socket is left alone, and so is what came in the place of ours. */
START_TEST(test_not_ours)
{
	struct wc_error error;
	char target[160], wanted[256];
	struct stat file;
	FILE *made;

	bed_open(&bed, NULL);
	snprintf(target, sizeof(target), "%s/target", bed.folder);
	made = fopen(target, "w");
	ck_assert_ptr_nonnull(made);
	fclose(made);
	ck_assert_int_eq(unlink(bed.path), 0);
	ck_assert_int_eq(symlink(target, bed.path), 0);
	ck_assert_int_eq(open_second(&error), WC_FAILED);
	snprintf(wanted, sizeof(wanted),
		 "'%s' is not a socket: remove it, or name another control socket", bed.path);
	ck_assert_str_eq(error.text, wanted);
	wc_control_close(bed.control);
	ck_assert_int_eq(lstat(bed.path, &file), 0);
	ck_assert(S_ISLNK(file.st_mode));
	unlink(bed.path);
	unlink(target);
	rmdir(bed.folder);
}
END_TEST

START_TEST(test_wrong_path)
{
	char path[200];
	struct wc_error error;
	struct wc_control *control;

	bed_make(&bed);
	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(wc_control_open(&control, path, NULL, &bed.board, &bed.actions, &error),
			 WC_INVALID);
	ck_assert_int_eq(wc_control_open(&control, "/nowhere/at/all", NULL, &bed.board,
					 &bed.actions, &error),
			 WC_FAILED);
	ck_assert_str_eq(error.text,
			 "cannot make the control socket '/nowhere/at/all': No such file "
			 "or directory; its directory must be there");
	ck_assert_int_eq(wc_control_open(&control, "/nowhere/at/all", "no-such-group", &bed.board,
					 &bed.actions, &error),
			 WC_INVALID);
	ck_assert_ptr_eq(strstr(error.text, "there is no group 'no-such-group' that could"),
			 error.text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {test_file, test_stale, test_not_ours, test_wrong_path, NULL};

	return suite_run("control file", tests, 60);
}
