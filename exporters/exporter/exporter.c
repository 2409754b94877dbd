/*
 * The step machine. A group of intervals is looked for in the journal, loaded once the
 * delivery is open, and sent message by message; confirmed ones move the position. A
 * failure forgets all of that: what comes next begins again at the position.
 */
#include "exporter.h"

#include <poll.h>
#include <stdlib.h>

#include "delivery.h"
#include "exporter_parts.h"
#include "journal.h"
#include "pace.h"
#include "wirecensus/error.h"
#include "world.h"

uint64_t wc_exporter_steady(const struct wc_exporter *exporter)
{
	return exporter->settings.world->steady(exporter->settings.world->arg);
}

int64_t wc_exporter_wall(const struct wc_exporter *exporter)
{
	return exporter->settings.world->wall(exporter->settings.world->arg);
}

static int begin_feed(struct wc_exporter *exporter, struct wc_error *error)
{
	const struct wc_exporter_settings *settings = &exporter->settings;
	struct wc_feed *feed = &exporter->feed;
	int status;

	feed->journal = settings->journal;
	feed->progress = &exporter->progress;
	feed->group_ns = exporter->plan.group_ns;
	feed->encoding = settings->encoding;
	feed->batch.format = settings->format;
	feed->batch.context = *settings->context;
	feed->batch.selection = exporter->plan.selection;
	status = settings->format->open(&feed->batch.state, settings->options,
					&exporter->plan.framing, error);
	if (!status)
		status = wc_progress_begin(&exporter->progress, settings->journal, settings->name,
					   error);
	if (!status)
		status = wc_journal_reader_open(&feed->reader, settings->journal, error);
	if (!status)
		wc_feed_rewind(feed);
	return status;
}

int wc_exporter_new(struct wc_exporter **out, const struct wc_exporter_settings *settings,
		    struct wc_error *error)
{
	struct wc_exporter *exporter = calloc(1, sizeof(*exporter));
	int status;

	*out = NULL;
	if (!exporter)
		return wc_error_set(error, WC_FAILED, "%s: there is not enough memory",
				    settings->name);
	exporter->settings = *settings;
	exporter->state = WC_DELIVERY_CLOSED;
	status = wc_plan_make(&exporter->plan, settings, error);
	if (!status)
		status = begin_feed(exporter, error);
	if (status) {
		wc_exporter_free(exporter);
		return status;
	}
	*out = exporter;
	return 0;
}

void wc_exporter_free(struct wc_exporter *exporter)
{
	if (!exporter)
		return;
	wc_batch_unload(&exporter->feed.batch);
	wc_messages_free(&exporter->greeting);
	if (exporter->feed.reader)
		wc_journal_reader_close(exporter->feed.reader);
	wc_progress_end(&exporter->progress);
	if (exporter->feed.batch.state)
		exporter->settings.format->close(exporter->feed.batch.state);
	wc_plan_free(&exporter->plan);
	free(exporter);
}

static void note_confirmed(struct wc_exporter *exporter)
{
	struct wc_delivery *delivery = exporter->plan.delivery;
	uint64_t before = exporter->progress.confirmed;

	wc_progress_confirm(&exporter->progress, delivery->ops->confirmed(delivery),
			    wc_exporter_wall(exporter));
	if (exporter->progress.confirmed != before)
		exporter->failures = 0;
}

/* What is confirmed, also by the end itself, moves the position; all else is forgotten. */
static void disconnect(struct wc_exporter *exporter)
{
	struct wc_delivery *delivery = exporter->plan.delivery;

	delivery->ops->close(delivery);
	note_confirmed(exporter);
	exporter->state = WC_DELIVERY_CLOSED;
	wc_progress_break(&exporter->progress);
	wc_feed_rewind(&exporter->feed);
}

/* Something failed: nothing new for a while, and then from the position on. */
static void fail(struct wc_exporter *exporter, const char *reason)
{
	const struct wc_world *world = exporter->settings.world;

	disconnect(exporter);
	wc_progress_failed(&exporter->progress, reason);
	exporter->retry_ns = wc_exporter_steady(exporter) +
			     wc_pace_backoff(++exporter->failures, world->random(world->arg));
}

/* ---- the connection ---- */

/* True when there is something to send, and no failure to be waited for. */
static bool is_time_to_open(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_error error;
	int found = now_ns < exporter->retry_ns ? 0 : wc_feed_find(&exporter->feed, &error);

	if (found < 0)
		fail(exporter, error.text);
	return found == 1;
}

/* Sends what there is room and time for. Returns how many messages. */
static size_t send_all(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_error error = {""};
	size_t sent;

	if (wc_exporter_send(exporter, now_ns, &sent, &error))
		fail(exporter, error.text);
	return sent;
}

static void begin_to_open(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_delivery *delivery = exporter->plan.delivery;

	delivery->ops->open(delivery, now_ns);
	exporter->state = WC_DELIVERY_OPENING;
	wc_progress_condition(&exporter->progress, WC_EXPORTER_OPENING);
}

/* A connection stands: all that is counted of one begins. */
static void begin_connection(struct wc_exporter *exporter)
{
	struct wc_error error = {""};

	wc_progress_connected(&exporter->progress);
	exporter->messages = exporter->records = 0;
	if (wc_exporter_greet(exporter, &error))
		fail(exporter, error.text);
}

/* The delivery begins a new connection by itself: no failure, but what is in flight is gone. */
static void begin_again(struct wc_exporter *exporter)
{
	wc_progress_break(&exporter->progress);
	wc_feed_rewind(&exporter->feed);
}

/* Lets the delivery go on. Returns true when messages can be sent. */
static bool go_on(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_delivery *delivery = exporter->plan.delivery;
	enum wc_delivery_state before = exporter->state;
	struct wc_error error = {"the connection has ended"};

	exporter->state = delivery->ops->work(delivery, now_ns, &error);
	note_confirmed(exporter);
	if (exporter->state == WC_DELIVERY_CLOSED)
		fail(exporter, error.text);
	else if (exporter->state == WC_DELIVERY_OPENING && before == WC_DELIVERY_OPEN)
		begin_again(exporter);
	else if (exporter->state == WC_DELIVERY_OPEN && before != WC_DELIVERY_OPEN)
		begin_connection(exporter);
	return exporter->state == WC_DELIVERY_OPEN;
}

/* ---- the step ---- */

static enum wc_exporter_condition condition(struct wc_exporter *exporter, uint64_t now_ns)
{
	if (exporter->state == WC_DELIVERY_OPENING)
		return WC_EXPORTER_OPENING;
	if (now_ns < exporter->retry_ns)
		return WC_EXPORTER_WAITING;
	return exporter->progress.count || exporter->feed.group.first ? WC_EXPORTER_SENDING
								      : WC_EXPORTER_IDLE;
}

static void wait_until(uint64_t *deadline_ns, uint64_t ns)
{
	if (ns < *deadline_ns)
		*deadline_ns = ns;
}

size_t wc_exporter_step(struct wc_exporter *exporter, struct pollfd *fds, uint64_t *deadline_ns)
{
	struct wc_delivery *delivery = exporter->plan.delivery;
	uint64_t now_ns = wc_exporter_steady(exporter);
	size_t count = 0, sent = 0;

	*deadline_ns = UINT64_MAX;
	if (exporter->state == WC_DELIVERY_CLOSED && is_time_to_open(exporter, now_ns))
		begin_to_open(exporter, now_ns);
	if (exporter->state != WC_DELIVERY_CLOSED && go_on(exporter, now_ns))
		sent = send_all(exporter, now_ns);
	if (exporter->state != WC_DELIVERY_CLOSED) {
		note_confirmed(exporter);
		count = delivery->ops->wait(delivery, fds, deadline_ns);
		if (exporter->state == WC_DELIVERY_OPEN && wc_exporter_must_wait(exporter, now_ns))
			wait_until(deadline_ns, exporter->pace.next_ns);
		if (sent == WC_EXPORTER_STEP)
			wait_until(deadline_ns, now_ns);
	} else if (now_ns < exporter->retry_ns) {
		wait_until(deadline_ns, exporter->retry_ns);
	}
	wc_progress_condition(&exporter->progress, condition(exporter, now_ns));
	return count;
}

void wc_exporter_stop(struct wc_exporter *exporter)
{
	disconnect(exporter);
}

void wc_exporter_disown(struct wc_exporter *exporter)
{
	wc_progress_disown(&exporter->progress);
}

void wc_exporter_status(struct wc_exporter *exporter, struct wc_exporter_status *status)
{
	wc_progress_status(&exporter->progress, status);
}
