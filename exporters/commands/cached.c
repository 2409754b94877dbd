#include "cached.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "wirecensus/error.h"

/* The first line of what is kept, by which it is told from a file that was named by mistake. */
static const char mark[] = "report of wirecensus, kept by --cache\n";

#define MARK_LENGTH (sizeof(mark) - 1)

/* One of the future was dated by another clock, and is not to be trusted. */
static bool is_fresh(const struct stat *status, uint64_t seconds)
{
	time_t now = time(NULL);

	return status->st_size && status->st_mtime <= now &&
	       (uint64_t)(now - status->st_mtime) <= seconds;
}

/* Kept by whoever asks now, or empty: what others wrote is neither shown nor replaced. */
static bool is_ours(int fd, const struct stat *status)
{
	char start[MARK_LENGTH];

	if (!S_ISREG(status->st_mode) || status->st_uid != geteuid())
		return false;
	return !status->st_size || (read(fd, start, sizeof(start)) == sizeof(start) &&
				    !memcmp(start, mark, sizeof(start)));
}

static int not_ours(const char *path, struct wc_error *error)
{
	return wc_error_set(error, WC_INVALID,
			    "--cache: '%s' is there already and is no report that you kept: name "
			    "another file, or remove this one",
			    path);
}

static int cannot_read(const char *path, struct wc_error *error)
{
	if (errno == ENOENT)
		return WC_OK;
	if (errno == ELOOP)
		return not_ours(path, error);
	return wc_error_set(error, WC_FAILED, "--cache: cannot read '%s': %m", path);
}

int wc_cached_read(const char *path, uint64_t seconds, struct wc_buffer *out, bool *fresh,
		   struct wc_error *error)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	size_t before = out->length;
	struct stat status;
	char piece[65536];
	ssize_t got = 0;
	int failed = WC_OK;

	*fresh = false;
	if (fd < 0)
		return cannot_read(path, error);
	if (fstat(fd, &status) || !is_ours(fd, &status))
		failed = not_ours(path, error);
	else if (is_fresh(&status, seconds))
		while ((got = read(fd, piece, sizeof(piece))) > 0)
			wc_buffer_add(out, piece, (size_t)got);
	close(fd);
	*fresh = !got && out->length > before;
	return failed;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

/* As open(2) would have made it, but for nobody else to write. */
static bool publish(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return !fchmod(fd, (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) & ~mask);
}

int wc_cached_write(const char *path, const struct wc_buffer *bytes, struct wc_error *error)
{
	char *beside = NULL;
	int fd = -1;
	bool good;

	if (asprintf(&beside, "%s.XXXXXX", path) < 0)
		return wc_error_no_memory(error, "to keep it");
	fd = mkostemp(beside, O_CLOEXEC);
	good = fd >= 0 && write_all(fd, mark, MARK_LENGTH) &&
	       write_all(fd, bytes->data, bytes->length) && publish(fd) && !rename(beside, path);
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
