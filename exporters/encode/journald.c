#include "journald.h"

#include <stdlib.h>

#include "alerts.h"
#include "messages.h"
#include "place.h"
#include "row_fields.h"
#include "sentence.h"
#include "wirecensus/error.h"

struct journald {
	struct wc_alerts alerts;
};

/* On the way from one snapshot to messages. */
struct writing {
	const struct journald *journald;
	struct wc_messages *messages;
};

static void add_field(struct wc_buffer *entry, const struct wc_field *field)
{
	if (field->type == WC_FIELD_UNKNOWN)
		return;
	wc_buffer_text(entry, "WIRECENSUS_");
	for (size_t i = 0; i < field->name_length; i++) {
		char letter = field->name[i];

		if (letter >= 'a' && letter <= 'z')
			letter = (char)(letter - 'a' + 'A');
		wc_buffer_add(entry, &letter, 1);
	}
	wc_buffer_text(entry, "=");
	wc_field_add(entry, field, ""); /* has no newline: JSON's escapes stay */
	wc_buffer_text(entry, "\n");
}

static void take(void *arg, const struct wc_row_fields *row)
{
	struct writing *writing = arg;
	struct wc_buffer *entry = &writing->messages->bytes;
	int severity = wc_alerts_severity(&writing->journald->alerts, row);

	if (severity < 0)
		return;
	wc_buffer_text(entry, "MESSAGE=");
	wc_sentence_add(entry, row);
	wc_buffer_format(entry, "\nPRIORITY=%d\nSYSLOG_IDENTIFIER=wirecensus\n", severity);
	for (size_t i = 0; i < row->count; i++)
		add_field(entry, &row->fields[i]);
	wc_messages_end(writing->messages, 1);
}

static int encode(void *state, const struct wc_context *context, const struct wc_snapshot *snapshot,
		  struct wc_messages *messages, struct wc_error *error)
{
	struct journald *journald = state;
	struct writing writing = {journald, messages};

	if (wc_row_fields_each(context, snapshot, &journald->alerts.selection, take, &writing) ||
	    messages->bytes.failed)
		return wc_error_no_memory(error, "for journald");
	return WC_OK;
}

static int begin(void **state, const struct wc_exporter_options *options,
		 const struct wc_framing *framing, struct wc_error *error)
{
	struct journald *made = calloc(1, sizeof(*made));
	int status;

	(void)framing;
	if (!made)
		return wc_error_no_memory(error, "for journald");
	status = wc_alerts_begin(&made->alerts, &wc_format_journald, options, error);
	if (status)
		free(made);
	else
		*state = made;
	return status;
}

const struct wc_format wc_format_journald = {
	.name = "journald",
	.summary = "an entry of systemd's journal for each row, with its fields",
	.places = 1U << WC_PLACE_JOURNALD,
	.rows = WC_ALERTS_ROWS,
	.top = WC_ALERTS_TOP,
	.fallback = "journald://",
	.open = begin,
	.encode = encode,
	.close = free,
};
