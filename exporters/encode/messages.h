/*
 * messages.h - bytes cut into messages
 *
 * What a format makes of one snapshot. A message is delivered whole or not at
 * all, and its number among those of its snapshot says how far a delivery came:
 * the same snapshot must always give the same messages.
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

/* Begins as all zeros. */
struct wc_messages {
	struct wc_buffer bytes;
	struct wc_message *items;
	size_t count, room;
};

/*
 * Ends a message with what was added to bytes since the last one ended. Memory
 * that is short shows in bytes.failed.
 */
void wc_messages_end(struct wc_messages *messages, uint32_t records);

/* Forgets all messages and keeps the memory. */
void wc_messages_clear(struct wc_messages *messages);
void wc_messages_free(struct wc_messages *messages);

#endif /* WC_MESSAGES_H */
