#include "batch.h"

#include "format.h"
#include "journal.h"
#include "wirecensus/error.h"

/* Encodes the messages of the current interval again, and keeps those behind the first @skip. */
static int fill(struct wc_batch *batch, uint64_t skip, struct wc_error *error)
{
	int status;

	wc_messages_clear(&batch->messages, skip);
	batch->item = 0;
	status = batch->format->encode(batch->state, &batch->context, batch->selected,
				       &batch->messages, error);
	if (!status && batch->messages.bytes.failed)
		status = wc_error_no_memory(error, "for messages");
	return status;
}

/* Turns to interval number @at, of which the first @skip messages are not wanted. */
static int turn_to(struct wc_batch *batch, size_t at, uint64_t skip, struct wc_error *error)
{
	const struct wc_journal_interval *interval;
	int status;

	wc_rows_free(batch->selected);
	batch->selected = NULL;
	batch->at = at;
	wc_messages_clear(&batch->messages, 0);
	batch->item = 0;
	if (at == batch->count)
		return 0;
	interval = &batch->intervals[at];
	batch->context.host = interval->host;
	batch->context.instance = interval->instance;
	status = wc_rows_select(&batch->selected, interval->snapshot, &batch->selection, error);
	return status ? status : fill(batch, skip, error);
}

/* Goes on to the next window, of this interval or of the next one. */
static int go_on(struct wc_batch *batch, struct wc_error *error)
{
	const struct wc_messages *messages = &batch->messages;
	uint64_t seen = messages->skip + messages->count;

	if (seen < messages->ended)
		return fill(batch, seen, error);
	batch->before += messages->ended;
	return turn_to(batch, batch->at + 1, seen - messages->ended, error);
}

int wc_batch_load(struct wc_batch *batch, struct wc_journal_reader *reader, uint64_t first,
		  uint64_t last, uint64_t skip, struct wc_error *error)
{
	int status = wc_journal_load(reader, first, last, batch->selection.kinds, &batch->intervals,
				     &batch->count, error);

	batch->before = 0;
	batch->messages.limit = WC_BATCH_WINDOW;
	if (!status)
		status = turn_to(batch, 0, skip, error);
	if (status)
		wc_batch_unload(batch);
	return status;
}

int wc_batch_next(struct wc_batch *batch, const struct wc_message **message, struct wc_error *error)
{
	while (batch->at < batch->count) {
		if (batch->item < batch->messages.count) {
			*message = &batch->messages.items[batch->item];
			return 1;
		}
		if (go_on(batch, error))
			return WC_FAILED;
	}
	return 0;
}

void wc_batch_take(struct wc_batch *batch)
{
	batch->item++;
}

void *wc_batch_bytes(struct wc_batch *batch, const struct wc_message *message)
{
	return batch->messages.bytes.data + message->offset;
}

uint64_t wc_batch_taken(const struct wc_batch *batch)
{
	return batch->before + batch->messages.skip + batch->item;
}

uint64_t wc_batch_estimate(const struct wc_batch *batch)
{
	return batch->messages.ended * batch->count;
}

void wc_batch_unload(struct wc_batch *batch)
{
	wc_rows_free(batch->selected);
	batch->selected = NULL;
	wc_journal_intervals_free(batch->intervals, batch->count);
	batch->intervals = NULL;
	batch->count = batch->at = 0;
	wc_messages_free(&batch->messages);
}
