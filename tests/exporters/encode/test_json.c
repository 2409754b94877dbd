/* The JSON rows, read back by another library. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "golden.h"
#include "json.h"
#include "json_lines.h"
#include "rows.h"
#include "sample.h"
#include "suite.h"

START_TEST(test_golden)
{
	struct wc_snapshot busy = sample_busy(), quiet = sample_quiet(), damaged = sample_damaged();

	golden_check("busy.json", wc_json_encode, &busy);
	golden_check("quiet.json", wc_json_encode, &quiet);
	golden_check("damaged.json", wc_json_encode, &damaged);
}
END_TEST

/* Every row tells which run, capture and interval it is of, and how many rows there are. */
START_TEST(test_identity)
{
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot), *row;
	size_t i;

	ck_assert_uint_eq(json_array_size(rows), 31);
	json_array_foreach(rows, i, row)
	{
		ck_assert_int_eq(json_line_integer(row, "schema"), 1);
		ck_assert_str_eq(json_line_text(row, "time"), "2023-11-14T22:13:30.251Z");
		ck_assert_str_eq(json_line_text(row, "host"), sample_context.host);
		ck_assert_str_eq(json_line_text(row, "instance"), sample_context.instance);
		ck_assert_str_eq(json_line_text(row, "capture"), "wan");
		ck_assert_str_eq(json_line_text(row, "observer"), "eth0");
		ck_assert_int_eq(json_line_integer(row, "interval"), 3);
		ck_assert_str_eq(json_line_text(row, "start"), "2023-11-14T22:13:20.250Z");
		ck_assert_str_eq(json_line_text(row, "end"), json_line_text(row, "time"));
		ck_assert_int_eq(json_line_integer(row, "row"), (long long)i + 1);
		ck_assert_int_eq(json_line_integer(row, "rows"), 31);
	}
	json_decref(rows);
}
END_TEST

/* The rows of all classes add up to the total, and so do directions. */
START_TEST(test_adds_up)
{
	static const char *const types[] = {"port", "protocol",  "fragment",   "ethertype",
					    "llc",  "malformed", "unsupported"};
	struct wc_snapshot snapshot = sample_busy();
	json_t *rows = json_lines(&snapshot), *total = json_array_get(rows, 0);
	long long packets = 0, bytes = 0;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		packets += json_lines_sum(rows, types[i], "packets");
		bytes += json_lines_sum(rows, types[i], "bytes");
	}
	ck_assert_int_eq(packets, 1201057);
	ck_assert_int_eq(json_line_integer(total, "packets"), packets);
	ck_assert_int_eq(json_line_integer(total, "bytes"), bytes);
	ck_assert_int_eq(json_line_integer(total, "in_packets") +
				 json_line_integer(total, "out_packets") +
				 json_line_integer(total, "local_packets") +
				 json_line_integer(total, "transit_packets"),
			 packets);
	ck_assert_int_eq(json_line_integer(total, "frames"),
			 packets + json_line_integer(total, "rejected"));
	ck_assert_int_eq(json_line_integer(total, "received"),
			 json_line_integer(total, "frames") + json_line_integer(total, "lost") +
				 json_line_integer(total, "pending"));
	json_decref(rows);
}
END_TEST

/* A remainder has no key; what cannot be known is null. */
START_TEST(test_other_and_null)
{
	static const char *const keys[] = {"port",   "protocol", "name",
					   "client", "server",   "address"};
	struct wc_snapshot busy = sample_busy(), damaged = sample_damaged();
	json_t *rows = json_lines(&busy), *row, *others = json_array();
	size_t i;

	json_array_foreach(rows, i, row) if (json_is_true(json_object_get(row, "other")))
		json_array_append(others, row);
	ck_assert_uint_eq(json_array_size(others), 4);
	json_array_foreach(others, i, row)
	{
		for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++)
			ck_assert_ptr_null(json_object_get(row, keys[k]));
		if (i < 2)
			ck_assert_str_eq(json_line_text(row, "direction"), "in");
	}
	json_decref(others);
	json_decref(rows);

	rows = json_lines(&damaged);
	row = json_array_get(rows, 0);
	ck_assert(json_is_null(json_object_get(row, "time")));
	ck_assert(json_is_null(json_object_get(row, "start")));
	ck_assert(json_is_null(json_object_get(row, "end")));
	ck_assert(json_is_null(json_object_get(row, "offload")));
	ck_assert(json_is_false(json_object_get(row, "complete")));
	json_decref(rows);
}
END_TEST

/* Whatever the name is, a line is one object, and the name is one string of it. */
START_TEST(test_hostile)
{
	struct wc_snapshot snapshot = sample_quiet();

	for (size_t i = 0; sample_hostile[i]; i++) {
		json_t *rows, *row;

		snapshot.observer = snapshot.capture = sample_hostile[i];
		rows = json_lines(&snapshot);
		ck_assert_uint_eq(json_array_size(rows), 1);
		row = json_array_get(rows, 0);
		ck_assert_ptr_nonnull(json_line_text(row, "observer"));
		ck_assert_str_eq(json_line_text(row, "observer"), json_line_text(row, "capture"));
		ck_assert_uint_eq(json_object_size(row), 44);
		json_decref(rows);
	}
}
END_TEST

START_TEST(test_escapes)
{
	static const struct {
		const char *name, *expected;
	} names[] = {
		{"a\"b\\c", "\"a\\\"b\\\\c\""},
		{"\033[0m\n", "\"\\u001b[0m\\u000a\""},
		{"\177\302\233", "\"\\u007f\\u009b\""},
		{"\377\303(", "\"\\ufffd\\ufffd(\""},
		{"\355\240\200", "\"\\ufffd\\ufffd\\ufffd\""},
		{"Z\303\274rich \360\237\223\246", "\"Z\303\274rich \360\237\223\246\""},
		{"\342\200\250", "\"\\u2028\""},
	};
	struct wc_snapshot snapshot = sample_quiet();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct wc_buffer bytes = {0};
		const char *found;

		snapshot.observer = names[i].name;
		wc_json_encode(&bytes, &sample_context, &snapshot);
		wc_buffer_add(&bytes, "", 1);
		found = strstr(bytes.data, "\"observer\":");
		ck_assert_ptr_nonnull(found);
		found += strlen("\"observer\":");
		ck_assert_msg(!strncmp(found, names[i].expected, strlen(names[i].expected)) &&
				      found[strlen(names[i].expected)] == ',',
			      "name %zu: %.40s", i, found);
		wc_buffer_free(&bytes);
	}
}
END_TEST

/* The number behind @field in @line. */
static unsigned long long scan(const char *line, const char *field)
{
	const char *found = strstr(line, field);

	ck_assert_msg(found, "%s in %s", field, line);
	return strtoull(found + strlen(field), NULL, 10);
}

/* Every port of both transports in one interval, complete: 0 to 65535, each once. */
START_TEST(test_full)
{
	struct wc_snapshot snapshot = sample_full();
	struct wc_buffer bytes = {0};
	unsigned long long packets = 0, row = 0;
	char *line, *newline, *end;

	wc_json_encode(&bytes, &sample_context, &snapshot);
	ck_assert(!bytes.failed);
	end = bytes.data + bytes.length;
	for (line = bytes.data; line < end; line = newline + 1) {
		newline = memchr(line, '\n', (size_t)(end - line));
		ck_assert_ptr_nonnull(newline);
		*newline = '\0';
		ck_assert_uint_eq(scan(line, "\"row\":"), ++row);
		if (row == 1)
			continue;
		ck_assert_uint_eq(scan(line, "\"port\":"), (row - 2) % 65536);
		packets += scan(line, "\"packets\":");
	}
	ck_assert_uint_eq(row, 1 + 2 * 65536);
	ck_assert_uint_eq(scan(bytes.data, "\"packets\":"), packets);
	ck_assert_uint_eq(scan(bytes.data, "\"rows\":"), row);
	wc_buffer_free(&bytes);
}
END_TEST

/* Rows of some kinds only: they are the same, but for their numbers. */
START_TEST(test_kinds)
{
	static const struct {
		unsigned kinds;
		size_t rows;
		const char *first;
	} cases[] = {
		{WC_ROWS_ALL, 31, "total"},
		{WC_ROWS_TOTAL, 1, "total"},
		{WC_ROWS_PORT, 7, "port"},
		{WC_ROWS_PROTOCOL | WC_ROWS_FRAGMENT, 4, "protocol"},
		{WC_ROWS_ETHERTYPE | WC_ROWS_HOST, 8, "ethertype"},
		{WC_ROWS_MALFORMED | WC_ROWS_UNSUPPORTED, 1, "malformed"},
		{WC_ROWS_CONVERSATION, 5, "conversation"},
		{WC_ROWS_SCANNER, 4, "scanner"},
		{WC_ROWS_LOSS, 0, NULL},
	};
	struct wc_snapshot snapshot = sample_busy();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct wc_buffer text = {0};
		size_t lines = 0;
		char wanted[128];

		wc_json_encode_rows(&text, &sample_context, &snapshot, cases[i].kinds);
		wc_buffer_add(&text, "", 1);
		for (const char *c = text.data; *c; c++)
			lines += *c == '\n';
		ck_assert_uint_eq(lines, cases[i].rows);
		if (lines) {
			snprintf(wanted, sizeof(wanted), "{\"schema\":1,\"type\":\"%s\",",
				 cases[i].first);
			ck_assert_ptr_eq(strstr(text.data, wanted), text.data);
			snprintf(wanted, sizeof(wanted), "\"row\":1,\"rows\":%zu,", lines);
			ck_assert_ptr_nonnull(strstr(text.data, wanted));
		}
		wc_buffer_free(&text);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_golden,         test_identity, test_adds_up,
		test_other_and_null, test_hostile,  test_escapes,
		test_full,           test_kinds,    NULL,
	};

	return suite_run("json", tests, 600);
}
