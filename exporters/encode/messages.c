#include "messages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 64

/* Where the message begins that has not ended yet. */
static size_t open_offset(const struct wc_messages *messages)
{
	const struct wc_message *last;

	if (!messages->count)
		return 0;
	last = &messages->items[messages->count - 1];
	return last->offset + last->length;
}

size_t wc_messages_open(const struct wc_messages *messages)
{
	return messages->bytes.length - open_offset(messages);
}

static bool grow(struct wc_messages *messages)
{
	size_t room = messages->room ? 2 * messages->room : ROOM_MIN;
	struct wc_message *items = realloc(messages->items, room * sizeof(*items));

	if (!items) {
		messages->bytes.failed = true;
		return false;
	}
	messages->items = items;
	messages->room = room;
	return true;
}

void wc_messages_end_before(struct wc_messages *messages, size_t behind, uint32_t records)
{
	struct wc_buffer *bytes = &messages->bytes;
	size_t offset = open_offset(messages);
	size_t length = bytes->length - offset - behind;
	bool kept =
		messages->ended >= messages->skip && (!messages->limit || offset < messages->limit);

	if (bytes->failed)
		return;
	messages->ended++;
	if (kept && (messages->count < messages->room || grow(messages))) {
		messages->items[messages->count++] = (struct wc_message){offset, length, records};
	} else {
		memmove(bytes->data + offset, bytes->data + offset + length, behind);
		bytes->length = offset + behind;
	}
}

void wc_messages_end(struct wc_messages *messages, uint32_t records)
{
	wc_messages_end_before(messages, 0, records);
}

void wc_messages_clear(struct wc_messages *messages, uint64_t skip)
{
	wc_buffer_clear(&messages->bytes);
	messages->count = 0;
	messages->ended = 0;
	messages->skip = skip;
}

void wc_messages_free(struct wc_messages *messages)
{
	wc_buffer_free(&messages->bytes);
	free(messages->items);
	*messages = (struct wc_messages){0};
}
