#include "ipfix_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "exporter_options.h"
#include "format.h"
#include "messages.h"
#include "wirecensus/error.h"

/* Longer than any message of the format. */
#define LONGEST 65535

struct wc_ipfix_file {
	FILE *stream;
	char *path;
	const struct wc_format *format;
	struct wc_exporter_options options;
	void *state;
	struct wc_messages messages;
	uint64_t written, records; /* messages, and records in them */
};

static int cannot_write(const struct wc_ipfix_file *file, struct wc_error *error)
{
	return wc_error_set(error, WC_FAILED, "cannot write the IPFIX file '%s': %s", file->path,
			    strerror(errno));
}

/* What has no bytes of another format: every message begins with the version 10 (RFC 7011). */
static bool may_replace(int fd)
{
	static const char version[] = {0, 10};
	char start[sizeof(version)];
	struct stat status;

	if (fstat(fd, &status) || !S_ISREG(status.st_mode) || !status.st_size)
		return true;
	return pread(fd, start, sizeof(start), 0) == sizeof(start) &&
	       !memcmp(start, version, sizeof(version));
}

/*
 * Opens the stream at the file's path. A capture there stays: who forgets the name in
 * "--ipfix *.pcap" has named the first of them.
 */
static int open_stream(struct wc_ipfix_file *file, struct wc_error *error)
{
	struct stat status;
	bool regular = !stat(file->path, &status) && S_ISREG(status.st_mode);
	int fd = open(file->path, (regular ? O_RDWR : O_WRONLY) | O_CREAT | O_CLOEXEC, 0666);

	if (fd >= 0 && !may_replace(fd)) {
		close(fd);
		return wc_error_set(error, WC_INVALID,
				    "--ipfix: '%s' is there already and is no IPFIX file: name "
				    "the file to write, or remove this one",
				    file->path);
	}
	if (fd >= 0 && (!regular || !ftruncate(fd, 0)))
		file->stream = fdopen(fd, "w");
	if (file->stream)
		return WC_OK;
	cannot_write(file, error);
	if (fd >= 0)
		close(fd);
	return WC_FAILED;
}

static int write_messages(struct wc_ipfix_file *file, struct wc_error *error)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	for (size_t i = 0; i < file->messages.count; i++) {
		const struct wc_message *message = &file->messages.items[i];
		char *bytes = file->messages.bytes.data + message->offset;
		struct wc_stamp stamp = {
			.before = file->records,
			.records = message->records,
			.messages = file->written,
			.wall_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec,
		};

		file->format->stamp(file->state, bytes, message->length, &stamp);
		file->written++;
		file->records += message->records;
		if (fwrite(bytes, 1, message->length, file->stream) != message->length)
			return cannot_write(file, error);
	}
	wc_messages_clear(&file->messages, 0);
	return WC_OK;
}

static int begin(struct wc_ipfix_file *file, struct wc_error *error)
{
	static const char *const kinds[] = {"conversation", "port", "protocol",
					    "ethertype",    "host", "scanner"};
	static const char *const captures[] = {"read"};
	struct wc_framing framing = {.longest = LONGEST, .captures = captures, .capture_count = 1};
	int status = wc_option_defaults(&file->options, wc_exporter_option_table, error);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds) && !status; i++)
		status = wc_texts_add(&file->options.rows, kinds[i], error);
	if (!status)
		status = file->format->open(&file->state, &file->options, &framing, error);
	if (!status)
		status = file->format->greet(file->state, &file->messages, error);
	if (!status)
		status = write_messages(file, error);
	return status;
}

int wc_ipfix_file_open(struct wc_ipfix_file **file, const char *path, struct wc_error *error)
{
	const struct wc_format *format = wc_format_find("ipfix");
	struct wc_ipfix_file *made;
	int status;

	if (!format)
		return wc_error_set(error, WC_INVALID,
				    "this build has no IPFIX: build with -DWC_IPFIX=ON");
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_no_memory(error, "for IPFIX");
	made->format = format;
	made->path = strdup(path);
	status = made->path ? open_stream(made, error) : wc_error_no_memory(error, "for IPFIX");
	if (!status)
		status = begin(made, error);
	if (status)
		wc_ipfix_file_close(made, NULL);
	else
		*file = made;
	return status;
}

int wc_ipfix_file_write(struct wc_ipfix_file *file, const struct wc_context *context,
			const struct wc_snapshot *snapshot, struct wc_error *error)
{
	int status = file->format->encode(file->state, context, snapshot, &file->messages, error);

	return status ? status : write_messages(file, error);
}

int wc_ipfix_file_close(struct wc_ipfix_file *file, struct wc_error *error)
{
	int status = WC_OK;

	if (!file)
		return WC_OK;
	if (file->stream && fclose(file->stream))
		status = cannot_write(file, error);
	if (file->state)
		file->format->close(file->state);
	wc_messages_free(&file->messages);
	wc_option_clear(&file->options, wc_exporter_option_table);
	free(file->path);
	free(file);
	return status;
}
