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
	end();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		only_one,           it_ends_with_its_process, directory_is_for_us_alone,
		nothing_is_written, no_place_for_it,          NULL,
	};

	return suite_run("lock", tests, 60);
}
