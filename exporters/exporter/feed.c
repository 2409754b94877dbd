#include "feed.h"

#include "progress.h"
#include "wirecensus/error.h"

void wc_feed_rewind(struct wc_feed *feed)
{
	const struct wc_journal_position *position = &feed->progress->position;
	bool part = position->sequence && position->messages != UINT64_MAX;

	wc_batch_unload(&feed->batch);
	feed->loaded = false;
	feed->after = part ? position->sequence - 1 : position->sequence;
	feed->group = (struct wc_journal_group){0};
}

/* Learns the position, if the disk did not let us before. */
static int locate(struct wc_feed *feed, struct wc_error *error)
{
	int status;

	if (feed->progress->located)
		return 0;
	status = wc_progress_locate(feed->progress, error);
	if (!status)
		wc_feed_rewind(feed);
	return status;
}

/* Intervals between the position and the group were dropped before they were delivered. */
static void note_gap(struct wc_feed *feed)
{
	const struct wc_journal_group *group = &feed->group;
	const struct wc_journal_position gone = {group->first - 1, UINT64_MAX, feed->encoding};

	wc_progress_lose(feed->progress, feed->after, group->first, group->missing);
	wc_progress_reach(feed->progress, gone);
}

int wc_feed_find(struct wc_feed *feed, struct wc_error *error)
{
	int found;

	if (feed->group.first)
		return 1;
	if (wc_journal_last(feed->journal) <= feed->after)
		return 0;
	found = locate(feed, error);
	if (!found)
		found = wc_journal_next(feed->reader, feed->after, feed->group_ns, &feed->group,
					error);
	if (found != 1)
		feed->group.first = 0;
	else if (feed->group.missing)
		note_gap(feed);
	return found;
}

/* How many messages of the group need not be sent again: none that were others in their time. */
static uint64_t delivered_of(const struct wc_feed *feed)
{
	const struct wc_journal_position *position = &feed->progress->position;
	bool part = position->sequence == feed->group.first && position->messages != UINT64_MAX;
	bool known = feed->encoding && position->encoding == feed->encoding;

	return part && known ? position->messages : 0;
}

static int load(struct wc_feed *feed, struct wc_error *error)
{
	int status = 0;

	if (!feed->loaded)
		status = wc_batch_load(&feed->batch, feed->reader, feed->group.first,
				       feed->group.last, delivered_of(feed), error);
	feed->loaded = !status;
	return status;
}

static void end_group(struct wc_feed *feed)
{
	const struct wc_journal_position all = {feed->group.last, UINT64_MAX, feed->encoding};

	wc_progress_reach(feed->progress, all);
	wc_batch_unload(&feed->batch);
	feed->loaded = false;
	feed->after = feed->group.last;
	feed->group.first = 0;
}

int wc_feed_next(struct wc_feed *feed, void **bytes, struct wc_progress_entry *entry,
		 struct wc_error *error)
{
	const struct wc_message *message;
	int status, found = 0;

	while (!found) {
		status = wc_feed_find(feed, error);
		if (status == 1 && load(feed, error))
			status = WC_FAILED;
		if (status != 1)
			return status;
		found = wc_batch_next(&feed->batch, &message, error);
		if (!found)
			end_group(feed);
	}
	if (found != 1)
		return found;
	*bytes = wc_batch_bytes(&feed->batch, message);
	*entry = (struct wc_progress_entry){
		.position = {feed->group.first, wc_batch_taken(&feed->batch) + 1, feed->encoding},
		.length = message->length,
		.records = message->records,
	};
	return 1;
}

void wc_feed_take(struct wc_feed *feed)
{
	wc_batch_take(&feed->batch);
}
