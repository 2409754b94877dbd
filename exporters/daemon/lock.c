#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "directory.h"
#include "wirecensus/error.h"

static int lock_file(int directory, const struct wc_identity *owner)
{
	int fd = openat(directory, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);

	if (fd >= 0 && (wc_directory_give(fd, owner) || flock(fd, LOCK_EX | LOCK_NB))) {
		int reason = errno;

		close(fd);
		errno = reason;
		return -1;
	}
	return fd;
}

int wc_lock_take(const char *path, const struct wc_identity *owner, struct wc_error *error)
{
	int directory = wc_directory_open(path, owner, error);
	int fd;

	if (directory < 0)
		return directory;
	fd = lock_file(directory, owner);
	close(directory);
	if (fd >= 0)
		return fd;
	if (errno == EWOULDBLOCK)
		return wc_error_set(
			error, WC_INVALID,
			"another daemon runs with the state directory %s: stop it, or give "
			"this one a 'state' of its own",
			path);
	return wc_error_set(error, WC_FAILED, "cannot lock the state directory %s: %s", path,
			    strerror(errno));
}
