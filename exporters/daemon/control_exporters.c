#include "control_exporters.h"

#include <stdint.h>

#include "board.h"
#include "control_verbs.h"
#include "encode.h"
#include "escape.h"
#include "exporter.h"
#include "json_row.h"
#include "timestamp.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

static const char *condition_name(enum wc_exporter_condition condition)
{
	static const char *const names[] = {
		[WC_EXPORTER_IDLE] = "idle",
		[WC_EXPORTER_SENDING] = "sending",
		[WC_EXPORTER_OPENING] = "opening",
		[WC_EXPORTER_WAITING] = "waiting",
	};

	return names[condition];
}

static void add_reason(struct wc_buffer *out, const struct wc_exporter_status *status)
{
	if (!*status->reason)
		return;
	wc_buffer_text(out, "  last failure: ");
	wc_escape_terminal(out, status->reason);
	wc_buffer_text(out, "\n");
}

static void add_text(struct wc_buffer *out, const char *name,
		     const struct wc_exporter_status *status)
{
	wc_buffer_text(out, "exporter ");
	wc_escape_terminal(out, name);
	wc_buffer_text(out, ": ");
	wc_buffer_text(out, condition_name(status->condition));
	wc_buffer_count(out, "\n  intervals: backlog ", status->backlog);
	wc_buffer_count(out, ", lost ", status->lost_intervals);
	wc_buffer_count(out, "\n  delivered: messages ", status->messages);
	wc_buffer_count(out, ", rows ", status->rows);
	wc_buffer_count(out, ", bytes ", status->bytes);
	if (status->last_ns != WC_TIME_UNKNOWN) {
		wc_buffer_text(out, ", last at ");
		wc_timestamp_utc(out, status->last_ns);
	}
	wc_buffer_count(out, "\n  messages: unconfirmed ", status->unconfirmed);
	wc_buffer_count(out, ", repeated ", status->repeated);
	wc_buffer_count(out, "\n  connections ", status->connections);
	wc_buffer_count(out, ", failures ", status->failures);
	wc_buffer_text(out, "\n");
	add_reason(out, status);
}

static void add_json(struct wc_buffer *out, const struct wc_context *context, const char *name,
		     const struct wc_exporter_status *status)
{
	struct wc_json json = {.out = out};

	WC_JSON_LITERAL(&json, "{\"schema\":1,\"type\":\"exporter\"");
	WC_JSON_STRING(&json, "host", context->host);
	WC_JSON_STRING(&json, "instance", context->instance);
	WC_JSON_STRING(&json, "exporter", name);
	WC_JSON_WORD(&json, "state", condition_name(status->condition));
	WC_JSON_NUMBER(&json, "backlog_intervals", status->backlog);
	WC_JSON_NUMBER(&json, "lost_intervals", status->lost_intervals);
	WC_JSON_NUMBER(&json, "messages", status->messages);
	WC_JSON_NUMBER(&json, "rows", status->rows);
	WC_JSON_NUMBER(&json, "bytes", status->bytes);
	WC_JSON_NUMBER(&json, "unconfirmed", status->unconfirmed);
	WC_JSON_NUMBER(&json, "repeated", status->repeated);
	WC_JSON_NUMBER(&json, "connections", status->connections);
	WC_JSON_NUMBER(&json, "failures", status->failures);
	WC_JSON_TIME(&json, "last", status->last_ns);
	WC_JSON_STRING(&json, "reason", *status->reason ? status->reason : NULL);
	wc_json_end(&json);
}

void wc_control_exporters_add(struct wc_buffer *out, const struct wc_question *question)
{
	const struct wc_board *board = question->board;

	for (size_t i = 0; i < board->exporter_count; i++) {
		struct wc_exporter_status status;

		wc_exporter_status(board->exporters[i], &status);
		if (question->options->format == WC_FORMAT_TEXT)
			add_text(out, board->exporter_names[i], &status);
		else
			add_json(out, board->context, board->exporter_names[i], &status);
	}
	if (!board->exporter_count && question->options->format == WC_FORMAT_TEXT)
		wc_buffer_text(out, "no exporter is configured\n");
}
