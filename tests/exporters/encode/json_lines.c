#include "json_lines.h"

#include <check.h>
#include <jansson.h>
#include <string.h>

#include "buffer.h"
#include "json.h"
#include "sample.h"

json_t *json_lines(const struct wc_snapshot *snapshot)
{
	return json_lines_of(&sample_context, snapshot);
}

json_t *json_lines_of(const struct wc_context *context, const struct wc_snapshot *snapshot)
{
	struct wc_buffer bytes = {0};
	json_t *rows = json_array();
	const char *at, *end;

	wc_json_encode(&bytes, context, snapshot);
	ck_assert(!bytes.failed);
	end = bytes.data + bytes.length;
	for (at = bytes.data; at < end; at++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		json_error_t error;
		json_t *row;

		ck_assert_ptr_nonnull(newline);
		row = json_loadb(at, (size_t)(newline - at), JSON_REJECT_DUPLICATES, &error);
		ck_assert_msg(row, "%s: %.*s", error.text, (int)(newline - at), at);
		json_array_append_new(rows, row);
		at = newline;
	}
	wc_buffer_free(&bytes);
	return rows;
}

long long json_line_integer(const json_t *row, const char *field)
{
	const json_t *value = json_object_get(row, field);

	ck_assert_msg(json_is_integer(value), "%s is no whole number", field);
	return json_integer_value(value);
}

const char *json_line_text(const json_t *row, const char *field)
{
	return json_string_value(json_object_get(row, field));
}

static bool is_of(const json_t *row, const char *type)
{
	return !strcmp(json_line_text(row, "type"), type);
}

long long json_lines_sum(const json_t *rows, const char *type, const char *field)
{
	long long result = 0;

	for (size_t i = 0; i < json_array_size(rows); i++)
		if (is_of(json_array_get(rows, i), type))
			result += json_line_integer(json_array_get(rows, i), field);
	return result;
}

json_t *json_lines_get(const json_t *rows, const char *type, size_t number)
{
	for (size_t i = 0; i < json_array_size(rows); i++)
		if (is_of(json_array_get(rows, i), type) && !number--)
			return json_array_get(rows, i);
	ck_abort_msg("too few rows of type %s", type);
}

bool json_line_null(const json_t *row, const char *field)
{
	return json_is_null(json_object_get(row, field));
}
