#include "journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "wirecensus/error.h"

#define MODE 0640

/* Names of one second: set aside several times in it, a file gets a number behind the time. */
#define ASIDE_TRIES 100

static char *resolve(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *folder =
		slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	char *real = folder ? realpath(folder, NULL) : NULL, *resolved = NULL;

	if (real && asprintf(&resolved, "%s/%s", strcmp(real, "/") ? real : "", name) < 0)
		resolved = NULL;
	free(folder);
	free(real);
	return resolved;
}

static int take_lock(const char *path, int *lock, struct wc_error *error)
{
	char *name;
	int fd;

	if (asprintf(&name, "%s.lock", path) < 0)
		return wc_error_set(error, WC_FAILED, "no memory for the journal");
	fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd < 0)
		wc_error_set(error, WC_FAILED,
			     "%s cannot be opened: %s; is its directory there, and this user's?",
			     name, strerror(errno));
	free(name);
	if (fd < 0)
		return WC_FAILED;
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		close(fd);
		return wc_error_set(error, WC_INVALID,
				    "the journal %s is in use by another wirecensus: end it, or "
				    "give this one a path of its own",
				    path);
	}
	*lock = fd;
	return WC_OK;
}

int wc_journal_file_claim(const char *path, char **resolved, int *lock, struct wc_error *error)
{
	char *made = resolve(path);
	int status;

	*lock = -1;
	if (!made)
		return wc_error_set(error, WC_FAILED,
				    "the directory of the journal %s: %s; make it, or give "
				    "another path",
				    path, strerror(errno));
	status = take_lock(made, lock, error);
	if (status) {
		free(made);
		return status;
	}
	*resolved = made;
	return WC_OK;
}

void wc_journal_file_release(int lock)
{
	if (lock >= 0)
		close(lock);
}

/* Never opens a file that is there: closing it would end SQLite's locks on it (fcntl(2)). */
int wc_journal_file_make(const char *path, struct wc_error *error)
{
	struct stat found;
	int fd, status;

	if (!lstat(path, &found)) {
		if (S_ISREG(found.st_mode))
			return WC_OK;
		return wc_error_set(error, WC_INVALID,
				    "the journal %s is %s: give the path of a file", path,
				    S_ISLNK(found.st_mode) ? "a symbolic link" : "no file");
	}
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd < 0)
		return wc_error_set(error, WC_FAILED, "the journal %s cannot be made: %s", path,
				    strerror(errno));
	/* The umask may have taken what the group needs to read. */
	status = fchmod(fd, MODE);
	if (status)
		wc_error_set(error, WC_FAILED, "the mode of %s: %s", path, strerror(errno));
	close(fd);
	return status ? WC_FAILED : WC_OK;
}

/* A name that is free. Returns NULL without memory, or when all are taken. */
static char *aside_name(const char *path)
{
	time_t now = time(NULL);
	struct tm utc;
	char stamp[32], *name;

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	for (int i = 0; i < ASIDE_TRIES; i++) {
		char number[16] = "";

		if (i)
			snprintf(number, sizeof(number), "-%02d", i);
		if (asprintf(&name, "%s.bad-%s%s", path, stamp, number) < 0)
			return NULL;
		if (access(name, F_OK) && errno == ENOENT)
			return name;
		free(name);
	}
	return NULL;
}

static void move_beside(const char *path, const char *aside, const char *suffix)
{
	char *from = NULL, *to = NULL;

	if (asprintf(&from, "%s%s", path, suffix) < 0)
		from = NULL;
	if (asprintf(&to, "%s%s", aside, suffix) < 0)
		to = NULL;
	/* A WAL that stayed would be taken for the new file's. */
	if (from && (!to || rename(from, to)))
		unlink(from);
	free(from);
	free(to);
}

static void remove_beside(const char *path, const char *suffix)
{
	char *name;

	if (asprintf(&name, "%s%s", path, suffix) < 0)
		return;
	unlink(name);
	free(name);
}

void wc_journal_file_clean(const char *path)
{
	remove_beside(path, "-wal");
	remove_beside(path, "-shm");
}

/* Names end with their time, so that the oldest come first. */
static void remove_oldest(const char *path)
{
	size_t beside = strlen("-wal"), kept = 0;
	glob_t found;
	char *pattern;

	if (asprintf(&pattern, "%s.bad-*", path) < 0)
		return;
	if (!glob(pattern, 0, NULL, &found)) {
		for (size_t i = found.gl_pathc; i-- > 0;) {
			const char *end = found.gl_pathv[i] + strlen(found.gl_pathv[i]) - beside;

			if (!strcmp(end, "-wal") || !strcmp(end, "-shm") ||
			    ++kept <= WC_JOURNAL_ASIDE)
				continue;
			unlink(found.gl_pathv[i]);
			wc_journal_file_clean(found.gl_pathv[i]);
		}
		globfree(&found);
	}
	free(pattern);
}

int wc_journal_file_set_aside(const char *path, char **aside, struct wc_error *error)
{
	char *name = aside_name(path);

	if (!name)
		return wc_error_set(error, WC_FAILED, "the damaged journal %s finds no new name",
				    path);
	/* The file goes last: if the others fail, it is found again as it was. */
	move_beside(path, name, "-wal");
	move_beside(path, name, "-shm");
	if (rename(path, name)) {
		wc_error_set(error, WC_FAILED, "the damaged journal %s cannot be set aside: %s",
			     path, strerror(errno));
		free(name);
		return WC_FAILED;
	}
	remove_oldest(path);
	*aside = name;
	return WC_OK;
}
