#include "gelf.h"

#include <stdlib.h>
#include <string.h>

#include "alerts.h"
#include "encode.h"
#include "escape.h"
#include "messages.h"
#include "place.h"
#include "row_fields.h"
#include "sentence.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* A chunk's header: two magic bytes, an id of eight, number and count. */
#define CHUNK_HEADER 12
#define CHUNKS_MAX   128

struct gelf {
	struct wc_alerts alerts;
	bool datagrams;
	size_t longest;
	struct wc_buffer sentence, message, squeezed;
};

/* On the way from one snapshot to messages. */
struct writing {
	struct gelf *gelf;
	const struct wc_context *context;
	struct wc_messages *messages;
	int64_t end_ns;
};

/* GELF has strings and numbers only: what is not known is left out, a flag is a word. */
static void add_field(struct wc_buffer *message, const struct wc_field *field)
{
	if (field->type == WC_FIELD_UNKNOWN)
		return;
	wc_buffer_text(message, ",\"_");
	wc_buffer_add(message, field->name, field->name_length);
	wc_buffer_text(message, "\":");
	if (field->type == WC_FIELD_NUMBER) {
		wc_buffer_add(message, field->value, field->length);
		return;
	}
	wc_buffer_text(message, "\"");
	if (field->type == WC_FIELD_LIST)
		wc_field_add(message, field, "\"\\");
	else
		wc_buffer_add(message, field->value, field->length);
	wc_buffer_text(message, "\"");
}

static void make(const struct writing *writing, const struct wc_row_fields *row, int severity)
{
	struct gelf *gelf = writing->gelf;
	struct wc_buffer *message = &gelf->message;

	wc_buffer_clear(&gelf->sentence);
	wc_sentence_add(&gelf->sentence, row);
	wc_buffer_add(&gelf->sentence, "", 1);
	wc_buffer_clear(message);
	wc_buffer_text(message, "{\"version\":\"1.1\",\"host\":");
	wc_escape_json(message, writing->context->host);
	wc_buffer_text(message, ",\"short_message\":");
	wc_escape_json(message, gelf->sentence.failed ? "" : gelf->sentence.data);
	wc_buffer_text(message, ",\"timestamp\":");
	wc_buffer_seconds(message, writing->end_ns == WC_TIME_UNKNOWN ? 0 : writing->end_ns);
	wc_buffer_format(message, ",\"level\":%d", severity);
	for (size_t i = 0; i < row->count; i++)
		add_field(message, &row->fields[i]);
	wc_buffer_text(message, "}");
}

/* A message that is told from all others of its host within the few seconds that matter. */
static uint64_t message_id(const struct wc_buffer *message)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

	for (size_t i = 0; i < message->length; i++)
		hash = (hash ^ (unsigned char)message->data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static void end_chunks(const struct writing *writing)
{
	const struct wc_buffer *message = &writing->gelf->message;
	size_t room = writing->gelf->longest - CHUNK_HEADER;
	size_t count = (message->length + room - 1) / room;
	uint64_t id = message_id(message);

	for (size_t i = 0; i < count; i++) {
		size_t at = i * room, left = message->length - at;
		uint8_t header[CHUNK_HEADER] = {0x1e, 0x0f};

		memcpy(header + 2, &id, sizeof(id));
		header[10] = (uint8_t)i;
		header[11] = (uint8_t)count;
		wc_buffer_add(&writing->messages->bytes, header, sizeof(header));
		wc_buffer_add(&writing->messages->bytes, message->data + at,
			      left < room ? left : room);
		wc_messages_end(writing->messages, i + 1 == count);
	}
}

static void take(void *arg, const struct wc_row_fields *row)
{
	struct writing *writing = arg;
	struct gelf *gelf = writing->gelf;
	int severity = wc_alerts_severity(&gelf->alerts, row);
	struct wc_row_fields smaller = *row;

	if (severity < 0)
		return;
	make(writing, row, severity);
	for (unsigned i = 1; gelf->datagrams &&
			     gelf->message.length > CHUNKS_MAX * (gelf->longest - CHUNK_HEADER) &&
			     wc_row_squeeze(&smaller, i, &gelf->squeezed);
	     i++)
		make(writing, &smaller, severity);
	if (gelf->datagrams && gelf->message.length > gelf->longest) {
		end_chunks(writing);
		return;
	}
	wc_buffer_add(&writing->messages->bytes, gelf->message.data, gelf->message.length);
	if (!gelf->datagrams)
		wc_buffer_add(&writing->messages->bytes, "", 1);
	wc_messages_end(writing->messages, 1);
}

static int encode(void *state, const struct wc_context *context, const struct wc_snapshot *snapshot,
		  struct wc_messages *messages, struct wc_error *error)
{
	struct gelf *gelf = state;
	struct writing writing = {gelf, context, messages, snapshot->end_ns};

	if (wc_row_fields_each(context, snapshot, &gelf->alerts.selection, take, &writing) ||
	    gelf->message.failed || gelf->sentence.failed || messages->bytes.failed)
		return wc_error_no_memory(error, "for GELF");
	return WC_OK;
}

static void end(void *state)
{
	struct gelf *gelf = state;

	wc_buffer_free(&gelf->sentence);
	wc_buffer_free(&gelf->message);
	wc_buffer_free(&gelf->squeezed);
	free(gelf);
}

static int begin(void **state, const struct wc_exporter_options *options,
		 const struct wc_framing *framing, struct wc_error *error)
{
	struct gelf *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "for GELF");
	made->datagrams = framing->datagrams;
	made->longest = framing->longest;
	status = wc_alerts_begin(&made->alerts, &wc_format_gelf, options, error);
	if (status)
		end(made);
	else
		*state = made;
	return status;
}

const struct wc_format wc_format_gelf = {
	.name = "gelf",
	.summary = "Graylog Extended Log Format 1.1, a message for each row",
	.places = 1U << WC_PLACE_UDP | 1U << WC_PLACE_TCP | 1U << WC_PLACE_TLS,
	.rows = WC_ALERTS_ROWS,
	.top = WC_ALERTS_TOP,
	.fallback = "udp://localhost:12201",
	.open = begin,
	.encode = encode,
	.close = end,
};
