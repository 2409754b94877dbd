#include "keeper_queue.h"

#include <stdbool.h>
#include <string.h>

#include "interval.h"

void wc_keeper_queue_add(struct wc_keeper_queue *queue, struct wc_interval *interval)
{
	queue->items[queue->count++] = interval;
	queue->bytes += interval->bytes;
}

struct wc_interval *wc_keeper_queue_take(struct wc_keeper_queue *queue)
{
	struct wc_interval *oldest = queue->items[0];

	queue->count--;
	memmove(queue->items, queue->items + 1, queue->count * sizeof(*queue->items));
	queue->bytes -= oldest->bytes;
	return oldest;
}

void wc_keeper_queue_put_back(struct wc_keeper_queue *queue, struct wc_interval *interval)
{
	memmove(queue->items + 1, queue->items, queue->count * sizeof(*queue->items));
	queue->items[0] = interval;
	queue->count++;
	queue->bytes += interval->bytes;
}

static bool too_full(const struct wc_keeper_queue *queue)
{
	return queue->count > 1 &&
	       (queue->count >= WC_KEEPER_INTERVALS || queue->bytes > WC_KEEPER_BYTES);
}

size_t wc_keeper_queue_shrink(struct wc_keeper_queue *queue)
{
	size_t dropped = 0;

	for (; too_full(queue); dropped++)
		wc_interval_drop(wc_keeper_queue_take(queue));
	return dropped;
}

void wc_keeper_queue_clear(struct wc_keeper_queue *queue)
{
	while (queue->count)
		wc_interval_drop(wc_keeper_queue_take(queue));
}
