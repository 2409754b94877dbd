/* The format `json`: rows as messages, in a stream and in datagrams. */
#include <string.h>

#include "buffer.h"
#include "exporter_options.h"
#include "format.h"
#include "json.h"
#include "messages.h"
#include "rows.h"
#include "sample.h"
#include "suite.h"
#include "wirecensus/error.h"

static char total[] = "total", port[] = "port", loss_rows[] = "loss";
static char *rows[] = {total, port, loss_rows};

static void encode(struct wc_messages *messages, const struct wc_exporter_options *options,
		   const struct wc_framing *framing, const struct wc_snapshot *snapshot)
{
	const struct wc_format *format = wc_format_find("json");
	struct wc_error error;
	void *state;

	ck_assert_ptr_nonnull(format);
	ck_assert_int_eq(wc_format_check(format, options, framing, &error), 0);
	ck_assert_int_eq(format->open(&state, options, framing, &error), 0);
	ck_assert_int_eq(format->encode(state, &sample_context, snapshot, messages, &error), 0);
	format->close(state);
}

static size_t count_lines(const char *text, size_t length)
{
	size_t lines = 0;

	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	return lines;
}

/* The messages one behind the other are what `wirecensus read` prints. */
static void check_whole(const struct wc_messages *messages, const struct wc_snapshot *snapshot)
{
	struct wc_buffer whole = {0};
	size_t offset = 0;

	wc_json_encode(&whole, &sample_context, snapshot);
	ck_assert_uint_eq(messages->bytes.length, whole.length);
	ck_assert_mem_eq(messages->bytes.data, whole.data, whole.length);
	for (size_t i = 0; i < messages->count; i++) {
		const struct wc_message *message = &messages->items[i];
		const char *text = messages->bytes.data + message->offset;

		ck_assert_uint_eq(message->offset, offset);
		ck_assert_int_eq(text[message->length - 1], '\n');
		ck_assert_uint_eq(message->records, count_lines(text, message->length));
		offset += message->length;
	}
	ck_assert_uint_eq(offset, whole.length);
	wc_buffer_free(&whole);
}

START_TEST(test_stream)
{
	const struct wc_exporter_options options = {.top = WC_ROWS_FITTING};
	const struct wc_framing framing = {.longest = SIZE_MAX};
	struct wc_snapshot busy = sample_busy();
	struct wc_messages messages = {0};

	encode(&messages, &options, &framing, &busy);
	check_whole(&messages, &busy);
	for (size_t i = 0; i < messages.count; i++)
		ck_assert_uint_eq(messages.items[i].records, 1);
	wc_messages_free(&messages);
}
END_TEST

/* Each datagram is as full as it can be; a line that is longer goes alone. */
START_TEST(test_datagrams)
{
	static const size_t longest[] = {1, 600, 1232, 8192, 65507};
	const struct wc_exporter_options options = {.top = WC_ROWS_FITTING};
	struct wc_snapshot busy = sample_busy();

	for (size_t i = 0; i < sizeof(longest) / sizeof(*longest); i++) {
		const struct wc_framing framing = {.datagrams = true, .longest = longest[i]};
		struct wc_messages messages = {0};

		encode(&messages, &options, &framing, &busy);
		check_whole(&messages, &busy);
		for (size_t m = 0; m < messages.count; m++) {
			const struct wc_message *message = &messages.items[m];
			const char *next = messages.bytes.data + message->offset + message->length;
			size_t first =
				m + 1 == messages.count ? SIZE_MAX / 2 : strcspn(next, "\n") + 1;

			if (message->length > longest[i])
				ck_assert_uint_eq(message->records, 1);
			ck_assert_uint_gt(message->length + first, longest[i]);
		}
		wc_messages_free(&messages);
	}
}
END_TEST

/* Windows, of streams and datagrams, give the same messages as one piece. */
START_TEST(test_windows)
{
	const struct wc_exporter_options options = {.top = WC_ROWS_FITTING};
	struct wc_snapshot busy = sample_busy();

	for (int datagrams = 0; datagrams < 2; datagrams++) {
		const struct wc_framing framing = {.datagrams = datagrams, .longest = 1232};
		struct wc_messages all = {0}, window = {.limit = 1500};
		size_t next = 0;

		encode(&all, &options, &framing, &busy);
		while (next < all.count) {
			wc_messages_clear(&window, next);
			encode(&window, &options, &framing, &busy);
			ck_assert_uint_eq(window.ended, all.count);
			ck_assert_uint_gt(window.count, 0);
			for (size_t i = 0; i < window.count; i++, next++) {
				const struct wc_message *message = &all.items[next];

				ck_assert_uint_eq(window.items[i].length, message->length);
				ck_assert_uint_eq(window.items[i].records, message->records);
				ck_assert_mem_eq(window.bytes.data + window.items[i].offset,
						 all.bytes.data + message->offset, message->length);
			}
		}
		ck_assert_uint_eq(next, all.count);
		wc_messages_free(&all);
		wc_messages_free(&window);
	}
}
END_TEST

/* Only what was asked for; how many were cut is not known. */
START_TEST(test_rows)
{
	const struct wc_exporter_options options = {.rows = {rows, 2}, .top = 2};
	const struct wc_selection selection = {WC_ROWS_TOTAL | WC_ROWS_PORT, 2};
	const struct wc_framing framing = {.longest = SIZE_MAX};
	struct wc_snapshot busy = sample_busy(), *selected;
	struct wc_messages messages = {0};
	struct wc_error error;

	ck_assert_int_eq(wc_rows_select(&selected, &busy, &selection, &error), 0);
	encode(&messages, &options, &framing, selected);
	ck_assert_uint_eq(messages.count, 6); /* two ports, three rows other */
	wc_buffer_add(&messages.bytes, "", 1);
	ck_assert_ptr_nonnull(
		strstr(messages.bytes.data, "\"conversations\":null,\"hosts\":null}\n"));
	ck_assert_ptr_null(strstr(messages.bytes.data, "\"type\":\"llc\""));
	ck_assert_ptr_nonnull(strstr(messages.bytes.data, "\"row\":6,\"rows\":6,"));
	wc_messages_free(&messages);
	wc_rows_free(selected);
}
END_TEST

START_TEST(test_refusals)
{
	const struct wc_exporter_options loss = {.rows = {rows, 3}};
	const struct wc_framing framing = {.longest = SIZE_MAX};
	const struct wc_format *format = wc_format_find("json");
	struct wc_error error;

	ck_assert_ptr_null(wc_format_find("jso"));
	ck_assert_int_eq(wc_format_check(format, &loss, &framing, &error), WC_INVALID);
	ck_assert_str_eq(error.text, "json has no rows loss: its rows total tell what was lost");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_stream, test_datagrams, test_windows, test_rows, test_refusals, NULL,
	};

	return suite_run("json_lines", tests, 60);
}
