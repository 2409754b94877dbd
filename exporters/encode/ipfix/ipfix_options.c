#include "ipfix_options.h"

#include "buffer.h"
#include "escape.h"
#include "ipfix_stream.h"
#include "messages.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* The longest name, so that a record of options fits into any message. */
#define NAME_MAX_BYTES 200

/*
 * A string is UTF-8 (RFC 7011, section 6.1.6), which the name of an interface need not be. A
 * long one ends behind a whole character.
 */
static fbVarfield_t varfield(const struct wc_buffer *name)
{
	size_t length = name->length;

	if (length > NAME_MAX_BYTES)
		for (length = NAME_MAX_BYTES; ((unsigned char)name->data[length] & 0xc0) == 0x80;)
			length--;
	return (fbVarfield_t){.buf = (uint8_t *)name->data, .len = length};
}

static int add_records(struct wc_ipfix_stream *stream, const struct wc_ipfix_record *record,
		       bool interface, struct wc_messages *messages, struct wc_error *error)
{
	static const uint16_t ids[] = {WC_IPFIX_STATISTICS, WC_IPFIX_DOMAIN_NAME,
				       WC_IPFIX_INTERFACE_NAME};
	int status = WC_OK;

	for (size_t i = 0; i < (interface ? 3 : 2) && !status; i++)
		status = wc_ipfix_stream_add(stream, ids[i], record, messages, error);
	return status;
}

int wc_ipfix_options_add(struct wc_ipfix_stream *stream, uint32_t domain, const char *kind,
			 const struct wc_snapshot *snapshot,
			 const struct wc_ipfix_observer *observer, struct wc_messages *messages,
			 struct wc_error *error)
{
	struct wc_buffer name = {0}, interface = {0};
	struct wc_ipfix_record record = {
		.domain = domain,
		.start_ms = snapshot->start_ns < 0 ? 0 : (uint64_t)snapshot->start_ns / 1000000,
		.end_ms = snapshot->end_ns < 0 ? 0 : (uint64_t)snapshot->end_ns / 1000000,
		.packets = wc_totals_sum(&snapshot->delta).packets,
		.dropped = snapshot->delta.lost_kernel + snapshot->delta.lost_interface,
		.ingress = observer->number,
	};
	int status;

	wc_escape_terminal(&name, snapshot->capture);
	wc_buffer_format(&name, "/%s", kind);
	wc_escape_terminal(&interface, snapshot->observer);
	if (name.failed || interface.failed) {
		status = wc_error_no_memory(error, "for IPFIX");
	} else {
		record.domain_name = varfield(&name);
		record.interface_name = varfield(&interface);
		status = add_records(stream, &record, observer->interface, messages, error);
	}
	wc_buffer_free(&name);
	wc_buffer_free(&interface);
	return status;
}
