/*
 * config.c - the daemon's configuration, read and checked
 *
 * Of each file: its outline, which knows every name and its line; then the values, read
 * by libconfuse; then the files that it includes. What goes together is checked once all
 * are read.
 */
#include "config.h"

#include <stdlib.h>

#include "config_judge.h"
#include "config_reader.h"
#include "config_scan.h"
#include "wirecensus/error.h"

/* Returns 0, WC_INVALID with a complaint, or WC_FAILED with @error filled in. */
static int read_text(struct wc_config_reader *reader, char *text, struct wc_includes *includes,
		     struct wc_error *error)
{
	const struct wc_config_file *file = reader->files[reader->file_count - 1];
	struct wc_judge judge = {
		.outline = &reader->outline, .complaints = &reader->complaints, .file = file};
	enum wc_scan_end end;
	unsigned line;
	int status;

	if (!wc_judge_begin(&judge))
		return wc_error_no_memory(error, "for the configuration");
	end = wc_config_scan(text, &judge, &line);
	if (end == WC_SCAN_TOLD)
		return WC_INVALID;
	status = wc_config_values(reader, file, text, includes, error);
	if (!status && end == WC_SCAN_STOPPED)
		wc_complain(&reader->complaints, (struct wc_mark){file, line},
			    "this cannot be read; perhaps a } is missing or one too many");
	return status;
}

/* The values of what cannot be read are not known: nothing more is to be said of it. */
static void give_up(struct wc_config_reader *reader, const struct wc_config_file *file)
{
	for (size_t i = 0; i < reader->outline.count; i++)
		if (reader->outline.parts[i].mark.file == file)
			reader->outline.parts[i].unread = true;
}

static int read_file(struct wc_config_reader *reader, const char *path, const struct wc_mark *from,
		     struct wc_error *error);

static int read_include(struct wc_config_reader *reader, const struct wc_include *include,
			struct wc_error *error)
{
	char **paths;
	size_t count;
	int status = wc_config_expand(reader, include, &paths, &count, error);

	for (size_t i = 0; i < count; i++) {
		if (status != WC_FAILED)
			status = read_file(reader, paths[i], &include->mark, error);
		free(paths[i]);
	}
	free(paths);
	return status;
}

/* Reads one file and what it includes; no file is read twice, so this ends. */
static int read_file(struct wc_config_reader *reader, const char *path, const struct wc_mark *from,
		     struct wc_error *error)
{
	struct wc_includes includes = {0};
	char *text;
	int status = wc_config_load(reader, path, from, &text, error);

	if (status)
		return status;
	status = read_text(reader, text, &includes, error);
	free(text);
	if (status == WC_INVALID)
		give_up(reader, reader->files[reader->file_count - 1]);
	for (size_t i = 0; i < includes.count && status != WC_FAILED; i++)
		status = read_include(reader, &includes.items[i], error);
	wc_includes_free(&includes);
	return status;
}

static int begin(struct wc_config **config, struct wc_error *error)
{
	struct wc_section section;

	*config = calloc(1, sizeof(**config));
	if (!*config)
		return wc_error_no_memory(error, "for the configuration");
	for (size_t i = 0; wc_section_get(i, &section); i++)
		if (section.kind < WC_SECTION_CAPTURE &&
		    wc_option_defaults(&(*config)->daemon, section.table, error))
			return WC_FAILED;
	return WC_OK;
}

/* Returns 0, WC_INVALID when there are complaints, or WC_FAILED with @error filled in. */
static int read_all(struct wc_config_reader *reader, const char *path, struct wc_error *error)
{
	int status = begin(&reader->config, error);

	if (!status)
		status = read_file(reader, path, NULL, error);
	if (status == WC_FAILED || !reader->file_count)
		return status;
	status = wc_config_settle(reader, error);
	if (status)
		return status;
	if (reader->complaints.failed || reader->outline.failed)
		return wc_error_no_memory(error, "for the configuration");
	return reader->complaints.count ? WC_INVALID : WC_OK;
}

static void end(struct wc_config_reader *reader)
{
	wc_complaints_free(&reader->complaints);
	wc_outline_free(&reader->outline);
	for (size_t i = 0; i < reader->file_count; i++) {
		free(reader->files[i]->path);
		free(reader->files[i]);
	}
	free(reader);
}

int wc_config_read(struct wc_config **config, const char *path, wc_config_trial *http,
		   struct wc_buffer *complaints, struct wc_error *error)
{
	struct wc_config_reader *reader = calloc(1, sizeof(*reader));
	int status;

	*config = NULL;
	if (!reader)
		return wc_error_no_memory(error, "for the configuration");
	reader->http = http;
	status = read_all(reader, path, error);
	if (status == WC_INVALID && reader->complaints.count) {
		wc_complaints_write(&reader->complaints, complaints);
		wc_error_set(error, WC_INVALID, "the configuration %s has errors", path);
	}
	if (status)
		wc_config_free(reader->config);
	else
		*config = reader->config;
	end(reader);
	return status;
}

void wc_config_free(struct wc_config *config)
{
	struct wc_section section;

	if (!config)
		return;
	for (size_t i = 0; i < config->capture_count; i++) {
		wc_options_free(&config->captures[i].options);
		free(config->captures[i].name);
	}
	for (size_t i = 0; i < config->exporter_count; i++) {
		wc_option_clear(&config->exporters[i].options, wc_exporter_option_table);
		free(config->exporters[i].name);
	}
	free(config->captures);
	free(config->exporters);
	for (size_t i = 0; wc_section_get(i, &section); i++)
		if (section.kind < WC_SECTION_CAPTURE)
			wc_option_clear(&config->daemon, section.table);
	free(config);
}
