/*
 * web_files.c - the file of a web configuration, and those that it names
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web_config.h"
#include "wirecensus/error.h"

static int fail(struct wc_error *error, const char *path, const char *reason)
{
	return wc_error_set(
		error, WC_FAILED,
		"web_config: cannot read %s: %s; it must be there for the user that the "
		"daemon runs as",
		path, reason);
}

/* Reads up to @room bytes. Returns how many there were, or -1 with errno set. */
static ssize_t read_all(int fd, char *text, size_t room)
{
	size_t length = 0;

	while (length < room) {
		ssize_t got = read(fd, text + length, room - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

/* Loads a regular file as text that ends with a NUL, to be freed. */
static int load(const char *path, char **text, size_t *length, struct wc_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *reason = NULL;
	struct stat info;
	ssize_t got = 0;

	*text = NULL;
	*length = 0;
	if (fd < 0)
		return fail(error, path, strerror(errno));
	if (fstat(fd, &info) || !S_ISREG(info.st_mode))
		reason = "it is not a file";
	else if (info.st_size > (off_t)WC_WEB_FILE_MAX)
		reason = "it is too large";
	else if (!(*text = calloc(1, WC_WEB_FILE_MAX + 1)) ||
		 (got = read_all(fd, *text, WC_WEB_FILE_MAX)) < 0)
		reason = strerror(errno);
	close(fd);
	*length = (size_t)got;
	if (!reason)
		return WC_OK;
	free(*text);
	*text = NULL;
	return fail(error, path, reason);
}

static int load_file(struct wc_web_file *file, struct wc_error *error)
{
	size_t length;

	return file->path ? load(file->path, &file->text, &length, error) : WC_OK;
}

int wc_web_config_read(struct wc_web_config **config, const char *path, struct wc_error *error)
{
	size_t length;
	char *text;
	int status = load(path, &text, &length, error);

	*config = NULL;
	if (!status)
		status = wc_web_config_parse(config, path, text, length, error);
	free(text);
	if (!status)
		status = load_file(&(*config)->certificate, error);
	if (!status)
		status = load_file(&(*config)->key, error);
	if (!status)
		status = load_file(&(*config)->client_ca, error);
	if (status) {
		wc_web_config_free(*config);
		*config = NULL;
	}
	return status;
}
