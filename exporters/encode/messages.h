/*
 * messages.h - bytes cut into messages
 *
 * What a format makes of one snapshot. A message is delivered whole or not at
 * all, and its number among those of its snapshot says how far a delivery came:
 * the same snapshot must always give the same messages. A window bounds what is
 * kept of them: a format ends all of its messages, and those before the window or
 * behind it are only numbered.
 */
#ifndef WC_MESSAGES_H
#define WC_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

struct wc_message {
	size_t offset, length; /* in the buffer */
	uint32_t records;      /* that it carries: rows, IPFIX records */
};

/* Begins as all zeros: no window, every message is kept. */
struct wc_messages {
	struct wc_buffer bytes;
	struct wc_message *items;
	size_t count, room; /* kept */
	uint64_t ended;     /* messages, whether kept or not */
	uint64_t skip;      /* the window: so many messages at the beginning are not kept */
	size_t limit;       /* and none more once this many bytes are; 0: as many as there are */
};

/*
 * Ends a message with what was added to bytes since the last one ended. Memory
 * that is short shows in bytes.failed.
 */
void wc_messages_end(struct wc_messages *messages, uint32_t records);

/* The same without the last @behind bytes, which begin the next message. */
void wc_messages_end_before(struct wc_messages *messages, size_t behind, uint32_t records);

/* Returns how long the message is that has not ended yet. */
size_t wc_messages_open(const struct wc_messages *messages);

/* Forgets all messages, keeps the memory, and begins a window behind @skip messages. */
void wc_messages_clear(struct wc_messages *messages, uint64_t skip);
void wc_messages_free(struct wc_messages *messages);

#endif /* WC_MESSAGES_H */
