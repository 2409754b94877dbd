#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "privileges.h"
#include "wirecensus/error.h"

static const char *remedy(int reason)
{
	switch (reason) {
	case ENOENT:
		return "make the one that it is to lie in, or name another";
	case EACCES:
	case EPERM:
		return "give this user the right to it, or name another";
	default:
		return "name another";
	}
}

static int unusable(const char *path, struct wc_error *error)
{
	int reason = errno;

	return wc_error_set(error, WC_FAILED,
			    "the directory %s cannot be used: %s; %s in the configuration", path,
			    strerror(reason), remedy(reason));
}

/*
 * Is the directory that was found one that may become @owner's? Root's may, but for those
 * that are everybody's.
 */
static int check_found(const char *path, const struct stat *found, const struct wc_identity *owner,
		       struct wc_error *error)
{
	if (found->st_uid)
		return wc_error_set(
			error, WC_FAILED,
			"the directory %s belongs to user %u, and the daemon runs as user "
			"%u: name that user, or another directory, in the configuration",
			path, (unsigned)found->st_uid, (unsigned)owner->uid);
	if (found->st_mode & (S_IWOTH | S_ISVTX))
		return wc_error_set(
			error, WC_FAILED,
			"the directory %s is everybody's: name one for the daemon alone in "
			"the configuration",
			path);
	return WC_OK;
}

/* Gives @fd to @owner, if this process is root's. */
static int give(int fd, const char *path, const struct wc_identity *owner, bool made,
		struct wc_error *error)
{
	struct stat found;
	int status = WC_OK;

	if (fstat(fd, &found))
		return unusable(path, error);
	if (found.st_uid == owner->uid || geteuid())
		return WC_OK;
	if (!made)
		status = check_found(path, &found, owner, error);
	if (status)
		return status;
	if (fchown(fd, owner->uid, owner->group))
		return unusable(path, error);
	if (!made)
		wc_log(WC_LOG_NOTICE, "the directory %s was root's, and is user %u's now", path,
		       (unsigned)owner->uid);
	return WC_OK;
}

int wc_directory_open(const char *path, const struct wc_identity *owner, struct wc_error *error)
{
	bool made = !mkdir(path, 0750);
	int fd, status;

	if (!made && errno != EEXIST)
		return unusable(path, error);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (made ? O_NOFOLLOW : 0));
	if (fd < 0)
		return unusable(path, error);
	status = give(fd, path, owner, made, error);
	if (!status)
		return fd;
	close(fd);
	return status;
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
