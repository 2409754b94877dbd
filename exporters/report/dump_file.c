#include "dump_file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump_fields.h"
#include "dump_rows.h"
#include "wirecensus/error.h"

void wc_dump_host_forget(struct wc_dump_host *host)
{
	for (size_t i = 0; i < host->name_count; i++)
		free(host->names[i]);
	free(host->names);
	host->names = NULL;
	host->name_count = 0;
}

void wc_dump_file_free(struct wc_dump_file *file)
{
	if (!file)
		return;
	for (size_t i = 0; i < file->host_count; i++)
		wc_dump_host_forget(&file->hosts[i]);
	free(file->hosts);
	free(file->ports);
	free(file->protocols);
	free(file->path);
	free(file->host);
	free(file->instance);
	free(file->capture);
	free(file->observer);
	free(file);
}

struct reading {
	struct wc_dump_file *file;
	struct wc_error *error;
	uint64_t row, rows; /* of the last line, and how many there must be */
};

static int damaged(const struct reading *reading, const char *what)
{
	return wc_error_set(reading->error, WC_FAILED, "'%s', line %llu: %s: fetch it again",
			    reading->file->path, (unsigned long long)reading->row + 1, what);
}

/* The first line says that it is a dump file at all. */
static bool is_dump(const json_t *row)
{
	const char *type;

	return wc_dump_text(row, "type", &type) && !strcmp(type, "dump");
}

static int read_line(struct reading *reading, const char *line, size_t length)
{
	json_t *row = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	uint64_t number;
	int status = WC_OK;

	if (!reading->row && !(row && is_dump(row)))
		status = wc_error_set(reading->error, WC_FAILED,
				      "'%s' is no dump file of wirecensus: these are what 'dump' "
				      "writes as .json",
				      reading->file->path);
	else if (!row)
		status = damaged(reading, "this is no JSON");
	else if (!wc_dump_number(row, "row", &number) || number != reading->row + 1 ||
		 !wc_dump_number(row, "rows", &reading->rows))
		status = damaged(reading, "a row is missing before it");
	else if (!wc_dump_row(reading->file, row))
		status = damaged(reading, "a field is missing, or not what it must be");
	reading->row++;
	json_decref(row);
	return status;
}

static int read_lines(struct reading *reading, FILE *stream)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	int status = WC_OK;

	while (!status && (length = getline(&line, &size, stream)) > 0)
		status = read_line(reading, line, (size_t)length);
	free(line);
	if (!status && ferror(stream))
		return wc_error_set(reading->error, WC_FAILED, "'%s' cannot be read: %m",
				    reading->file->path);
	if (!status && !reading->row)
		return wc_error_set(reading->error, WC_FAILED, "'%s' is empty",
				    reading->file->path);
	if (!status && reading->row < reading->rows)
		return wc_error_set(reading->error, WC_FAILED,
				    "'%s' is cut short: %llu of its %llu rows are there",
				    reading->file->path, (unsigned long long)reading->row,
				    (unsigned long long)reading->rows);
	return status;
}

int wc_dump_file_read(struct wc_dump_file **file, const char *path, struct wc_error *error)
{
	struct wc_dump_file *made = calloc(1, sizeof(*made));
	struct reading reading = {.file = made, .error = error};
	FILE *stream;
	int status;

	if (made)
		made->path = strdup(path);
	if (!made || !made->path) {
		free(made);
		return wc_error_no_memory(error, "for a dump file");
	}
	stream = fopen(path, "re");
	if (stream) {
		status = read_lines(&reading, stream);
		fclose(stream);
	} else {
		status = wc_error_set(error, WC_FAILED, "'%s' cannot be read: %m", path);
	}
	if (status)
		wc_dump_file_free(made);
	else
		*file = made;
	return status;
}
