#include "cached.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "wirecensus/error.h"

/* One of the future was dated by another clock, and is not to be trusted. */
static bool is_fresh(int fd, uint64_t seconds)
{
	struct stat status;
	time_t now = time(NULL);

	return !fstat(fd, &status) && S_ISREG(status.st_mode) && status.st_mtime <= now &&
	       (uint64_t)(now - status.st_mtime) <= seconds;
}

bool wc_cached_read(const char *path, uint64_t seconds, struct wc_buffer *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char piece[65536];
	ssize_t got = -1;

	if (fd < 0)
		return false;
	if (is_fresh(fd, seconds))
		while ((got = read(fd, piece, sizeof(piece))) > 0)
			wc_buffer_add(out, piece, (size_t)got);
	close(fd);
	return !got;
}

static bool write_all(int fd, const struct wc_buffer *bytes)
{
	size_t at = 0;

	while (at < bytes->length) {
		ssize_t written = write(fd, bytes->data + at, bytes->length - at);

		if (written < 0)
			return false;
		at += (size_t)written;
	}
	return !fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

int wc_cached_write(const char *path, const struct wc_buffer *bytes, struct wc_error *error)
{
	char *beside = NULL;
	int fd = -1;
	bool good;

	if (asprintf(&beside, "%s.XXXXXX", path) < 0)
		return wc_error_no_memory(error, "to keep it");
	fd = mkostemp(beside, O_CLOEXEC);
	good = fd >= 0 && write_all(fd, bytes) && !rename(beside, path);
	if (!good)
		wc_error_set(error, WC_FAILED, "--cache: cannot write '%s': %m", path);
	if (fd >= 0) {
		close(fd);
		if (!good)
			unlink(beside);
	}
	free(beside);
	return good ? WC_OK : WC_FAILED;
}
