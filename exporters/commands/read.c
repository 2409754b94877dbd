#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "hostnames.h"
#include "ipfix_file.h"
#include "meter.h"
#include "output.h"
#include "session.h"
#include "stop.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

/* Between two looks at the clock and at signals: some milliseconds. */
#define BATCH_FRAMES 65536

struct reader {
	struct wc_session session;
	const struct wc_options *options;
	struct wc_ipfix_file *ipfix; /* NULL: not asked for */
	struct wc_error last; /* told last: the same sentence is not told again for the next file */
	int code;
	bool broken; /* standard output takes nothing more */
};

static void complain(struct reader *reader, const struct wc_error *error, int status)
{
	int code = wc_command_exit(status);

	if (strcmp(error->text, reader->last.text) != 0)
		wc_output_complain(error);
	reader->last = *error;
	if (code > reader->code)
		reader->code = code;
}

/* Counts a file to its end, or as far as it goes; what stopped it is in the result and @error. */
static int count(struct wc_census *census, const char *path, struct wc_error *error)
{
	struct wc_meter meter;
	uint64_t done, all;
	int status;

	wc_meter_begin(&meter, path);
	while ((status = wc_census_read(census, BATCH_FRAMES, error)) > 0) {
		if (wc_stop_asked()) {
			status = wc_error_set(error, WC_FAILED,
					      "interrupted: '%s' was not read to its end", path);
			break;
		}
		wc_census_progress(census, &done, &all);
		wc_meter_update(&meter, done, all);
	}
	wc_meter_end(&meter);
	return status;
}

/* Writes @snapshot to the session's text: with names twice, at first only to ask for them. */
static void encode(struct reader *reader, const struct wc_snapshot *snapshot)
{
	struct wc_session *session = &reader->session;
	char text[64];
	uint64_t unanswered;

	wc_buffer_clear(&session->text);
	if (session->hostnames) {
		wc_hostnames_begin(session->hostnames);
		session->encode(&session->text, &session->context, snapshot);
		unanswered = wc_hostnames_settle(session->hostnames);
		snprintf(text, sizeof(text), "hosts whose names were not answered: %llu\n",
			 (unsigned long long)unanswered);
		if (reader->options->verbose)
			wc_output_explain(text);
		wc_buffer_clear(&session->text);
	}
	session->encode(&session->text, &session->context, snapshot);
}

/* Prints the census of file number @number, which is @whole or breaks off. */
static void print(struct reader *reader, struct wc_census *census, size_t number, bool whole)
{
	struct wc_session *session = &reader->session;
	struct wc_snapshot *snapshot, shown;
	struct wc_error error;
	int status = wc_census_snapshot(census, &snapshot, &error);

	if (!status) {
		shown = *snapshot;
		shown.interval = number;
		shown.complete = snapshot->complete && whole;
		encode(reader, &shown);
		status = wc_output_write(&session->text, &error);
		reader->broken = status != 0;
		if (!status && reader->ipfix)
			status = wc_ipfix_file_write(reader->ipfix, &session->context, &shown,
						     &error);
		wc_snapshot_free(snapshot);
	}
	if (status)
		complain(reader, &error, status);
}

static void read_file(struct reader *reader, const char *path, size_t number)
{
	struct wc_census *census;
	struct wc_error error;
	int status = wc_census_open_file(&census, "read", path, reader->options, &error);

	if (status) {
		complain(reader, &error, status);
		return;
	}
	if (reader->options->verbose)
		wc_session_describe(census);
	status = count(census, path, &error);
	print(reader, census, number, !status);
	if (status)
		complain(reader, &error, status);
	wc_census_free(census);
}

/*
 * A terminal gives no capture: whoever named standard input there would wait for ever. And a
 * name without a letter is a variable of a script that was empty.
 */
static int check_input(const struct wc_texts *operands, struct wc_error *error)
{
	for (size_t i = 0; i < operands->count; i++) {
		if (!*operands->items[i])
			return wc_error_set(error, WC_INVALID,
					    "'' is no file: name a capture, or - for standard "
					    "input");
		if (!strcmp(operands->items[i], "-") && isatty(STDIN_FILENO))
			return wc_error_set(error, WC_INVALID,
					    "'-' is a capture on standard input, which is a "
					    "terminal here: name a file, or use it as in "
					    "'tcpdump -w - | wirecensus read -'");
	}
	return WC_OK;
}

static bool is_input(const char *operand, const struct stat *file)
{
	struct stat input;
	int failed = strcmp(operand, "-") ? stat(operand, &input) : fstat(STDIN_FILENO, &input);

	return !failed && input.st_dev == file->st_dev && input.st_ino == file->st_ino;
}

/* What is written is none of the files that are read, by whatever name. */
static int check_output(const struct wc_options *options, const struct wc_texts *operands,
			struct wc_error *error)
{
	struct stat output;

	if (!options->ipfix || stat(options->ipfix, &output) || !S_ISREG(output.st_mode))
		return WC_OK;
	for (size_t i = 0; i < operands->count; i++)
		if (is_input(operands->items[i], &output))
			return wc_error_set(error, WC_INVALID,
					    "--ipfix: '%s' is one of the files to read: name "
					    "another to write",
					    options->ipfix);
	return WC_OK;
}

/* Checks and sets up what all files share. End with wc_session_end(), whatever it returns. */
static int begin(struct reader *reader, const struct wc_texts *operands, struct wc_error *error)
{
	int status = check_input(operands, error);

	if (!status)
		status = check_output(reader->options, operands, error);
	if (!status)
		status = wc_session_begin(&reader->session, reader->options, error);
	if (!status)
		status = wc_session_name_hosts(&reader->session, reader->options, error);
	if (!status && reader->options->ipfix)
		status = wc_ipfix_file_open(&reader->ipfix, reader->options->ipfix, error);
	return status;
}

int wc_read_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct reader reader = {.options = options};
	struct wc_error error;
	size_t i;
	int status = begin(&reader, operands, &error);

	if (status) {
		wc_output_complain(&error);
		wc_session_end(&reader.session);
		return wc_command_exit(status);
	}
	wc_stop_catch();
	for (i = 0; i < operands->count && !wc_stop_asked() && !reader.broken; i++)
		read_file(&reader, operands->items[i], i + 1);
	if (i < operands->count && !reader.broken) {
		status = wc_error_set(&error, WC_FAILED, "interrupted: '%s' was not read%s",
				      operands->items[i],
				      i + 1 < operands->count ? ", nor what follows it" : "");
		complain(&reader, &error, status);
	}
	status = wc_ipfix_file_close(reader.ipfix, &error);
	if (status)
		complain(&reader, &error, status);
	wc_session_end(&reader.session);
	return reader.code;
}
