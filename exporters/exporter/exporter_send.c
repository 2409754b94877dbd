/*
 * What goes over a connection that stands: first the greeting, then what the feed has, each in its
 * time. Nothing here opens, closes or fails for good.
 */
#include "delivery.h"
#include "exporter_options.h"
#include "exporter_parts.h"
#include "wirecensus/error.h"
#include "world.h"

#define NS UINT64_C(1000000000)

int wc_exporter_greet(struct wc_exporter *exporter, struct wc_error *error)
{
	const struct wc_format *format = exporter->settings.format;

	exporter->greeted = 0;
	exporter->greeting_ns = wc_exporter_steady(exporter);
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
			.wall_ns = wc_exporter_wall(exporter),
		};

		format->stamp(exporter->feed.batch.state, message.bytes, message.entry.length,
			      &stamp);
	}
	status = delivery->ops->send(delivery, message.bytes, message.entry.length, error);
	if (status == 1)
		note_sent(exporter, &message, now_ns);
	return status;
}

bool wc_exporter_must_wait(const struct wc_exporter *exporter, uint64_t now_ns)
{
	return exporter->plan.framing.datagrams && now_ns < exporter->pace.next_ns;
}

int wc_exporter_send(struct wc_exporter *exporter, uint64_t now_ns, size_t *sent,
		     struct wc_error *error)
{
	int status = 1;

	*sent = 0;
	while (status == 1 && *sent < WC_EXPORTER_STEP &&
	       !wc_exporter_must_wait(exporter, now_ns) && !wc_progress_full(&exporter->progress)) {
		if (is_greeting_old(exporter, now_ns) && wc_feed_find(&exporter->feed, error) == 1)
			status = wc_exporter_greet(exporter, error);
		if (status >= 0)
			status = send_one(exporter, now_ns, error);
		*sent += status == 1;
	}
	return status < 0 ? WC_FAILED : WC_OK;
}
