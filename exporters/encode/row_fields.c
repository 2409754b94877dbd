#include "row_fields.h"

#include <stdint.h>
#include <string.h>

#include "buffer.h"
#include "json.h"
#include "wirecensus/error.h"

/* Addresses, times, and our own words are shorter, and stay whole. */
#define SHORTEST_TEXT 48

struct taking {
	struct wc_buffer line;
	wc_row_taker *take;
	void *arg;
	struct wc_row_fields row;
};

/* Returns where the string ends that begins behind a quote at @at. */
static const char *string_end(const char *at)
{
	while (*at != '"')
		at += *at == '\\' ? 2 : 1;
	return at;
}

static const char *list_end(const char *at)
{
	while (*at != ']')
		at = *at == '"' ? string_end(at + 1) + 1 : at + 1;
	return at;
}

/* Reads the value at @at. Returns what follows it. */
static const char *read_value(struct wc_field *field, const char *at)
{
	const char *end;

	switch (*at) {
	case '"':
		end = string_end(at + 1);
		*field = (struct wc_field){field->name, field->name_length, at + 1,
					   (size_t)(end - at - 1), WC_FIELD_TEXT};
		return end + 1;
	case '[':
		end = list_end(at);
		*field = (struct wc_field){field->name, field->name_length, at + 1,
					   (size_t)(end - at - 1), WC_FIELD_LIST};
		return end + 1;
	default:
		end = at + strcspn(at, ",}");
		field->value = at;
		field->length = (size_t)(end - at);
		field->type = *at == 'n'                 ? WC_FIELD_UNKNOWN
			      : *at == 't' || *at == 'f' ? WC_FIELD_FLAG
							 : WC_FIELD_NUMBER;
		return end;
	}
}

/* The line is one that our own encoder has just written: an object of one level. */
static void split(struct wc_row_fields *row)
{
	const char *at = row->line;

	row->count = 0;
	while (*at != '}' && row->count < WC_ROW_FIELDS_MAX) {
		struct wc_field *field = &row->fields[row->count++];
		const char *end = string_end(at + 2); /* behind {" or ," */

		field->name = at + 2;
		field->name_length = (size_t)(end - field->name);
		at = read_value(field, end + 2);
	}
}

static void take_line(void *arg)
{
	struct taking *taking = arg;

	if (taking->line.failed)
		return;
	taking->row.line = taking->line.data;
	taking->row.length = taking->line.length - 1;
	split(&taking->row);
	taking->take(taking->arg, &taking->row);
	wc_buffer_clear(&taking->line);
}

int wc_row_fields_each(const struct wc_context *context, const struct wc_snapshot *snapshot,
		       const struct wc_selection *selection, wc_row_taker *take, void *arg)
{
	struct taking taking = {.take = take, .arg = arg};
	const struct wc_json_cutting cutting = {selection, take_line, &taking};
	bool failed;

	wc_json_encode_cut(&taking.line, context, snapshot, &cutting);
	failed = taking.line.failed;
	wc_buffer_free(&taking.line);
	return failed ? WC_FAILED : WC_OK;
}

const struct wc_field *wc_row_field(const struct wc_row_fields *row, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < row->count; i++)
		if (row->fields[i].name_length == length &&
		    !memcmp(row->fields[i].name, name, length))
			return &row->fields[i];
	return NULL;
}

bool wc_field_is(const struct wc_field *field, const char *text)
{
	return field && field->type == WC_FIELD_TEXT && field->length == strlen(text) &&
	       !memcmp(field->value, text, field->length);
}

bool wc_field_known(const struct wc_field *field)
{
	return field && field->type != WC_FIELD_UNKNOWN &&
	       !(field->type == WC_FIELD_FLAG && *field->value == 'f');
}

bool wc_field_counts(const struct wc_field *field)
{
	if (!wc_field_known(field) || field->type != WC_FIELD_NUMBER)
		return false;
	for (size_t i = 0; i < field->length; i++)
		if (field->value[i] >= '1' && field->value[i] <= '9')
			return true;
	return false;
}

static void add_marked(struct wc_buffer *buffer, char character, const char *marked)
{
	if (strchr(marked, character))
		wc_buffer_add(buffer, "\\", 1);
	wc_buffer_add(buffer, &character, 1);
}

/* Adds the text from @at to @end without JSON's backslashes. */
static void add_text(struct wc_buffer *buffer, const char *at, const char *end, const char *marked)
{
	for (; at < end; at++) {
		if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		add_marked(buffer, *at, marked);
	}
}

/* Returns how much of @text is at most @limit bytes and cuts no character or escape in two. */
static size_t clipped(const char *text, size_t length, size_t limit)
{
	size_t at = 0, next;

	while (at < length) {
		next = at + 1;
		if (text[at] == '\\')
			next = at + (text[next] == 'u' ? 6 : 2);
		while (next < length && ((unsigned char)text[next] & 0xc0) == 0x80)
			next++;
		if (next > limit)
			break;
		at = next;
	}
	return at;
}

static void add_json_field(struct wc_buffer *line, const struct wc_field *field)
{
	const char *quote = field->type == WC_FIELD_TEXT ? "\"" : "";

	wc_buffer_text(line, line->length == 1 ? "\"" : ",\"");
	wc_buffer_add(line, field->name, field->name_length);
	wc_buffer_text(line, "\":");
	wc_buffer_text(line, field->type == WC_FIELD_LIST ? "[" : quote);
	wc_buffer_add(line, field->value, field->length);
	wc_buffer_text(line, field->type == WC_FIELD_LIST ? "]" : quote);
}

bool wc_row_squeeze(struct wc_row_fields *row, unsigned squeeze, struct wc_buffer *line)
{
	size_t limit = squeeze > 1 ? 256U >> (squeeze - 1) : SIZE_MAX;

	if (limit < SHORTEST_TEXT)
		return false;
	wc_buffer_clear(line);
	wc_buffer_text(line, "{");
	for (size_t i = 0; i < row->count; i++) {
		struct wc_field *field = &row->fields[i];

		if (field->type == WC_FIELD_LIST)
			field->length = 0;
		if (field->type == WC_FIELD_TEXT)
			field->length = clipped(field->value, field->length, limit);
		add_json_field(line, field);
	}
	wc_buffer_text(line, "}");
	row->line = line->data;
	row->length = line->length;
	return !line->failed;
}

void wc_field_add(struct wc_buffer *buffer, const struct wc_field *field, const char *marked)
{
	const char *at = field->value, *end = field->value + field->length;

	if (field->type != WC_FIELD_LIST) {
		add_text(buffer, at, end, marked);
		return;
	}
	while (at < end) {
		const char *text = at + 1; /* behind its quote, and before one there is , */

		at = string_end(text);
		add_text(buffer, text, at, marked);
		at += 2;
		if (at < end)
			wc_buffer_add(buffer, " ", 1);
	}
}
