#include "outbox.h"

#include <stdlib.h>
#include <string.h>

/* Totals since it was cleared; a place in a ring is a total modulo the ring's size. */
struct wc_outbox {
	uint64_t added, sent;                  /* bytes */
	uint64_t taken, dispatched, confirmed; /* messages: dispatched ones are sent as a whole */
	uint64_t message[WC_OUTBOX_MESSAGES];  /* its end, in bytes added; once dispatched, on the
						  wire */
	uint8_t bytes[WC_OUTBOX_BYTES];
};

struct wc_outbox *wc_outbox_new(void)
{
	return calloc(1, sizeof(struct wc_outbox));
}

void wc_outbox_free(struct wc_outbox *outbox)
{
	free(outbox);
}

void wc_outbox_clear(struct wc_outbox *outbox)
{
	outbox->added = outbox->sent = 0;
	outbox->taken = outbox->dispatched = outbox->confirmed = 0;
}

static size_t smaller(size_t one, size_t other)
{
	return one < other ? one : other;
}

bool wc_outbox_fits(const struct wc_outbox *outbox, size_t length)
{
	return length <= WC_OUTBOX_BYTES - (outbox->added - outbox->sent) &&
	       outbox->taken - outbox->confirmed < WC_OUTBOX_MESSAGES;
}

bool wc_outbox_add(struct wc_outbox *outbox, const void *message, size_t length)
{
	size_t start = outbox->added % WC_OUTBOX_BYTES;
	size_t before_wrap = smaller(length, WC_OUTBOX_BYTES - start);

	if (!wc_outbox_fits(outbox, length))
		return false;
	memcpy(outbox->bytes + start, message, before_wrap);
	memcpy(outbox->bytes, (const uint8_t *)message + before_wrap, length - before_wrap);
	outbox->added += length;
	outbox->message[outbox->taken++ % WC_OUTBOX_MESSAGES] = outbox->added;
	return true;
}

size_t wc_outbox_next(const struct wc_outbox *outbox, const void **bytes)
{
	size_t start = outbox->sent % WC_OUTBOX_BYTES;

	*bytes = outbox->bytes + start;
	return smaller((size_t)(outbox->added - outbox->sent), WC_OUTBOX_BYTES - start);
}

void wc_outbox_sent(struct wc_outbox *outbox, size_t length, uint64_t wire)
{
	outbox->sent += length;
	while (outbox->dispatched < outbox->taken) {
		uint64_t *end = &outbox->message[outbox->dispatched % WC_OUTBOX_MESSAGES];

		if (*end > outbox->sent)
			break;
		/* Encrypted, only the end of all that was sent at once is known. */
		if (wire != outbox->sent)
			*end = wire;
		outbox->dispatched++;
	}
}

void wc_outbox_confirm(struct wc_outbox *outbox, uint64_t wire)
{
	while (outbox->confirmed < outbox->dispatched &&
	       outbox->message[outbox->confirmed % WC_OUTBOX_MESSAGES] <= wire)
		outbox->confirmed++;
}

void wc_outbox_answer(struct wc_outbox *outbox, uint64_t messages)
{
	outbox->confirmed = messages;
}

uint64_t wc_outbox_dispatched(const struct wc_outbox *outbox)
{
	return outbox->dispatched;
}

uint64_t wc_outbox_confirmed(const struct wc_outbox *outbox)
{
	return outbox->confirmed;
}

bool wc_outbox_done(const struct wc_outbox *outbox)
{
	return outbox->confirmed == outbox->taken;
}
