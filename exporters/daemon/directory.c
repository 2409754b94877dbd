#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "privileges.h"
#include "wirecensus/error.h"

static int unusable(const char *path, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED,
			    "the directory %s cannot be used: %s; make it, or name another in the "
			    "configuration",
			    path, strerror(errno));
}

int wc_directory_give(int fd, const struct wc_identity *owner)
{
	struct stat now;

	if (fstat(fd, &now))
		return -1;
	if (now.st_uid == owner->uid || geteuid())
		return 0;
	return fchown(fd, owner->uid, owner->group);
}

int wc_directory_open(const char *path, const struct wc_identity *owner, struct wc_error *error)
{
	int fd;

	if (mkdir(path, 0750) && errno != EEXIST)
		return unusable(path, error);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return unusable(path, error);
	if (wc_directory_give(fd, owner)) {
		unusable(path, error);
		close(fd);
		return WC_FAILED;
	}
	return fd;
}

int wc_directory_of(const char *path, const struct wc_identity *owner, struct wc_error *error)
{
	const char *slash = strrchr(path, '/');
	char *directory = slash > path ? strndup(path, (size_t)(slash - path)) : NULL;
	struct stat there;
	int fd = WC_OK;

	/* One that is there stays whose it is: it may be everybody's. */
	if (directory && stat(directory, &there))
		fd = wc_directory_open(directory, owner, error);
	if (fd > 0)
		close(fd);
	free(directory);
	return fd < 0 ? fd : WC_OK;
}
