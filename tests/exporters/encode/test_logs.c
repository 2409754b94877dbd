/* The formats of logs: syslog, GELF, journald; and the tree. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "exporter_options.h"
#include "format.h"
#include "golden.h"
#include "json_lines.h"
#include "messages.h"
#include "place.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/error.h"

static struct wc_exporter_options options;

static void encode(struct wc_messages *messages, const char *name, const struct wc_framing *framing,
		   const struct wc_context *context, const struct wc_snapshot *snapshot)
{
	const struct wc_format *format = wc_format_find(name);
	struct wc_error error = {""};
	void *state;

	ck_assert_ptr_nonnull(format);
	ck_assert_int_eq(wc_format_check(format, &options, framing, &error), 0);
	ck_assert_int_eq(format->open(&state, &options, framing, &error), 0);
	ck_assert_int_eq(format->encode(state, context, snapshot, messages, &error), 0);
	format->close(state);
}

/* What golden_check() runs: all messages, each followed by a newline. */
static const char *format_name;
static struct wc_framing format_framing;

static void encode_format(struct wc_buffer *buffer, const struct wc_context *context,
			  const struct wc_snapshot *snapshot)
{
	struct wc_messages messages = {0};

	encode(&messages, format_name, &format_framing, context, snapshot);
	for (size_t i = 0; i < messages.count; i++) {
		wc_buffer_add(buffer, messages.bytes.data + messages.items[i].offset,
			      messages.items[i].length);
		wc_buffer_add(buffer, "\n", 1);
	}
	wc_messages_free(&messages);
}

static void check_golden(const char *file, const char *name, enum wc_place_kind place,
			 size_t longest)
{
	struct wc_snapshot busy = sample_busy();

	format_name = name;
	format_framing = (struct wc_framing){.place = (int)place, .longest = longest};
	format_framing.datagrams = place == WC_PLACE_UDP || place == WC_PLACE_UNIXGRAM;
	golden_check(file, encode_format, &busy);
}

START_TEST(messages_as_they_are)
{
	setenv("TZ", "UTC", 1);
	check_golden("busy.syslog", "syslog", WC_PLACE_UDP, 1232);
	check_golden("busy.syslog-stream", "syslog", WC_PLACE_TCP, 65536);
	check_golden("busy.syslog-local", "syslog", WC_PLACE_UNIXGRAM, 8192);
	check_golden("busy.gelf", "gelf", WC_PLACE_UDP, 1232);
	check_golden("busy.journald", "journald", WC_PLACE_JOURNALD, 65536);
	check_golden("busy.tree", "tree", WC_PLACE_TREE, 254);
	options.content = WC_SYSLOG_CEE;
	check_golden("busy.syslog-cee", "syslog", WC_PLACE_RELP, 65536);
}
END_TEST

/* Reads an SD-PARAM at @at as RFC 5424, section 6.3.3, has it. Returns what follows. */
static const char *read_parameter(const char *at, const char *end)
{
	while (at < end && *at != '=')
		ck_assert(strchr("abcdefghijklmnopqrstuvwxyz_0123456789", *at++) != NULL);
	ck_assert(at + 1 < end && at[1] == '"');
	for (at += 2; at < end && *at != '"'; at++) {
		ck_assert_int_ne(*at, ']');
		ck_assert_int_ge((unsigned char)*at, ' ');
		if (*at == '\\')
			ck_assert(strchr("\"\\]", *++at) != NULL);
	}
	ck_assert(at < end);
	return at + 1;
}

/* Returns how many parameters the structured data has; the message is one line. */
static size_t count_parameters(const char *text, size_t length)
{
	const char *end = text + length, *at = memchr(text, '[', length);
	size_t count = 0;

	ck_assert_ptr_null(memchr(text, '\n', length));
	ck_assert_ptr_nonnull(at);
	ck_assert(!strncmp(at, "[wirecensus@32473 ", 18));
	for (at += 17; *at == ' '; count++)
		at = read_parameter(at + 1, end);
	ck_assert_int_eq(*at, ']');
	ck_assert(at + 1 == end || at[1] == ' ');
	return count;
}

START_TEST(hostile_names_stay_one_field)
{
	struct wc_framing framing = {.place = WC_PLACE_UDP, .longest = 1232, .datagrams = true};
	struct wc_snapshot quiet = sample_quiet();
	size_t expected = 0;

	for (size_t i = 0; sample_hostile[i]; i++) {
		struct wc_messages messages = {0};

		quiet.observer = quiet.capture = sample_hostile[i];
		encode(&messages, "syslog", &framing, &sample_context, &quiet);
		ck_assert_uint_eq(messages.count, 1);
		ck_assert_uint_le(messages.items[0].length, framing.longest);
		if (!expected)
			expected = count_parameters(messages.bytes.data, messages.items[0].length);
		ck_assert_uint_eq(count_parameters(messages.bytes.data, messages.items[0].length),
				  expected);
		wc_messages_free(&messages);
	}
	ck_assert_uint_gt(expected, 40);
}
END_TEST

/* Returns how many fields the object of GELF has; @observer is one of them, as it was. */
static size_t count_members(const char *text, size_t length, const char *observer)
{
	json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
	const char *key, *found;
	json_t *value;
	size_t count;

	ck_assert_ptr_nonnull(object);
	json_object_foreach(object, key, value)
		ck_assert(json_is_string(value) || json_is_number(value));
	found = json_string_value(json_object_get(object, "_observer"));
	ck_assert_ptr_nonnull(found);
	/* Where it is text at all. */
	value = json_string(observer);
	ck_assert(!value || !strcmp(found, observer));
	json_decref(value);
	count = json_object_size(object);
	json_decref(object);
	return count;
}

/* Returns how many fields a journal entry has: lines that begin with a name of capitals. */
static size_t count_lines(const char *text, size_t length)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	const char *end = text + length;
	size_t count = 0;

	for (; text < end; count++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t name = strspn(text, letters);

		ck_assert(name > 0 && text[name] == '=');
		ck_assert_ptr_nonnull(newline);
		text = newline + 1;
	}
	return count;
}

START_TEST(hostile_names_in_gelf_and_journald)
{
	struct wc_framing stream = {.place = WC_PLACE_TCP, .longest = 65536};
	struct wc_framing journal = {.place = WC_PLACE_JOURNALD, .longest = 65536};
	struct wc_snapshot quiet = sample_quiet();
	size_t members = 0, lines = 0;

	for (size_t i = 0; sample_hostile[i]; i++) {
		struct wc_messages gelf = {0}, entries = {0};

		quiet.observer = quiet.capture = sample_hostile[i];
		encode(&gelf, "gelf", &stream, &sample_context, &quiet);
		encode(&entries, "journald", &journal, &sample_context, &quiet);
		ck_assert_uint_eq(gelf.count, 1);
		ck_assert_uint_eq(entries.count, 1);
		ck_assert_int_eq(gelf.bytes.data[gelf.bytes.length - 1], '\0');
		if (!members) {
			members = count_members(gelf.bytes.data, gelf.bytes.length - 1,
						sample_hostile[i]);
			lines = count_lines(entries.bytes.data, entries.bytes.length);
		}
		ck_assert_uint_eq(
			count_members(gelf.bytes.data, gelf.bytes.length - 1, sample_hostile[i]),
			members);
		ck_assert_uint_eq(count_lines(entries.bytes.data, entries.bytes.length), lines);
		wc_messages_free(&gelf);
		wc_messages_free(&entries);
	}
	ck_assert_uint_gt(members, 40);
	ck_assert_uint_gt(lines, 40);
}
END_TEST

/* Where a stream takes more, receivers of syslog do not: 8,000 bytes is the most. */
START_TEST(long_rows_fit_receivers)
{
	static const enum wc_place_kind kinds[] = {WC_PLACE_TCP, WC_PLACE_RELP, WC_PLACE_UNIXGRAM};
	struct wc_snapshot quiet = sample_quiet();
	char *name = malloc(20001);

	memset(name, '"', 20000);
	name[20000] = '\0';
	quiet.observer = name;
	for (size_t i = 0; i < 2 * sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct wc_framing framing = {.place = (int)kinds[i / 2], .longest = 131072};
		struct wc_messages messages = {0};

		framing.datagrams = framing.place == WC_PLACE_UNIXGRAM;
		options.content = i % 2 ? WC_SYSLOG_CEE : WC_SYSLOG_STRUCTURED;
		encode(&messages, "syslog", &framing, &sample_context, &quiet);
		ck_assert_uint_eq(messages.count, 1);
		ck_assert_uint_le(messages.items[0].length, strlen("8000 ") + 8000);
		ck_assert_ptr_nonnull(memmem(messages.bytes.data, messages.bytes.length, "frames",
					     strlen("frames")));
		wc_messages_free(&messages);
	}
	options.content = WC_SYSLOG_STRUCTURED;
	free(name);
}
END_TEST

/* A row that is longer than a datagram loses words, never a number. */
START_TEST(long_rows_fit)
{
	struct wc_framing framing = {.place = WC_PLACE_UDP, .longest = 1400, .datagrams = true};
	struct wc_snapshot quiet = sample_quiet();
	struct wc_messages messages = {0};
	char *name = malloc(4001);

	memset(name, 'x', 4000);
	name[4000] = '\0';
	quiet.observer = name;
	encode(&messages, "syslog", &framing, &sample_context, &quiet);
	ck_assert_uint_eq(messages.count, 1);
	ck_assert_uint_le(messages.items[0].length, 1400);
	ck_assert_uint_gt(count_parameters(messages.bytes.data, messages.items[0].length), 40);
	wc_messages_free(&messages);
	free(name);
}
END_TEST

/* Puts the chunks of one GELF message together again. */
START_TEST(gelf_in_chunks)
{
	struct wc_framing framing = {.place = WC_PLACE_UDP, .longest = 300, .datagrams = true};
	struct wc_framing whole = {.place = WC_PLACE_TCP, .longest = 65536};
	struct wc_snapshot quiet = sample_quiet();
	struct wc_messages pieces = {0}, one = {0};
	struct wc_buffer joined = {0};
	json_t *object;

	encode(&pieces, "gelf", &framing, &sample_context, &quiet);
	encode(&one, "gelf", &whole, &sample_context, &quiet);
	ck_assert_uint_eq(one.count, 1);
	ck_assert_uint_gt(pieces.count, 2);
	for (size_t i = 0; i < pieces.count; i++) {
		const char *bytes = pieces.bytes.data + pieces.items[i].offset;

		ck_assert_uint_le(pieces.items[i].length, 300);
		ck_assert_mem_eq(bytes, "\x1e\x0f", 2);
		ck_assert_mem_eq(bytes + 2, pieces.bytes.data + 2, 8);
		ck_assert_uint_eq((unsigned char)bytes[10], i);
		ck_assert_uint_eq((unsigned char)bytes[11], pieces.count);
		ck_assert_uint_eq(pieces.items[i].records, i + 1 == pieces.count);
		wc_buffer_add(&joined, bytes + 12, pieces.items[i].length - 12);
	}
	ck_assert_uint_eq(joined.length + 1, one.bytes.length); /* and a NUL */
	ck_assert_mem_eq(joined.data, one.bytes.data, joined.length);
	object = json_loadb(joined.data, joined.length, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(object, "version")), "1.1");
	ck_assert_str_eq(json_string_value(json_object_get(object, "_type")), "total");
	json_decref(object);
	wc_buffer_free(&joined);
	wc_messages_free(&pieces);
	wc_messages_free(&one);
}
END_TEST

/* The kind loss alone: totals only where something was lost, as alerts. */
START_TEST(losses_alone)
{
	static char loss[] = "loss";
	static char *rows[] = {loss};
	struct wc_framing framing = {.place = WC_PLACE_UDP, .longest = 1232, .datagrams = true};
	struct wc_snapshot busy = sample_busy(), quiet = sample_quiet();
	struct wc_messages messages = {0};

	options.rows = (struct wc_texts){rows, 1};
	encode(&messages, "syslog", &framing, &sample_context, &quiet);
	ck_assert_uint_eq(messages.count, 0);
	encode(&messages, "syslog", &framing, &sample_context, &busy);
	ck_assert_uint_eq(messages.count, 1);
	ck_assert_mem_eq(messages.bytes.data, "<28>1 ", 6); /* daemon, warning */
	options.rows = (struct wc_texts){0};
	wc_messages_free(&messages);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {messages_as_they_are,
				      hostile_names_stay_one_field,
				      hostile_names_in_gelf_and_journald,
				      long_rows_fit,
				      long_rows_fit_receivers,
				      gelf_in_chunks,
				      losses_alone,
				      NULL};
	int code;

	if (wc_option_defaults(&options, wc_exporter_option_table, NULL))
		return EXIT_FAILURE;
	code = suite_run("logs", tests, 60);
	wc_option_clear(&options, wc_exporter_option_table);
	return code;
}
