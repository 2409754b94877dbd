/*
 * config_files.c - the files that a configuration is read from
 *
 * Each is read once: what is asked for again would be given twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_reader.h"
#include "wirecensus/error.h"

void wc_includes_free(struct wc_includes *includes)
{
	for (size_t i = 0; i < includes->count; i++)
		free(includes->items[i].pattern);
	free(includes->items);
	*includes = (struct wc_includes){0};
}

/* Says why @path cannot be had: the first file is an error of its own. */
static int refuse(struct wc_config_reader *reader, const char *path, const struct wc_mark *from,
		  enum wc_status status, const char *reason, struct wc_error *error)
{
	if (!from)
		return wc_error_set(error, status,
				    "cannot read the configuration %s: %s; name another one with "
				    "-c",
				    path, reason);
	wc_complain(&reader->complaints, *from, "include: cannot read %s: %s", path, reason);
	return WC_INVALID;
}

/* The same for errno: what only time can mend is no mistake of the configuration. */
static int refuse_errno(struct wc_config_reader *reader, const char *path,
			const struct wc_mark *from, struct wc_error *error)
{
	bool passing = errno == ENOMEM || errno == EMFILE || errno == ENFILE || errno == EIO;

	return refuse(reader, path, from, passing ? WC_FAILED : WC_INVALID, strerror(errno), error);
}

/* Reads all of @fd, and a NUL behind it. Returns NULL with errno set. */
static char *read_all(int fd, size_t *length)
{
	char *text = malloc(WC_CONFIG_FILE_MAX + 1);
	ssize_t got = 1;

	*length = 0;
	while (text && got > 0 && *length < WC_CONFIG_FILE_MAX) {
		got = read(fd, text + *length, WC_CONFIG_FILE_MAX - *length);
		if (got > 0)
			*length += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	if (!text || got < 0) {
		free(text);
		return NULL;
	}
	text[*length] = '\0';
	return text;
}

static bool read_before(const struct wc_config_reader *reader, const struct stat *info)
{
	for (size_t i = 0; i < reader->file_count; i++)
		if (reader->files[i]->device == info->st_dev &&
		    reader->files[i]->inode == info->st_ino)
			return true;
	return false;
}

static int add_file(struct wc_config_reader *reader, const char *path, const struct stat *info,
		    struct wc_error *error)
{
	struct wc_config_file *file = malloc(sizeof(*file));

	if (!file)
		return wc_error_no_memory(error, "for the configuration");
	*file = (struct wc_config_file){.path = strdup(path),
					.number = reader->file_count,
					.device = info->st_dev,
					.inode = info->st_ino};
	if (!file->path) {
		free(file);
		return wc_error_no_memory(error, "for the configuration");
	}
	reader->files[reader->file_count++] = file;
	return WC_OK;
}

/* What speaks against reading it, or NULL. The first may be a pipe. */
static const char *objection(const struct wc_config_reader *reader, const struct stat *info,
			     bool first)
{
	if (S_ISDIR(info->st_mode) || (!first && !S_ISREG(info->st_mode)))
		return "it is not a file";
	if (read_before(reader, info))
		return "it has been read already";
	if (reader->file_count == WC_CONFIG_FILES)
		return "there are too many files";
	return NULL;
}

/* Reads what @fd has into @text, and notes the file. */
static int take(struct wc_config_reader *reader, int fd, const char *path,
		const struct wc_mark *from, char **text, struct wc_error *error)
{
	const char *reason;
	struct stat info;
	size_t length;

	if (fstat(fd, &info))
		return refuse_errno(reader, path, from, error);
	reason = objection(reader, &info, !from);
	if (reason)
		return refuse(reader, path, from, WC_INVALID, reason, error);
	*text = read_all(fd, &length);
	if (!*text)
		return refuse_errno(reader, path, from, error);
	if (length == WC_CONFIG_FILE_MAX)
		reason = "it is larger than a configuration";
	else if (strlen(*text) != length)
		reason = "it has a NUL in it and is no text";
	if (!reason)
		return add_file(reader, path, &info, error);
	return refuse(reader, path, from, WC_INVALID, reason, error);
}

int wc_config_load(struct wc_config_reader *reader, const char *path, const struct wc_mark *from,
		   char **text, struct wc_error *error)
{
	/* A pipe that is found in the place of a file must not be waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | (from ? O_NONBLOCK : 0));
	int status;

	*text = NULL;
	if (fd < 0)
		return refuse_errno(reader, path, from, error);
	status = take(reader, fd, path, from, text, error);
	close(fd);
	if (status) {
		free(*text);
		*text = NULL;
	}
	return status;
}

/* A relative path begins where the file that asks for it is. Returns it, to be freed, or NULL. */
static char *resolve(const struct wc_include *include)
{
	const char *path = include->mark.file->path;
	const char *slash = strrchr(path, '/');
	char *whole = NULL;

	if (*include->pattern == '/' || !slash)
		return strdup(include->pattern);
	if (asprintf(&whole, "%.*s/%s", (int)(slash - path), path, include->pattern) < 0)
		return NULL;
	return whole;
}

static int copy_paths(const glob_t *found, char ***paths, size_t *count, struct wc_error *error)
{
	*paths = calloc(found->gl_pathc, sizeof(**paths));
	if (!*paths)
		return wc_error_no_memory(error, "for the configuration");
	for (; *count < found->gl_pathc; (*count)++) {
		(*paths)[*count] = strdup(found->gl_pathv[*count]);
		if (!(*paths)[*count])
			return wc_error_no_memory(error, "for the configuration");
	}
	return WC_OK;
}

int wc_config_expand(struct wc_config_reader *reader, const struct wc_include *include,
		     char ***paths, size_t *count, struct wc_error *error)
{
	glob_t found = {0};
	char *pattern = resolve(include);
	int status = WC_OK;
	int result;

	*paths = NULL;
	*count = 0;
	if (!pattern)
		return wc_error_no_memory(error, "for the configuration");
	result = glob(pattern, 0, NULL, &found);
	if (!result)
		status = copy_paths(&found, paths, count, error);
	else if (result == GLOB_NOSPACE)
		status = wc_error_no_memory(error, "for the configuration");
	/* Files that may or may not be there are asked for with a wildcard. */
	else if (!strpbrk(pattern, "*?["))
		wc_complain(&reader->complaints, include->mark,
			    "include: there is no %s; write a wildcard for files that may be "
			    "missing",
			    pattern);
	globfree(&found);
	free(pattern);
	return status;
}
