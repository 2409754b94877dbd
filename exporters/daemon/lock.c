#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wirecensus/error.h"

static int no_directory(const char *directory, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED,
			    "the state directory %s cannot be used: %s; name another by 'state'",
			    directory, strerror(errno));
}

/* Opens @directory itself, so that nothing in between can be exchanged. */
static int open_directory(const char *directory)
{
	if (mkdir(directory, 0750) && errno != EEXIST)
		return -1;
	return open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Gives what a descriptor stands for to @owner, where that is not so and this process may. */
static int give(int fd, uid_t owner, gid_t group)
{
	struct stat now;

	if (fstat(fd, &now))
		return -1;
	if (now.st_uid == owner || geteuid())
		return 0;
	return fchown(fd, owner, group);
}

static int lock_file(int directory, uid_t owner, gid_t group)
{
	int fd = openat(directory, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);

	if (fd >= 0 && (give(fd, owner, group) || flock(fd, LOCK_EX | LOCK_NB))) {
		int reason = errno;

		close(fd);
		errno = reason;
		return -1;
	}
	return fd;
}

int wc_lock_take(const char *path, uid_t owner, gid_t group, struct wc_error *error)
{
	int directory = open_directory(path);
	int fd;

	if (directory < 0)
		return no_directory(path, error);
	if (give(directory, owner, group)) {
		close(directory);
		return no_directory(path, error);
	}
	fd = lock_file(directory, owner, group);
	close(directory);
	if (fd < 0 && errno == EWOULDBLOCK)
		return wc_error_set(
			error, WC_INVALID,
			"another daemon runs with the state directory %s: stop it, or give "
			"this one a 'state' of its own",
			path);
	return fd < 0 ? no_directory(path, error) : fd;
}
