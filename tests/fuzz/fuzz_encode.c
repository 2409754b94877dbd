/*
 * fuzz_encode.c - any snapshot, through every format: whole lines of JSON, and texts for a terminal
 *
 * The input is a packed snapshot, whose names and numbers may be anything.
 */
#undef NDEBUG
#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "buffer.h"
#include "encode.h"
#include "exporter_options.h"
#include "format.h"
#include "json.h"
#include "messages.h"
#include "place.h"
#include "wirecensus/error.h"
#include "wirecensus/pack.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

#include "text.h"

#define MOST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wc_context context = {.host = "fuzz", .instance = "id", .top = 5};

static void check_json(const struct wc_snapshot *snapshot)
{
	struct wc_buffer text = {0};
	const char *line, *end;

	wc_json_encode(&text, &context, snapshot);
	assert(!text.failed && text.length);
	for (line = text.data; line < text.data + text.length; line = end + 1) {
		json_t *value;

		end = memchr(line, '\n', (size_t)(text.data + text.length - line));
		assert(end);
		value = json_loadb(line, (size_t)(end - line),
				   JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, NULL);
		assert(json_is_object(value));
		json_decref(value);
	}
	wc_buffer_free(&text);
}

/* Nothing that moves a cursor or changes a colour. */
static void check_text(const struct wc_snapshot *snapshot)
{
	struct wc_buffer text = {0};

	wc_text_encode(&text, &context, snapshot);
	assert(!text.failed);
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		assert((byte >= ' ' && byte != 0x7f) || byte == '\n');
	}
	wc_buffer_free(&text);
}

static void check_format(const struct wc_format *format, const struct wc_snapshot *snapshot)
{
	const struct wc_framing framing = {
		.datagrams = true, .longest = 1232, .place = WC_PLACE_UDP};
	struct wc_exporter_options options = {0};
	struct wc_messages messages = {0};
	struct wc_error error;
	void *state = NULL;

	assert(!wc_option_defaults(&options, wc_exporter_option_table, &error));
	if (!format->open || !format->open(&state, &options, &framing, &error)) {
		assert(!format->encode(state, &context, snapshot, &messages, &error));
		for (size_t i = 0; i < messages.count; i++)
			assert(messages.items[i].offset + messages.items[i].length <=
			       messages.bytes.length);
		if (format->close)
			format->close(state);
	}
	wc_messages_free(&messages);
	wc_option_clear(&options, wc_exporter_option_table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wc_registry *registry;
	struct wc_pack_origin origin;
	struct wc_snapshot *snapshot;

	if (!registry)
		registry = wc_registry_new();
	context.registry = registry;
	if (wc_unpack(&snapshot, &origin, data, size, MOST, NULL))
		return 0;
	check_json(snapshot);
	check_text(snapshot);
	for (size_t i = 0; wc_format_list[i]; i++)
		check_format(wc_format_list[i], snapshot);
	wc_snapshot_free(snapshot);
	return 0;
}
