/*
 * outbox.h - messages on their way into a stream
 *
 * Takes whole messages, gives out bytes, and finds back from bytes on the wire
 * to messages: which of them the peer has as a whole. Takes all its memory when
 * it is made. What was sent takes no room for bytes any more, but a message
 * counts until it is confirmed.
 */
#ifndef WC_OUTBOX_H
#define WC_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that wait to be sent, and messages that wait to be confirmed, at most. */
#define WC_OUTBOX_BYTES    (256 * 1024)
#define WC_OUTBOX_MESSAGES 4096

/* The longest message: two fit. */
#define WC_OUTBOX_LONGEST (WC_OUTBOX_BYTES / 2)

struct wc_outbox;

/* Makes an empty outbox. Returns NULL when memory is short. */
struct wc_outbox *wc_outbox_new(void);

/* Frees @outbox. NULL is allowed. */
void wc_outbox_free(struct wc_outbox *outbox);

/* Empties it, and counts from 0 again. */
void wc_outbox_clear(struct wc_outbox *outbox);

/* True if there is room for a message of @length now. */
bool wc_outbox_fits(const struct wc_outbox *outbox, size_t length);

/* Copies a message, which is not empty. Returns false when there is no room now. */
bool wc_outbox_add(struct wc_outbox *outbox, const void *message, size_t length);

/*
 * Returns how many of the next bytes to send lie together, and where; 0 when all
 * are sent. They stay until they are noted as sent.
 */
size_t wc_outbox_next(const struct wc_outbox *outbox, const void **bytes);

/*
 * Notes that the first @length of the next bytes are sent. @wire: how many bytes
 * the connection has carried by now. Where that is as much as was given out, they
 * travel as they are; else all of @length is there only once the peer has @wire.
 */
void wc_outbox_sent(struct wc_outbox *outbox, size_t length, uint64_t wire);

/* Notes that the peer has the first @wire bytes of the connection. */
void wc_outbox_confirm(struct wc_outbox *outbox, uint64_t wire);

/* Notes that the peer has the first @messages as a whole: no more than are dispatched. */
void wc_outbox_answer(struct wc_outbox *outbox, uint64_t messages);

/* Returns how many messages have been sent as a whole, since it was cleared. */
uint64_t wc_outbox_dispatched(const struct wc_outbox *outbox);

/* Returns how many messages are confirmed, of those taken since it was cleared. */
uint64_t wc_outbox_confirmed(const struct wc_outbox *outbox);

/* True if each message that it took is confirmed. */
bool wc_outbox_done(const struct wc_outbox *outbox);

#endif /* WC_OUTBOX_H */
