#include "stored.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wirecensus/error.h"

int wc_stored_open(struct wc_stored *stored, const char *path, const char *name,
		   struct wc_error *error)
{
	struct stat status;
	off_t start;

	*stored = (struct wc_stored){.given = strcmp(path, "-") == 0, .patience_ms = -1};
	stored->fd = stored->given ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (stored->fd < 0 || fstat(stored->fd, &status) < 0)
		return wc_error_set(error, WC_FAILED, "cannot open %s: %s", name, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return wc_error_set(error, WC_FAILED,
				    "%s is a directory; name the capture files in it", name);
	stored->regular = S_ISREG(status.st_mode);
	start = lseek(stored->fd, 0, SEEK_CUR);
	if (stored->regular && start >= 0 && start < status.st_size)
		stored->size = (uint64_t)(status.st_size - start);
	posix_fadvise(stored->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

void wc_stored_close(struct wc_stored *stored)
{
	if (stored->fd >= 0 && !stored->given)
		close(stored->fd);
}

ssize_t wc_stored_read(struct wc_stored *stored, uint8_t *out, size_t size)
{
	struct pollfd pollfd = {.fd = stored->fd, .events = POLLIN};
	int ready = stored->regular ? 1 : poll(&pollfd, 1, stored->patience_ms);
	ssize_t got = -1;

	if (ready == 0)
		return WC_STORED_WAIT;
	if (ready > 0)
		got = read(stored->fd, out, size);
	if (got < 0) {
		bool passing = errno == EINTR || errno == EAGAIN;

		return passing && stored->patience_ms >= 0 ? WC_STORED_WAIT : WC_STORED_FAILED;
	}
	stored->position += (uint64_t)got;
	return got;
}
