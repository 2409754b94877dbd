#include "syslog.h"

#include <stdlib.h>
#include <string.h>

#include "alerts.h"
#include "encode.h"
#include "exporter_options.h"
#include "messages.h"
#include "place.h"
#include "row_fields.h"
#include "sentence.h"
#include "timestamp.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define APP_NAME "wirecensus"

/* What receivers take by default, such as rsyslog; longer ones are cut or split there. */
#define LONGEST 8000

/* RFC 5424, section 6: the longest HOSTNAME. */
#define HOST_MAX 255

/* What stands in for what is not known: NILVALUE (RFC 5424, section 6). */
#define NIL "-"

enum form {
	FORM_STRUCTURED, /* RFC 5424 with structured data and a sentence */
	FORM_CEE,        /* RFC 5424 with JSON */
	FORM_LOCAL,      /* as syslog(3) writes to /dev/log, with JSON */
};

struct syslog {
	struct wc_alerts alerts;
	size_t longest;
	bool counted; /* each message with its length in front */
	bool lines;   /* each message with a newline behind */
	enum form form;
	int facility;
	uint64_t enterprise;
	struct wc_buffer message;  /* the one that is being made */
	struct wc_buffer squeezed; /* a row made smaller for it */
};

/* On the way from one snapshot to messages. */
struct writing {
	struct syslog *syslog;
	const struct wc_context *context;
	struct wc_messages *messages;
	int64_t end_ns;
};

/* HOSTNAME is printable ASCII without blanks. */
static void add_host(struct wc_buffer *message, const char *host)
{
	size_t length = 0;

	while (host[length] > ' ' && host[length] < 0x7f && length < HOST_MAX)
		length++;
	if (length && !host[length])
		wc_buffer_add(message, host, length);
	else
		wc_buffer_text(message, NIL);
}

/* A field of JSON as a field of the header: its text, or nothing known. */
static void add_header_field(struct wc_buffer *message, const struct wc_field *field)
{
	wc_buffer_text(message, " ");
	if (wc_field_known(field))
		wc_field_add(message, field, "");
	else
		wc_buffer_text(message, NIL);
}

static void add_header(const struct writing *writing, const struct wc_row_fields *row, int severity)
{
	struct wc_buffer *message = &writing->syslog->message;

	wc_buffer_format(message, "<%d>1", writing->syslog->facility * 8 + severity);
	add_header_field(message, wc_row_field(row, "time"));
	wc_buffer_text(message, " ");
	add_host(message, writing->context->host);
	wc_buffer_text(message, " " APP_NAME " " NIL);
	add_header_field(message, wc_row_field(row, "type"));
	wc_buffer_text(message, " ");
}

/* SD-ELEMENT (RFC 5424, section 6.3); what is not known is left out. */
static void add_structured(struct wc_buffer *message, const struct wc_row_fields *row,
			   uint64_t enterprise)
{
	wc_buffer_text(message, "[" APP_NAME "@");
	wc_buffer_number(message, enterprise);
	for (size_t i = 0; i < row->count; i++) {
		const struct wc_field *field = &row->fields[i];

		if (field->type == WC_FIELD_UNKNOWN)
			continue;
		wc_buffer_text(message, " ");
		wc_buffer_add(message, field->name, field->name_length);
		wc_buffer_text(message, "=\"");
		wc_field_add(message, field, "\"\\]");
		wc_buffer_text(message, "\"");
	}
	wc_buffer_text(message, "]");
}

static void add_cee(struct wc_buffer *message, const struct wc_row_fields *row)
{
	wc_buffer_text(message, "@cee: ");
	wc_buffer_add(message, row->line, row->length);
}

/* <PRI>Mmm dd hh:mm:ss TAG: as syslog(3) writes it. */
static void add_local_header(struct wc_buffer *message, int priority, int64_t ns)
{
	char text[WC_TIMESTAMP_SYSLOG];

	wc_buffer_format(message, "<%d>%s " APP_NAME ": ", priority, wc_timestamp_syslog(text, ns));
}

/* Makes the message of @row; @told: with the sentence, where the form has one. */
static void make(const struct writing *writing, const struct wc_row_fields *row, int severity,
		 bool told)
{
	struct syslog *syslog = writing->syslog;
	struct wc_buffer *message = &syslog->message;

	wc_buffer_clear(message);
	if (syslog->form == FORM_LOCAL) {
		add_local_header(message, syslog->facility * 8 + severity, writing->end_ns);
		add_cee(message, row);
		return;
	}
	add_header(writing, row, severity);
	if (syslog->form == FORM_CEE) {
		wc_buffer_text(message, NIL " ");
		add_cee(message, row);
		return;
	}
	add_structured(message, row, syslog->enterprise);
	if (!told)
		return;
	wc_buffer_text(message, " ");
	wc_sentence_add(message, row);
}

static bool fits(const struct syslog *syslog)
{
	return syslog->message.length <= syslog->longest;
}

static void end_message(const struct writing *writing)
{
	const struct wc_buffer *message = &writing->syslog->message;
	struct wc_buffer *bytes = &writing->messages->bytes;

	if (writing->syslog->counted) {
		wc_buffer_number(bytes, message->length);
		wc_buffer_add(bytes, " ", 1);
	}
	wc_buffer_add(bytes, message->data, message->length);
	if (writing->syslog->lines)
		wc_buffer_add(bytes, "\n", 1);
	wc_messages_end(writing->messages, 1);
}

/* What does not fit loses its sentence first, then what is long in it; never a count. */
static void take(void *arg, const struct wc_row_fields *row)
{
	struct writing *writing = arg;
	struct syslog *syslog = writing->syslog;
	int severity = wc_alerts_severity(&syslog->alerts, row);
	struct wc_row_fields smaller = *row;

	if (severity < 0)
		return;
	make(writing, row, severity, true);
	if (!fits(syslog))
		make(writing, row, severity, false);
	for (unsigned i = 1; !fits(syslog) && wc_row_squeeze(&smaller, i, &syslog->squeezed); i++)
		make(writing, &smaller, severity, false);
	end_message(writing);
}

static int encode(void *state, const struct wc_context *context, const struct wc_snapshot *snapshot,
		  struct wc_messages *messages, struct wc_error *error)
{
	struct syslog *syslog = state;
	struct writing writing = {syslog, context, messages, snapshot->end_ns};

	if (wc_row_fields_each(context, snapshot, &syslog->alerts.selection, take, &writing) ||
	    syslog->message.failed || messages->bytes.failed)
		return wc_error_no_memory(error, "for syslog");
	return WC_OK;
}

static void end(void *state)
{
	struct syslog *syslog = state;

	wc_buffer_free(&syslog->message);
	wc_buffer_free(&syslog->squeezed);
	free(syslog);
}

static enum form form_of(const struct wc_exporter_options *options,
			 const struct wc_framing *framing)
{
	if (framing->place == WC_PLACE_UNIXGRAM && !options->rfc5424)
		return FORM_LOCAL;
	return options->content == WC_SYSLOG_CEE ? FORM_CEE : FORM_STRUCTURED;
}

static int begin(void **state, const struct wc_exporter_options *options,
		 const struct wc_framing *framing, struct wc_error *error)
{
	struct syslog *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "for syslog");
	made->form = form_of(options, framing);
	made->facility = options->facility;
	made->enterprise = options->enterprise;
	made->lines = framing->place == WC_PLACE_FILE;
	made->counted = !framing->datagrams && !made->lines && framing->place != WC_PLACE_RELP &&
			framing->place != WC_PLACE_RELPS;
	made->longest = framing->longest < LONGEST ? framing->longest : LONGEST;
	status = wc_alerts_begin(&made->alerts, &wc_format_syslog, options, error);
	if (status)
		end(made);
	else
		*state = made;
	return status;
}

const struct wc_format wc_format_syslog = {
	.name = "syslog",
	.summary = "a log message for each row (RFC 5424), for rsyslog, syslog-ng and others",
	.places = 1U << WC_PLACE_UDP | 1U << WC_PLACE_TCP | 1U << WC_PLACE_TLS |
		  1U << WC_PLACE_RELP | 1U << WC_PLACE_RELPS | 1U << WC_PLACE_UNIX |
		  1U << WC_PLACE_UNIXGRAM | 1U << WC_PLACE_FILE,
	.rows = WC_ALERTS_ROWS,
	.top = WC_ALERTS_TOP,
	.fallback = "udp://localhost:514",
	.open = begin,
	.encode = encode,
	.close = end,
};
