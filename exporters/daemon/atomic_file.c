#include "atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"
#include "wirecensus/error.h"

#define MODE  0640
#define FLAGS (O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)

/* Makes the file of the name @draft; one that a killed daemon left behind is removed first. */
static int make(int folder, const char *draft)
{
	int fd = openat(folder, draft, FLAGS, MODE);

	if (fd < 0 && errno == EEXIST && !unlinkat(folder, draft, 0))
		fd = openat(folder, draft, FLAGS, MODE);
	return fd;
}

/* Returns 0 or an errno. */
static int fill(int fd, const struct wc_buffer *bytes)
{
	size_t done = 0;

	if (fchmod(fd, MODE)) /* whatever the umask */
		return errno;
	while (done < bytes->length) {
		ssize_t written = write(fd, bytes->data + done, bytes->length - done);

		if (written < 0 && errno != EINTR)
			return errno;
		done += written > 0 ? (size_t)written : 0;
	}
	return fsync(fd) ? errno : 0;
}

int wc_atomic_file_write(int folder, const char *name, const char *path,
			 const struct wc_buffer *bytes, struct wc_error *error)
{
	char draft[NAME_MAX + 1];
	int length = snprintf(draft, sizeof(draft), ".%s.new", name);
	int reason, fd = -1;

	if (length < 0 || (size_t)length >= sizeof(draft))
		return wc_error_set(error, WC_FAILED,
				    "the name of '%s' is too long for a file: give the capture a "
				    "shorter one",
				    path);
	fd = make(folder, draft);
	reason = fd < 0 ? errno : fill(fd, bytes);
	if (fd >= 0 && close(fd) && !reason)
		reason = errno;
	if (!reason && renameat(folder, draft, folder, name))
		reason = errno;
	if (!reason) {
		fsync(folder); /* the new name; without it the old file may be back after a crash */
		return WC_OK;
	}
	if (fd >= 0)
		unlinkat(folder, draft, 0);
	return wc_error_set(error, WC_FAILED, "cannot write '%s': %s", path, strerror(reason));
}
