#include "control_show.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "control_captures.h"
#include "control_exporters.h"
#include "control_loss.h"
#include "control_verbs.h"
#include "encode.h"
#include "escape.h"
#include "json.h"
#include "rows.h"
#include "since_start.h"
#include "text.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

/* Adds some rows of a snapshot in one format. */
typedef void row_encoder(struct wc_buffer *buffer, const struct wc_context *context,
			 const struct wc_snapshot *snapshot, unsigned rows);

static void add_loss(struct wc_buffer *buffer, const struct wc_context *context,
		     const struct wc_snapshot *snapshot, unsigned rows)
{
	(void)context;
	(void)rows;
	wc_control_loss_add(buffer, snapshot);
}

/* What can be shown: rows of snapshots, or lines about the daemon itself. */
static const struct what {
	const char *name; /* as in WC_SHOW_LIST */
	unsigned rows;    /* bits of rows.h */
	bool since_start; /* these rows have totals */
	row_encoder *text;
	void (*add)(struct wc_buffer *out, const struct wc_question *question);
} whats[] = {
	{"totals", WC_ROWS_TOTAL | WC_ROWS_LLC | WC_ROWS_MALFORMED | WC_ROWS_UNSUPPORTED, true,
	 wc_text_encode_rows, NULL},
	{"ports", WC_ROWS_PORT, true, wc_text_encode_rows, NULL},
	{"protocols", WC_ROWS_PROTOCOL | WC_ROWS_FRAGMENT, true, wc_text_encode_rows, NULL},
	{"ethertypes", WC_ROWS_ETHERTYPE, true, wc_text_encode_rows, NULL},
	{"conversations", WC_ROWS_CONVERSATION, false, wc_text_encode_rows, NULL},
	{"hosts", WC_ROWS_HOST, false, wc_text_encode_rows, NULL},
	{"scanners", WC_ROWS_SCANNER, false, wc_text_encode_rows, NULL},
	{"loss", WC_ROWS_TOTAL, true, add_loss, NULL},
	{"exporters", 0, false, NULL, wc_control_exporters_add},
	{"captures", 0, false, NULL, wc_control_captures_add},
};

#define WHATS (sizeof(whats) / sizeof(*whats))

static const struct what *find_what(const char *name, struct wc_error *error)
{
	for (size_t i = 0; i < WHATS; i++)
		if (!strcmp(whats[i].name, name))
			return &whats[i];
	wc_error_set(error, WC_INVALID, "'%.32s' cannot be shown: choose one of %s", name,
		     WC_SHOW_LIST);
	return NULL;
}

static bool is_meant(const struct wc_question *question, const struct wc_board_capture *capture)
{
	const char *name = question->options->capture;

	return !name || !strcmp(name, capture->name);
}

/* Is there a capture of the name that was given? */
static int check_capture(const struct wc_question *question, struct wc_error *error)
{
	for (size_t i = 0; i < question->board->capture_count; i++)
		if (is_meant(question, &question->board->captures[i]))
			return WC_OK;
	return wc_error_set(error, WC_INVALID,
			    "there is no capture '%.64s': 'wirecensus show captures' lists them",
			    question->options->capture);
}

static size_t count_rows(const struct wc_snapshot *snapshot, unsigned rows)
{
	size_t count = 0;

	count += rows & WC_ROWS_PORT ? snapshot->port_rows : 0;
	count += rows & WC_ROWS_PROTOCOL ? snapshot->protocol_rows : 0;
	count += rows & WC_ROWS_ETHERTYPE ? snapshot->ethertype_rows : 0;
	count += rows & WC_ROWS_CONVERSATION ? snapshot->conversation_rows : 0;
	count += rows & WC_ROWS_HOST ? snapshot->host_rows : 0;
	count += rows & WC_ROWS_SCANNER ? snapshot->scanner_rows : 0;
	return count;
}

/* Refuses what is too much to be kept for a client; text is cut, JSON is whole. */
static int check_size(const struct wc_question *question, const struct what *what,
		      struct wc_error *error)
{
	size_t count = 0;

	if (question->options->format == WC_FORMAT_TEXT)
		return WC_OK;
	for (size_t i = 0; i < question->board->capture_count; i++) {
		const struct wc_board_capture *capture = &question->board->captures[i];

		if (is_meant(question, capture) && capture->last)
			count += count_rows(capture->last, what->rows);
	}
	if (count <= WC_SHOW_ROWS)
		return WC_OK;
	return wc_error_set(
		error, WC_FAILED,
		"%zu rows are too many for one answer, which takes %d: ask for one capture, "
		"for text, or have an exporter send them",
		count, WC_SHOW_ROWS);
}

/* A capture whose first interval has not ended yet. */
static void add_nothing(struct wc_buffer *body, const struct wc_question *question,
			const struct wc_board_capture *capture)
{
	if (question->options->format != WC_FORMAT_TEXT)
		return;
	wc_escape_terminal(body, capture->name);
	wc_buffer_text(body, "\nno interval has ended yet\n\n");
}

static int add_capture(struct wc_buffer *body, const struct wc_question *question,
		       const struct what *what, const struct wc_board_capture *capture,
		       struct wc_error *error)
{
	row_encoder *encode =
		question->options->format == WC_FORMAT_TEXT ? what->text : wc_json_encode_rows;
	struct wc_context context = *question->board->context;
	struct wc_snapshot *view;
	int status;

	context.top = question->options->top;
	if (!question->options->total) {
		encode(body, &context, capture->last, what->rows);
		return WC_OK;
	}
	status = wc_since_start_make(&view, capture->last, question->board->started_ns, error);
	if (status)
		return status;
	encode(body, &context, view, what->rows);
	wc_since_start_free(view);
	return WC_OK;
}

static int add_rows(struct wc_buffer *body, const struct wc_question *question,
		    const struct what *what, struct wc_error *error)
{
	int status = check_size(question, what, error);

	for (size_t i = 0; i < question->board->capture_count && !status; i++) {
		const struct wc_board_capture *capture = &question->board->captures[i];

		if (!is_meant(question, capture))
			continue;
		if (capture->last)
			status = add_capture(body, question, what, capture, error);
		else
			add_nothing(body, question, capture);
	}
	return status;
}

int wc_control_show_run(const struct wc_question *question, struct wc_buffer *body,
			struct wc_error *error)
{
	const struct what *what = find_what(question->operand, error);
	int status = WC_OK;

	if (!what)
		return WC_INVALID;
	if (question->options->total && !what->since_start)
		return wc_error_set(
			error, WC_INVALID,
			"%s are kept by intervals, not since the start: leave out --total",
			what->name);
	if (question->options->capture)
		status = check_capture(question, error);
	if (status)
		return status;
	if (!what->add)
		return add_rows(body, question, what, error);
	what->add(body, question);
	return WC_OK;
}
