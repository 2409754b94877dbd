/*
 * The step machine. A group of intervals is looked for in the journal, loaded once the
 * delivery is open, and sent message by message; confirmed ones move the position. A
 * failure forgets all of that: what comes next begins again at the position.
 */
#include "exporter.h"

#include <poll.h>
#include <stdlib.h>

#include "delivery.h"
#include "exporter_options.h"
#include "feed.h"
#include "journal.h"
#include "pace.h"
#include "plan.h"
#include "progress.h"
#include "wirecensus/error.h"
#include "world.h"

#define NS UINT64_C(1000000000)

/* Messages sent in one step, so that whoever steps can look at something else. */
#define STEP_MESSAGES 1024

struct wc_exporter {
	struct wc_exporter_settings settings;
	struct wc_plan plan;
	struct wc_progress progress;
	struct wc_feed feed;
	struct wc_messages greeting; /* sent before anything else */
	size_t greeted;              /* messages of it that were sent */

	/* The connection. */
	enum wc_delivery_state state;
	uint64_t messages, records; /* sent on it */
	uint64_t greeting_ns;       /* when it was greeted last */
	uint64_t greeting_messages; /* and after how many messages */
	struct wc_pace pace;
	unsigned failures; /* in a row */
	uint64_t retry_ns; /* nothing new is begun before */
};

static uint64_t steady(const struct wc_exporter *exporter)
{
	return exporter->settings.world->steady(exporter->settings.world->arg);
}

static int64_t wall(const struct wc_exporter *exporter)
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
			    wall(exporter));
	if (exporter->progress.confirmed != before)
		exporter->failures = 0;
}

/* What is confirmed by now moves the position; all else is forgotten. */
static void disconnect(struct wc_exporter *exporter)
{
	struct wc_delivery *delivery = exporter->plan.delivery;

	if (exporter->state != WC_DELIVERY_CLOSED)
		note_confirmed(exporter);
	delivery->ops->close(delivery);
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
	exporter->retry_ns =
		steady(exporter) + wc_pace_backoff(++exporter->failures, world->random(world->arg));
}

/* ---- the connection ---- */

/* Begins what a new connection must hear first. */
static int greet(struct wc_exporter *exporter, struct wc_error *error)
{
	const struct wc_format *format = exporter->settings.format;

	exporter->greeted = 0;
	exporter->greeting_ns = steady(exporter);
	exporter->greeting_messages = exporter->messages;
	wc_messages_clear(&exporter->greeting, 0);
	if (!format->greet)
		return 0;
	return format->greet(exporter->feed.batch.state, &exporter->greeting, error);
}

/* True when those who listen to datagrams since a short time only must hear the greeting again. */
static bool is_greeting_old(const struct wc_exporter *exporter, uint64_t now_ns)
{
	const struct wc_format *format = exporter->settings.format;
	uint64_t own = exporter->settings.options->refresh, refresh = own ? own : format->refresh;

	if (!exporter->plan.framing.datagrams || exporter->greeted < exporter->greeting.count)
		return false;
	return (refresh && now_ns >= exporter->greeting_ns + refresh * NS) ||
	       (format->refresh_messages &&
		exporter->messages - exporter->greeting_messages >= format->refresh_messages);
}

/* A message on its way out. */
struct outgoing {
	void *bytes;
	struct wc_progress_entry entry;
};

/* Finds the message to be sent next. Returns 1, 0 when there is none, or WC_FAILED. */
static int next_message(struct wc_exporter *exporter, struct outgoing *next, struct wc_error *error)
{
	struct wc_messages *greeting = &exporter->greeting;
	const struct wc_message *message = greeting->items + exporter->greeted;

	if (exporter->greeted == greeting->count)
		return wc_feed_next(&exporter->feed, &next->bytes, &next->entry, error);
	next->bytes = greeting->bytes.data + message->offset;
	next->entry = (struct wc_progress_entry){
		.length = message->length, .records = message->records, .greeting = true};
	return 1;
}

/* Goes on behind the message, whether it was sent or given up. */
static void pass(struct wc_exporter *exporter, const struct outgoing *message)
{
	if (message->entry.greeting)
		exporter->greeted++;
	else
		wc_feed_take(&exporter->feed);
}

static void note_sent(struct wc_exporter *exporter, const struct outgoing *message, uint64_t now_ns)
{
	uint64_t gap_ns =
		wc_pace_gap(exporter->settings.options->pace,
			    wc_batch_estimate(&exporter->feed.batch), exporter->plan.span_ns);

	wc_progress_sent(&exporter->progress, &message->entry);
	exporter->messages++;
	exporter->records += message->entry.records;
	if (exporter->plan.framing.datagrams)
		wc_pace_sent(&exporter->pace, now_ns, gap_ns);
	pass(exporter, message);
}

/* Sends one message. Returns 1, 0 when there is none or no room for it, or WC_FAILED. */
static int send_one(struct wc_exporter *exporter, uint64_t now_ns, struct wc_error *error)
{
	const struct wc_format *format = exporter->settings.format;
	struct wc_delivery *delivery = exporter->plan.delivery;
	struct outgoing message;
	int status = next_message(exporter, &message, error);

	if (status != 1)
		return status;
	if (message.entry.length > delivery->longest) {
		wc_progress_give_up(&exporter->progress);
		pass(exporter, &message);
		return 1;
	}
	if (format->stamp) {
		const struct wc_stamp stamp = {
			.before = exporter->records,
			.records = message.entry.records,
			.messages = exporter->messages,
			.wall_ns = wall(exporter),
		};

		format->stamp(exporter->feed.batch.state, message.bytes, message.entry.length,
			      &stamp);
	}
	status = delivery->ops->send(delivery, message.bytes, message.entry.length, error);
	if (status == 1)
		note_sent(exporter, &message, now_ns);
	return status;
}

/* True when the next message must wait for its time. */
static bool must_wait(const struct wc_exporter *exporter, uint64_t now_ns)
{
	return exporter->plan.framing.datagrams && now_ns < exporter->pace.next_ns;
}

/* Sends what there is room and time for. Returns how many messages; fails by itself. */
static size_t send_all(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_error error = {""};
	size_t sent = 0;
	int status = 1;

	while (status == 1 && sent < STEP_MESSAGES && !must_wait(exporter, now_ns) &&
	       !wc_progress_full(&exporter->progress)) {
		if (is_greeting_old(exporter, now_ns) && wc_feed_find(&exporter->feed, &error) == 1)
			status = greet(exporter, &error);
		if (status >= 0)
			status = send_one(exporter, now_ns, &error);
		sent += status == 1;
	}
	if (status < 0)
		fail(exporter, error.text);
	return sent;
}

/* True when there is something to send, and no failure to be waited for. */
static bool is_time_to_open(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_error error;
	int found = now_ns < exporter->retry_ns ? 0 : wc_feed_find(&exporter->feed, &error);

	if (found < 0)
		fail(exporter, error.text);
	return found == 1;
}

static void begin_to_open(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_delivery *delivery = exporter->plan.delivery;

	delivery->ops->open(delivery, now_ns);
	exporter->state = WC_DELIVERY_OPENING;
	wc_progress_condition(&exporter->progress, WC_EXPORTER_OPENING);
}

/* Lets the delivery go on. Returns true when messages can be sent. */
static bool go_on(struct wc_exporter *exporter, uint64_t now_ns)
{
	struct wc_delivery *delivery = exporter->plan.delivery;
	enum wc_delivery_state before = exporter->state;
	struct wc_error error = {"the connection has ended"};

	exporter->state = delivery->ops->work(delivery, now_ns, &error);
	note_confirmed(exporter);
	if (exporter->state == WC_DELIVERY_CLOSED) {
		fail(exporter, error.text);
	} else if (exporter->state == WC_DELIVERY_OPEN && before != WC_DELIVERY_OPEN) {
		wc_progress_connected(&exporter->progress);
		exporter->messages = exporter->records = 0;
		if (greet(exporter, &error))
			fail(exporter, error.text);
	}
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
	uint64_t now_ns = steady(exporter);
	size_t count = 0, sent = 0;

	*deadline_ns = UINT64_MAX;
	if (exporter->state == WC_DELIVERY_CLOSED && is_time_to_open(exporter, now_ns))
		begin_to_open(exporter, now_ns);
	if (exporter->state != WC_DELIVERY_CLOSED && go_on(exporter, now_ns))
		sent = send_all(exporter, now_ns);
	if (exporter->state != WC_DELIVERY_CLOSED) {
		note_confirmed(exporter);
		count = delivery->ops->wait(delivery, fds, deadline_ns);
		if (exporter->state == WC_DELIVERY_OPEN && must_wait(exporter, now_ns))
			wait_until(deadline_ns, exporter->pace.next_ns);
		if (sent == STEP_MESSAGES)
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

void wc_exporter_status(struct wc_exporter *exporter, struct wc_exporter_status *status)
{
	wc_progress_status(&exporter->progress, status);
}
