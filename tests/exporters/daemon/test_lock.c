/* One daemon per state directory. */
#include "lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "privileges.h"
#include "suite.h"
#include "wirecensus/error.h"

static char folder[32], state[64];
static struct wc_identity owner;
static struct wc_error error;

static void begin(void)
{
	strcpy(folder, "/tmp/test_lock.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(state, sizeof(state), "%s/state", folder);
	owner = (struct wc_identity){.uid = geteuid(), .group = getegid()};
}

static void end(void)
{
	rmdir(state);
	rmdir(folder);
}

START_TEST(only_one)
{
	int fd, other;

	begin();
	fd = wc_lock_take(state, &owner, &error);
	ck_assert_int_ge(fd, 0);
	other = wc_lock_take(state, &owner, &error);
	ck_assert_int_eq(other, WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "another daemon"));
	ck_assert_ptr_nonnull(strstr(error.text, state));
	close(fd);
	other = wc_lock_take(state, &owner, &error);
	ck_assert_int_ge(other, 0);
	close(other);
	end();
}
END_TEST

START_TEST(it_ends_with_its_process)
{
	int fd;
	pid_t child;

	begin();
	child = fork();
	if (!child) {
		fd = wc_lock_take(state, &owner, NULL);
		_exit(fd < 0); /* without closing it */
	}
	ck_assert_int_eq(waitpid(child, &fd, 0), child);
	ck_assert_int_eq(fd, 0);
	fd = wc_lock_take(state, &owner, &error);
	ck_assert_int_ge(fd, 0);
	close(fd);
	end();
}
END_TEST

START_TEST(directory_is_for_us_alone)
{
	struct stat made;
	int fd;

	begin();
	fd = wc_lock_take(state, &owner, &error);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(stat(state, &made), 0);
	ck_assert_uint_eq(made.st_mode & 0777 & ~0750u, 0);
	close(fd);
	end();
}
END_TEST

/* Nothing is written: a disk that is full or read-only is locked like any other. */
START_TEST(nothing_is_written)
{
	int fd;

	begin();
	fd = wc_lock_take(state, &owner, &error);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(rmdir(state), 0);
	close(fd);
	end();
}
END_TEST

START_TEST(no_place_for_it)
{
	begin();
	snprintf(state, sizeof(state), "%s/one/two", folder);
	ck_assert_int_eq(wc_lock_take(state, &owner, &error), WC_FAILED);
	ck_assert_ptr_nonnull(strstr(error.text, state));
	ck_assert_ptr_nonnull(strstr(error.text, "No such file or directory; make the one"));
	end();
}
END_TEST

/* What root's daemon finds, and goes on as another user: whose it is in the end, or 1 for refused.
 */
static uid_t given(uid_t uid, mode_t mode)
{
	struct stat now;
	int fd;

	ck_assert_int_eq(mkdir(state, 0700), 0);
	ck_assert_int_eq(chown(state, uid, 0), 0);
	ck_assert_int_eq(chmod(state, mode), 0);
	fd = wc_lock_take(state, &owner, &error);
	ck_assert_int_eq(stat(state, &now), 0);
	ck_assert_int_eq(rmdir(state), 0);
	if (fd >= 0) {
		close(fd);
		return now.st_uid;
	}
	ck_assert_uint_eq(now.st_uid, uid); /* as it was */
	ck_assert_ptr_nonnull(strstr(error.text, state));
	return 1;
}

/* Nobody else's directory is given away, and none that is everybody's. */
START_TEST(whose_it_becomes)
{
	struct stat made;
	int fd;

	if (geteuid())
		return;
	begin();
	owner = (struct wc_identity){.name = (char *)"nobody", .uid = 65534, .group = 65534};
	ck_assert_uint_eq(given(0, 0755), 65534);
	ck_assert_uint_eq(given(65534, 0700), 65534);
	ck_assert_uint_eq(given(65534, 01777), 65534);
	ck_assert_uint_eq(given(0, 01777), 1);
	ck_assert_ptr_nonnull(strstr(error.text, "is everybody's"));
	ck_assert_uint_eq(given(0, 0777), 1);
	ck_assert_uint_eq(given(2, 0755), 1);
	ck_assert_ptr_nonnull(strstr(error.text, "belongs to user 2"));
	owner = (struct wc_identity){.uid = 0};
	ck_assert_uint_eq(given(2, 0755), 1);
	ck_assert_uint_eq(given(0, 01777), 0);
	owner = (struct wc_identity){.name = (char *)"nobody", .uid = 65534, .group = 65534};
	fd = wc_lock_take(state, &owner, &error);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &made), 0);
	ck_assert_uint_eq(made.st_uid, 65534);
	close(fd);
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		only_one,
		it_ends_with_its_process,
		directory_is_for_us_alone,
		nothing_is_written,
		no_place_for_it,
		whose_it_becomes,
		NULL,
	};

	return suite_run("lock", tests, 60);
}
