#include "record.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "messages.h"
#include "place.h"
#include "rows.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

static int record_open(void **state, const struct wc_exporter_options *options,
		       const struct wc_framing *framing, struct wc_error *error)
{
	bool *datagrams = malloc(sizeof(*datagrams));

	(void)options;
	if (!datagrams)
		return wc_error_set(error, WC_FAILED, "no memory");
	*datagrams = framing->datagrams;
	*state = datagrams;
	return 0;
}

static int record_encode(void *state, const struct wc_context *context,
			 const struct wc_snapshot *snapshot, struct wc_messages *messages,
			 struct wc_error *error)
{
	uint32_t pair = *(bool *)state ? RECORD_PAIR : 1, open = 0;
	struct record record = {
		.run = (uint32_t)strtoul(context->instance, NULL, 10),
		.capture = snapshot->capture[0] != 'a',
		.interval = snapshot->interval,
		.rows = (uint32_t)snapshot->port_rows + 1,
	};

	(void)error;
	for (record.row = 1; record.row <= record.rows; record.row++) {
		record.packets = record.row == 1
					 ? snapshot->delta.frames
					 : snapshot->ports[record.row - 2].delta.all.packets;
		record.gone_ns = record.row == 1 ? snapshot->delta.gone_ns : 0;
		wc_buffer_add(&messages->bytes, &record, sizeof(record));
		if (++open == pair || record.row == record.rows) {
			wc_messages_end(messages, open);
			open = 0;
		}
	}
	return 0;
}

static int record_greet(void *state, struct wc_messages *messages, struct wc_error *error)
{
	const struct record greeting = {.greeting = true};

	(void)state;
	(void)error;
	wc_buffer_add(&messages->bytes, &greeting, sizeof(greeting));
	wc_messages_end(messages, 0);
	return 0;
}

static void record_stamp(void *state, void *message, size_t length, const struct wc_stamp *stamp)
{
	struct record record;

	(void)state;
	(void)length;
	memcpy(&record, message, sizeof(record));
	record.before = stamp->before;
	record.first = !stamp->messages;
	memcpy(message, &record, sizeof(record));
}

const struct wc_format record_format = {
	.name = "record",
	.summary = "structs",
	.places = 1U << WC_PLACE_TCP | 1U << WC_PLACE_UDP,
	.rows = WC_ROWS_TOTAL | WC_ROWS_PORT,
	.top = WC_TOP_ALL,
	.refresh = 60,
	.open = record_open,
	.encode = record_encode,
	.greet = record_greet,
	.stamp = record_stamp,
	.close = free,
};
