#include "control_captures.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "control_verbs.h"
#include "encode.h"
#include "escape.h"
#include "json_row.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

static const char *description_of(const struct wc_board_capture *capture)
{
	return capture->description ? capture->description : "";
}

/* Adds the lines of @text, indented. */
static void add_lines(struct wc_buffer *out, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = strndup(text, length);

		if (!line) {
			out->failed = true;
			return;
		}
		wc_buffer_text(out, "  ");
		wc_escape_terminal(out, line);
		wc_buffer_text(out, "\n");
		free(line);
		text += length + (text[length] == '\n');
	}
}

static void add_last(struct wc_buffer *out, const struct wc_snapshot *last)
{
	if (!last) {
		wc_buffer_text(out, "  no interval has ended yet\n");
		return;
	}
	wc_buffer_count(out, "  interval ", last->interval);
	wc_buffer_count(out, ": frames ", last->delta.frames);
	wc_buffer_count(out, ", lost ", last->delta.lost_kernel);
	wc_buffer_count(out, ", missed by the interface ", last->delta.lost_interface);
	wc_buffer_count(out, "; since the start: frames ", last->total.frames);
	wc_buffer_count(out, ", lost ", last->total.lost_kernel);
	wc_buffer_text(out, "\n");
}

static void add_text(struct wc_buffer *out, const struct wc_board_capture *capture)
{
	wc_buffer_text(out, "capture ");
	wc_escape_terminal(out, capture->name);
	wc_buffer_text(out, ": ");
	wc_escape_terminal(out, capture->interface);
	wc_buffer_text(out, capture->present ? "\n" : ", which is not there\n");
	add_last(out, capture->last);
	add_lines(out, description_of(capture));
}

static void add_last_json(struct wc_json *json, const struct wc_snapshot *last)
{
	if (!last) {
		WC_JSON_NULL(json, "interval");
		return;
	}
	WC_JSON_NUMBER(json, "interval", last->interval);
	WC_JSON_TIME(json, "start", last->start_ns);
	WC_JSON_TIME(json, "end", last->end_ns);
	WC_JSON_NUMBER(json, "frames", last->delta.frames);
	WC_JSON_NUMBER(json, "lost_kernel", last->delta.lost_kernel);
	WC_JSON_NUMBER(json, "lost_interface", last->delta.lost_interface);
	WC_JSON_NUMBER(json, "total_frames", last->total.frames);
	WC_JSON_NUMBER(json, "total_lost_kernel", last->total.lost_kernel);
	WC_JSON_NUMBER(json, "total_lost_interface", last->total.lost_interface);
}

static void add_json(struct wc_buffer *out, const struct wc_context *context,
		     const struct wc_board_capture *capture)
{
	struct wc_json json = {.out = out};

	WC_JSON_LITERAL(&json, "{\"schema\":1,\"type\":\"capture\"");
	WC_JSON_STRING(&json, "host", context->host);
	WC_JSON_STRING(&json, "instance", context->instance);
	WC_JSON_STRING(&json, "capture", capture->name);
	WC_JSON_STRING(&json, "observer", capture->interface);
	WC_JSON_FIELD(&json, "present");
	wc_buffer_text(out, capture->present ? "true" : "false");
	add_last_json(&json, capture->last);
	WC_JSON_STRING(&json, "description", description_of(capture));
	wc_json_end(&json);
}

void wc_control_captures_add(struct wc_buffer *out, const struct wc_question *question)
{
	const struct wc_board *board = question->board;
	const char *name = question->options->capture;

	for (size_t i = 0; i < board->capture_count; i++) {
		const struct wc_board_capture *capture = &board->captures[i];

		if (name && strcmp(name, capture->name) != 0)
			continue;
		if (question->options->format == WC_FORMAT_TEXT)
			add_text(out, capture);
		else
			add_json(out, board->context, capture);
	}
}
