#include "sentence.h"

#include <stddef.h>
#include <string.h>

#include "buffer.h"
#include "row_fields.h"

/* No field has a longer name. */
#define NAME_SIZE 32

#define AMOUNT "{packets} packets, {bytes} bytes"

/*
 * {name} is the field's value. A part in brackets is left out unless all of its fields
 * are known, and those written {+name} are not 0; {?name} adds nothing of its own.
 */
static const struct {
	const char *type, *text;
} sentences[] = {
	{"total", AMOUNT " in {frames} frames[, {+malformed} malformed][, {+rejected} rejected]"
			 "[, {+lost} lost in the kernel][, {+lost_interface} lost by the interface]"
			 "[, interface gone for {+gone_seconds} s]"},
	{"port", "{transport}[ port {port}][ ({name})][, other ports{?other}], {direction}: " AMOUNT
		 "[, {+new} new][, {+accepted} accepted][, {+refused} refused]"},
	{"protocol",
	 "[protocol {protocol}][ ({name})][other protocols{?other}], {direction}: " AMOUNT},
	{"fragment",
	 "[fragments of protocol {protocol}][other fragments{?other}], {direction}: " AMOUNT},
	{"ethertype",
	 "[ethertype {ethertype}][ ({name})][other ethertypes{?other}], {direction}: " AMOUNT},
	{"llc", "frames with an LLC header: " AMOUNT},
	{"malformed", "malformed frames: " AMOUNT},
	{"unsupported", "frames of a link type that is not decoded: " AMOUNT},
	{"conversation", "[{client} to {server}, protocol {protocol} port {port}]"
			 "[other conversations{?other}][, {direction}]: " AMOUNT
			 "[, back {reverse_packets} packets, {reverse_bytes} bytes]"},
	{"host",
	 "[{address}][other hosts{?other}]: sent {sent_packets} packets, {sent_bytes} bytes, "
	 "received {received_packets} packets, {received_bytes} bytes"},
	{"scanner", "{address} scans: {attempts} attempts, {port_changes} port changes, about "
		    "{distinct_ports} ports and {distinct_hosts} hosts, {refused} refused"
		    "[, {unanswered} unanswered]"},
};

/* Finds the field of the placeholder {...} at @text; @mark is its + or ?, or 0. */
static const struct wc_field *placeholder(const struct wc_row_fields *row, const char *text,
					  char *mark)
{
	char name[NAME_SIZE];
	size_t length;

	text++;
	*mark = *text == '+' || *text == '?' ? *text++ : '\0';
	length = strcspn(text, "}");
	if (length >= sizeof(name))
		return NULL;
	memcpy(name, text, length);
	name[length] = '\0';
	return wc_row_field(row, name);
}

/* True if the part from @text to its ] or the end can be said. */
static bool is_said(const struct wc_row_fields *row, const char *text)
{
	for (; *text && *text != ']'; text++) {
		const struct wc_field *field;
		char mark;

		if (*text != '{')
			continue;
		field = placeholder(row, text, &mark);
		if (mark == '+' ? !wc_field_counts(field) : !wc_field_known(field))
			return false;
	}
	return true;
}

static void fill_in(struct wc_buffer *buffer, const struct wc_row_fields *row, const char *text)
{
	while (*text) {
		size_t plain = strcspn(text, "[]{");
		const struct wc_field *field;
		char mark;

		wc_buffer_add(buffer, text, plain);
		text += plain;
		if (*text == '[' && !is_said(row, text + 1)) {
			text += strcspn(text, "]");
		} else if (*text == '{') {
			field = placeholder(row, text, &mark);
			if (field && mark != '?')
				wc_field_add(buffer, field, "");
			text += strcspn(text, "}");
		}
		text += *text != '\0';
	}
}

void wc_sentence_add(struct wc_buffer *buffer, const struct wc_row_fields *row)
{
	const struct wc_field *type = wc_row_field(row, "type");

	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++)
		if (wc_field_is(type, sentences[i].type)) {
			fill_in(buffer, row, sentences[i].text);
			return;
		}
	wc_field_add(buffer, type, "");
}

bool wc_sentence_is_loss(const struct wc_row_fields *row)
{
	return wc_field_is(wc_row_field(row, "type"), "total") &&
	       (wc_field_counts(wc_row_field(row, "lost")) ||
		wc_field_counts(wc_row_field(row, "lost_interface")) ||
		wc_field_counts(wc_row_field(row, "gone_seconds")));
}

bool wc_sentence_is_alert(const struct wc_row_fields *row)
{
	return wc_field_is(wc_row_field(row, "type"), "scanner") || wc_sentence_is_loss(row);
}
