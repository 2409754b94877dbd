#include "control_status.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "board.h"
#include "control_captures.h"
#include "control_exporters.h"
#include "control_http.h"
#include "control_verbs.h"
#include "encode.h"
#include "escape.h"
#include "journal.h"
#include "json_row.h"
#include "timestamp.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

static void add_loss(struct wc_buffer *lines, const char *capture, const char *who, uint64_t frames)
{
	if (frames)
		wc_buffer_format(lines, "capture %s: %s %" PRIu64 " frames in the last interval\n",
				 capture, who, frames);
}

/* Adds a line for each thing that is wrong now. */
static void add_trouble(struct wc_buffer *lines, const struct wc_board *board)
{
	for (size_t i = 0; i < board->capture_count; i++) {
		const struct wc_board_capture *capture = &board->captures[i];

		if (!capture->last)
			continue;
		add_loss(lines, capture->name, "the kernel lost", capture->last->delta.lost_kernel);
		add_loss(lines, capture->name, "the interface missed",
			 capture->last->delta.lost_interface);
	}
	if (board->trouble && *board->trouble)
		wc_buffer_text(lines, board->trouble);
}

/* The most that the process has had in memory, in bytes. */
static uint64_t memory(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)usage.ru_maxrss * 1024;
}

static void add_label(struct wc_buffer *out, const char *label)
{
	wc_buffer_format(out, "%-11s", label);
}

/* Adds each line of @lines by @add, which gets it as a text. */
static void each_line(struct wc_buffer *out, const struct wc_buffer *lines,
		      void (*add)(struct wc_buffer *out, const char *line, size_t number))
{
	size_t number = 0;

	for (size_t at = 0; at < lines->length;) {
		const char *end = memchr(lines->data + at, '\n', lines->length - at);
		size_t length = end ? (size_t)(end - lines->data) - at : lines->length - at;
		char *line = strndup(lines->data + at, length);

		if (line)
			add(out, line, number++);
		else
			out->failed = true;
		free(line);
		at += length + 1;
	}
}

static void add_text_line(struct wc_buffer *out, const char *line, size_t number)
{
	add_label(out, number ? "" : "WRONG");
	wc_escape_terminal(out, line);
	wc_buffer_text(out, "\n");
}

static void add_json_line(struct wc_buffer *out, const char *line, size_t number)
{
	if (number)
		wc_buffer_text(out, ",");
	wc_escape_json(out, line);
}

static void add_journal(struct wc_buffer *out, const struct wc_board *board)
{
	struct wc_journal_state state;

	wc_journal_state(board->journal, &state);
	wc_buffer_text(out, "journal");
	wc_buffer_count(out, ": intervals ", state.intervals);
	wc_buffer_count(out, ", bytes ", state.bytes);
	wc_buffer_count(out, "\n  dropped before they were delivered ", state.dropped_intervals);
	wc_buffer_count(out, ", never written ", board->lost_intervals);
	wc_buffer_count(out, ", failures of writing ", state.failures);
	wc_buffer_text(out, "\n");
}

static void add_text(struct wc_buffer *out, const struct wc_board *board,
		     const struct wc_buffer *wrong)
{
	add_label(out, "wirecensus");
	wc_buffer_text(out, WC_VERSION " on ");
	wc_escape_terminal(out, board->context->host);
	wc_buffer_text(out, wrong->length ? "\n" : ", all is well\n");
	each_line(out, wrong, add_text_line);
	add_label(out, "instance");
	wc_buffer_text(out, board->context->instance);
	wc_buffer_text(out, "\n");
	add_label(out, "started");
	wc_timestamp_utc(out, board->started_ns);
	wc_buffer_text(out, "\n");
	add_label(out, "config");
	wc_escape_terminal(out, board->config_path ? board->config_path : "none");
	wc_buffer_text(out, "\n");
	add_label(out, "memory");
	wc_buffer_grouped(out, memory());
	wc_buffer_text(out, " bytes at most so far\n");
	add_label(out, "late");
	wc_buffer_grouped(out, board->late_intervals);
	wc_buffer_text(out, " intervals\n");
	if (board->journal)
		add_journal(out, board);
	wc_control_http_text(out, board);
}

static void add_journal_json(struct wc_json *json, struct wc_journal *journal)
{
	struct wc_journal_state state;

	wc_journal_state(journal, &state);
	WC_JSON_NUMBER(json, "journal_intervals", state.intervals);
	WC_JSON_NUMBER(json, "journal_bytes", state.bytes);
	WC_JSON_NUMBER(json, "journal_first", state.first);
	WC_JSON_NUMBER(json, "journal_last", state.last);
	WC_JSON_NUMBER(json, "journal_dropped_intervals", state.dropped_intervals);
	WC_JSON_NUMBER(json, "journal_failures", state.failures);
}

static void add_json(struct wc_buffer *out, const struct wc_board *board,
		     const struct wc_buffer *wrong)
{
	struct wc_json json = {.out = out};

	WC_JSON_LITERAL(&json, "{\"schema\":1,\"type\":\"status\"");
	WC_JSON_STRING(&json, "host", board->context->host);
	WC_JSON_STRING(&json, "instance", board->context->instance);
	WC_JSON_WORD(&json, "version", WC_VERSION);
	WC_JSON_FIELD(&json, "well");
	wc_buffer_text(out, wrong->length ? "false" : "true");
	WC_JSON_FIELD(&json, "wrong");
	wc_buffer_text(out, "[");
	each_line(out, wrong, add_json_line);
	wc_buffer_text(out, "]");
	WC_JSON_TIME(&json, "started", board->started_ns);
	WC_JSON_STRING(&json, "config", board->config_path);
	WC_JSON_NUMBER(&json, "memory_bytes", memory());
	WC_JSON_NUMBER(&json, "late_intervals", board->late_intervals);
	WC_JSON_NUMBER(&json, "lost_intervals", board->lost_intervals);
	if (board->journal)
		add_journal_json(&json, board->journal);
	wc_control_http_json(&json, board);
	wc_json_end(&json);
}

int wc_control_status_run(const struct wc_question *question, struct wc_buffer *body,
			  struct wc_error *error)
{
	const struct wc_board *board = question->board;
	struct wc_buffer wrong = {0};
	int status;

	add_trouble(&wrong, board);
	if (question->options->format == WC_FORMAT_TEXT)
		add_text(body, board, &wrong);
	else
		add_json(body, board, &wrong);
	wc_control_captures_add(body, question);
	wc_control_exporters_add(body, question);
	status = wrong.length ? WC_FAILED : WC_OK;
	if (wrong.failed)
		body->failed = true;
	error->text[0] = '\0';
	wc_buffer_free(&wrong);
	return status;
}
