#include "ipfix_stream.h"

#include <stdbool.h>
#include <stdlib.h>

#include "messages.h"
#include "wirecensus/error.h"

struct wc_ipfix_stream {
	fbInfoModel_t *model;
	fbSession_t *session; /* owned by buffer once there is one */
	fbExporter_t *exporter;
	fBuf_t *buffer;
	struct wc_ipfix_layout layout;
	uint16_t template_id; /* by which the last record was sent; 0: none */
	bool begun;           /* something is in the message */
	uint32_t records;     /* in it */
	uint8_t *bytes;       /* where libfixbuf puts a message */
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const uint16_t options[] = {WC_IPFIX_STATISTICS, WC_IPFIX_DOMAIN_NAME,
				   WC_IPFIX_INTERFACE_NAME, WC_IPFIX_FLOW_KEYS};

/* Tells what libfixbuf says, and forgets it. */
static int failed(GError *trouble, struct wc_error *error)
{
	int status = wc_error_set(error, WC_FAILED, "cannot encode IPFIX: %s",
				  trouble ? trouble->message : "there is not enough memory");

	g_clear_error(&trouble);
	return status;
}

static bool add_template(struct wc_ipfix_stream *stream, bool internal, uint16_t id,
			 fbTemplate_t *made, GError **trouble)
{
	return made && fbSessionAddTemplate(stream->session, internal, id, made, trouble);
}

/* Templates are added before the session has a buffer, or they would be written into it at once. */
static bool add_templates(struct wc_ipfix_stream *stream, GError **trouble)
{
	const struct wc_ipfix_layout *layout = &stream->layout;
	bool good = add_template(stream, true, WC_IPFIX_INTERNAL,
				 wc_ipfix_template_internal(stream->model, trouble), trouble);

	for (size_t i = 0; good && i < layout->count; i++)
		good = add_template(stream, false,
				    wc_ipfix_template_id(layout->kind, layout->bits[i]),
				    wc_ipfix_template_data(stream->model, layout->kind,
							   layout->bits[i], trouble),
				    trouble);
	for (size_t i = 0; good && layout->options && i < COUNT(options); i++)
		good = add_template(stream, false, options[i],
				    wc_ipfix_template_options(stream->model, options[i], trouble),
				    trouble);
	if (!good || !layout->types)
		return good;
	return add_template(stream, true, WC_IPFIX_TYPES_INTERNAL,
			    fbInfoElementAllocTypeTemplate(stream->model, trouble), trouble) &&
	       add_template(stream, false, WC_IPFIX_TYPES,
			    fbInfoElementAllocTypeTemplate(stream->model, trouble), trouble);
}

int wc_ipfix_stream_new(struct wc_ipfix_stream **stream, fbInfoModel_t *model, uint32_t domain,
			const struct wc_ipfix_layout *layout, size_t longest,
			struct wc_error *error)
{
	struct wc_ipfix_stream *made = calloc(1, sizeof(*made));
	uint16_t size = longest < UINT16_MAX ? (uint16_t)longest : UINT16_MAX;
	GError *trouble = NULL;

	if (!made)
		return failed(NULL, error);
	made->model = model;
	made->layout = *layout;
	made->bytes = malloc(size);
	made->session = fbSessionAlloc(model);
	fbSessionSetDomain(made->session, domain);
	if (!made->bytes || !add_templates(made, &trouble)) {
		wc_ipfix_stream_free(made);
		return failed(trouble, error);
	}
	made->exporter = fbExporterAllocBuffer(made->bytes, size);
	made->buffer = fBufAllocForExport(made->session, made->exporter);
	/* By itself it would write the next message over one that nobody has taken. */
	fBufSetAutomaticMode(made->buffer, FALSE);
	*stream = made;
	return WC_OK;
}

void wc_ipfix_stream_free(struct wc_ipfix_stream *stream)
{
	if (!stream)
		return;
	if (stream->buffer)
		fBufFree(stream->buffer); /* and with it session and exporter */
	else
		fbSessionFree(stream->session);
	free(stream->bytes);
	free(stream);
}

int wc_ipfix_stream_flush(struct wc_ipfix_stream *stream, struct wc_messages *messages,
			  struct wc_error *error)
{
	GError *trouble = NULL;

	if (!stream->begun)
		return WC_OK;
	if (!fBufEmit(stream->buffer, &trouble))
		return failed(trouble, error);
	wc_buffer_add(&messages->bytes, stream->bytes, fbExporterGetMsgLen(stream->exporter));
	wc_messages_end(messages, stream->records);
	stream->begun = false;
	stream->records = 0;
	return WC_OK;
}

void wc_ipfix_stream_drop(struct wc_ipfix_stream *stream)
{
	if (stream->begun)
		fBufEmit(stream->buffer, NULL);
	stream->begun = false;
	stream->records = 0;
}

/* One thing to be written, which libfixbuf refuses when the message is full. */
typedef bool write_one(struct wc_ipfix_stream *stream, const void *what, GError **trouble);

/*
 * A full message is ended, and the thing goes into the next. libfixbuf also wants a new
 * message between records and templates, and says so even of an empty one.
 */
static int write_or_flush(struct wc_ipfix_stream *stream, write_one *write, const void *what,
			  uint32_t records, struct wc_messages *messages, struct wc_error *error)
{
	GError *trouble = NULL;

	for (int tries = 0; !write(stream, what, &trouble); tries++) {
		int status;

		if (!g_error_matches(trouble, FB_ERROR_DOMAIN, FB_ERROR_EOM) || tries == 2)
			return failed(trouble, error);
		g_clear_error(&trouble);
		status = wc_ipfix_stream_flush(stream, messages, error);
		if (status)
			return status;
	}
	stream->begun = true;
	stream->records += records;
	return WC_OK;
}

static bool write_template(struct wc_ipfix_stream *stream, const void *what, GError **trouble)
{
	return fbSessionExportTemplate(stream->session, *(const uint16_t *)what, trouble);
}

static bool write_record(struct wc_ipfix_stream *stream, const void *what, GError **trouble)
{
	return fBufAppend(stream->buffer, (uint8_t *)(uintptr_t)what,
			  sizeof(struct wc_ipfix_record), trouble);
}

static bool write_type(struct wc_ipfix_stream *stream, const void *what, GError **trouble)
{
	return fbInfoElementWriteOptionsRecord(stream->buffer,
					       fbInfoModelGetElementByName(stream->model, what),
					       WC_IPFIX_TYPES_INTERNAL, WC_IPFIX_TYPES, trouble);
}

int wc_ipfix_stream_add(struct wc_ipfix_stream *stream, uint16_t id,
			const struct wc_ipfix_record *record, struct wc_messages *messages,
			struct wc_error *error)
{
	GError *trouble = NULL;

	if (id != stream->template_id) {
		if (!fBufSetInternalTemplate(stream->buffer, WC_IPFIX_INTERNAL, &trouble) ||
		    !fBufSetExportTemplate(stream->buffer, id, &trouble))
			return failed(trouble, error);
		stream->template_id = id;
	}
	return write_or_flush(stream, write_record, record, 1, messages, error);
}

static int add_types(struct wc_ipfix_stream *stream, struct wc_messages *messages,
		     struct wc_error *error)
{
	int status = WC_OK;

	stream->template_id = 0; /* libfixbuf sets its own */
	for (size_t i = 0; wc_ipfix_private_names[i] && !status; i++)
		status = write_or_flush(stream, write_type, wc_ipfix_private_names[i], 1, messages,
					error);
	return status;
}

static int add_option_templates(struct wc_ipfix_stream *stream, struct wc_messages *messages,
				struct wc_error *error)
{
	const uint16_t types = WC_IPFIX_TYPES;
	int status = WC_OK;

	for (size_t i = 0; stream->layout.options && i < COUNT(options) && !status; i++)
		status = write_or_flush(stream, write_template, &options[i], 0, messages, error);
	if (!status && stream->layout.types)
		status = write_or_flush(stream, write_template, &types, 0, messages, error);
	return status;
}

/* Which fields of each template are keys. */
static int add_keys(struct wc_ipfix_stream *stream, struct wc_messages *messages,
		    struct wc_error *error)
{
	const struct wc_ipfix_layout *layout = &stream->layout;
	int status = WC_OK;

	for (size_t i = 0; layout->options && i < layout->count && !status; i++) {
		const struct wc_ipfix_record record = {
			.template_id = wc_ipfix_template_id(layout->kind, layout->bits[i]),
			.key_fields = wc_ipfix_key_fields(layout->kind, layout->bits[i]),
		};

		status = wc_ipfix_stream_add(stream, WC_IPFIX_FLOW_KEYS, &record, messages, error);
	}
	return status;
}

int wc_ipfix_stream_templates(struct wc_ipfix_stream *stream, struct wc_messages *messages,
			      struct wc_error *error)
{
	const struct wc_ipfix_layout *layout = &stream->layout;
	int status = WC_OK;

	for (size_t i = 0; i < layout->count && !status; i++) {
		uint16_t id = wc_ipfix_template_id(layout->kind, layout->bits[i]);

		status = write_or_flush(stream, write_template, &id, 0, messages, error);
	}
	if (!status)
		status = add_option_templates(stream, messages, error);
	if (!status)
		status = add_keys(stream, messages, error);
	if (!status && layout->types)
		status = add_types(stream, messages, error);
	return status;
}
