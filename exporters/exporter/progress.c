#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

int wc_progress_begin(struct wc_progress *progress, struct wc_journal *journal, const char *name,
		      struct wc_error *error)
{
	*progress = (struct wc_progress){.journal = journal, .name = name};
	progress->status.last_ns = WC_TIME_UNKNOWN;
	progress->flight = malloc(WC_PROGRESS_FLIGHT * sizeof(*progress->flight));
	if (!progress->flight)
		return wc_error_set(error, WC_FAILED, "%s: there is not enough memory", name);
	pthread_mutex_init(&progress->lock, NULL);
	wc_progress_locate(progress, NULL);
	return 0;
}

int wc_progress_locate(struct wc_progress *progress, struct wc_error *error)
{
	struct wc_journal_position position;
	int status = wc_journal_position(progress->journal, progress->name, &position, error);

	if (status)
		return status;
	pthread_mutex_lock(&progress->lock);
	progress->position = position;
	pthread_mutex_unlock(&progress->lock);
	progress->located = true;
	return 0;
}

void wc_progress_disown(struct wc_progress *progress)
{
	pthread_mutex_lock(&progress->lock);
	progress->disowned = true;
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_end(struct wc_progress *progress)
{
	if (progress->flight)
		pthread_mutex_destroy(&progress->lock);
	free(progress->flight);
}

bool wc_progress_full(const struct wc_progress *progress)
{
	return progress->count == WC_PROGRESS_FLIGHT;
}

static struct wc_progress_entry *entry_at(struct wc_progress *progress, size_t number)
{
	return &progress->flight[(progress->first + number) % WC_PROGRESS_FLIGHT];
}

static bool is_behind(const struct wc_journal_position *a, const struct wc_journal_position *b)
{
	return a->sequence < b->sequence ||
	       (a->sequence == b->sequence && a->messages < b->messages);
}

void wc_progress_sent(struct wc_progress *progress, const struct wc_progress_entry *entry)
{
	*entry_at(progress, progress->count++) = *entry;
	if (entry->greeting)
		return;
	pthread_mutex_lock(&progress->lock);
	progress->status.unconfirmed++;
	if (is_behind(&progress->furthest, &entry->position))
		progress->furthest = entry->position;
	else
		progress->status.repeated++;
	pthread_mutex_unlock(&progress->lock);
}

/* The lock is held. */
static void move(struct wc_progress *progress, struct wc_journal_position position)
{
	if (!position.sequence)
		return;
	progress->position = position;
	if (!progress->disowned)
		wc_journal_note(progress->journal, progress->name, &position);
}

void wc_progress_reach(struct wc_progress *progress, struct wc_journal_position position)
{
	if (progress->count) {
		entry_at(progress, progress->count - 1)->position = position;
		return;
	}
	pthread_mutex_lock(&progress->lock);
	move(progress, position);
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_confirm(struct wc_progress *progress, uint64_t confirmed, int64_t wall_ns)
{
	struct wc_exporter_status *status = &progress->status;
	struct wc_journal_position position = {0};

	if (confirmed <= progress->confirmed || !progress->count)
		return;
	pthread_mutex_lock(&progress->lock);
	for (; progress->confirmed < confirmed && progress->count; progress->confirmed++) {
		const struct wc_progress_entry *entry = entry_at(progress, 0);

		if (entry->position.sequence)
			position = entry->position;
		if (!entry->greeting) {
			status->messages++;
			status->rows += entry->records;
			status->bytes += entry->length;
			status->unconfirmed--;
			status->last_ns = wall_ns;
			status->reason[0] = '\0';
		}
		progress->first = (progress->first + 1) % WC_PROGRESS_FLIGHT;
		progress->count--;
	}
	move(progress, position);
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_break(struct wc_progress *progress)
{
	progress->first = progress->count = 0;
	progress->confirmed = 0;
	pthread_mutex_lock(&progress->lock);
	progress->status.unconfirmed = 0;
	pthread_mutex_unlock(&progress->lock);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void wc_progress_lose(struct wc_progress *progress, uint64_t after, uint64_t next, uint64_t missing)
{
	uint64_t from = most(after, progress->lost_after), to = least(next - 1, progress->lost_to);
	uint64_t told = to > from ? to - from : 0;

	if (from > to) { /* they lie apart */
		progress->lost_after = after;
		progress->lost_to = next - 1;
	} else {
		progress->lost_after = least(after, progress->lost_after);
		progress->lost_to = most(next - 1, progress->lost_to);
	}
	pthread_mutex_lock(&progress->lock);
	progress->status.lost_intervals += missing > told ? missing - told : 0;
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_give_up(struct wc_progress *progress)
{
	pthread_mutex_lock(&progress->lock);
	progress->status.unsendable++;
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_condition(struct wc_progress *progress, enum wc_exporter_condition condition)
{
	pthread_mutex_lock(&progress->lock);
	progress->status.condition = condition;
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_connected(struct wc_progress *progress)
{
	pthread_mutex_lock(&progress->lock);
	progress->status.connections++;
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_failed(struct wc_progress *progress, const char *reason)
{
	pthread_mutex_lock(&progress->lock);
	progress->status.failures++;
	snprintf(progress->status.reason, sizeof(progress->status.reason), "%s", reason);
	pthread_mutex_unlock(&progress->lock);
}

void wc_progress_status(struct wc_progress *progress, struct wc_exporter_status *status)
{
	uint64_t last = wc_journal_last(progress->journal), done;

	pthread_mutex_lock(&progress->lock);
	*status = progress->status;
	done = progress->position.sequence;
	if (done && progress->position.messages != UINT64_MAX)
		done--; /* a part of it is still to come */
	pthread_mutex_unlock(&progress->lock);
	status->backlog = last > done ? last - done : 0;
}
