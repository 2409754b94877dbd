#include "lined.h"

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "delivery.h"
#include "kinds.h"
#include "line.h"
#include "place.h"
#include "wirecensus/error.h"

/* A call may try several addresses, each in several steps, before it hangs for us. */
#define PATIENCES 4

struct lined {
	struct wc_delivery delivery;
	struct wc_place place;
	struct wc_lined_settings settings;
	struct wc_line *line; /* NULL: closed, or to be made */
	bool opening, open;
	uint64_t now_ns;
	uint64_t taken, sent; /* messages, since it was opened */
	uint64_t progress_ns; /* when sent last grew, or nothing was under way */
	bool fresh;           /* the first message since nothing was under way */
};

static void stop(struct lined *lined)
{
	wc_line_leave(lined->line);
	lined->line = NULL;
	lined->opening = lined->open = false;
}

static void lined_open(struct wc_delivery *delivery, uint64_t now_ns)
{
	struct lined *lined = (struct lined *)delivery;

	lined->opening = true;
	lined->now_ns = lined->progress_ns = now_ns;
	lined->taken = lined->sent = 0;
}

/* Asks the thread how it stands. */
static enum wc_line_state look(struct lined *lined, struct wc_error *error)
{
	uint64_t sent;
	enum wc_line_state state;

	if (!lined->line)
		lined->line = wc_line_new(lined->settings.plan, error);
	if (!lined->line)
		return WC_LINE_DOWN;
	state = wc_line_look(lined->line, &sent, error);
	if (sent != lined->sent || lined->fresh || (lined->open && sent == lined->taken))
		lined->progress_ns = lined->now_ns;
	lined->fresh = false;
	lined->sent = sent;
	if (state == WC_LINE_DOWN ||
	    lined->now_ns - lined->progress_ns < PATIENCES * lined->settings.patience_ns)
		return state;
	wc_error_set(error, WC_FAILED,
		     "the library hangs and is left behind; check that the collector is alive");
	return WC_LINE_DOWN;
}

static enum wc_delivery_state lined_work(struct wc_delivery *delivery, uint64_t now_ns,
					 struct wc_error *error)
{
	struct lined *lined = (struct lined *)delivery;

	lined->now_ns = now_ns;
	if (!lined->opening && !lined->open)
		return WC_DELIVERY_CLOSED;
	switch (look(lined, error)) {
	case WC_LINE_CONNECTING:
		return WC_DELIVERY_OPENING;
	case WC_LINE_UP:
		lined->opening = false;
		lined->open = true;
		return WC_DELIVERY_OPEN;
	case WC_LINE_DOWN:
		break;
	}
	stop(lined);
	wc_delivery_failed(&lined->place, error);
	return WC_DELIVERY_CLOSED;
}

static int lined_send(struct wc_delivery *delivery, const void *message, size_t length,
		      struct wc_error *error)
{
	struct lined *lined = (struct lined *)delivery;

	if (!lined->open)
		return 0;
	if (length > delivery->longest) {
		stop(lined);
		return wc_delivery_too_long(delivery, &lined->place, length, error);
	}
	if (!wc_line_add(lined->line, message, length))
		return 0;
	lined->fresh |= lined->taken++ == lined->sent;
	return 1;
}

static uint64_t lined_confirmed(struct wc_delivery *delivery)
{
	return ((struct lined *)delivery)->sent;
}

static size_t lined_wait(struct wc_delivery *delivery, struct pollfd *fds, uint64_t *deadline_ns)
{
	struct lined *lined = (struct lined *)delivery;

	*deadline_ns = lined->opening ? lined->now_ns : WC_DELIVERY_NEVER;
	if (!lined->line)
		return 0;
	fds[0] = (struct pollfd){.fd = wc_line_fd(lined->line), .events = POLLIN};
	if (lined->opening || lined->taken != lined->sent)
		*deadline_ns = lined->progress_ns + PATIENCES * lined->settings.patience_ns;
	if (lined->fresh)
		*deadline_ns = lined->now_ns;
	return 1;
}

static void lined_close(struct wc_delivery *delivery)
{
	stop((struct lined *)delivery);
}

static void lined_free(struct wc_delivery *delivery)
{
	struct lined *lined = (struct lined *)delivery;

	stop(lined);
	wc_line_plan_free(lined->settings.plan);
	wc_place_free(&lined->place);
	free(lined);
}

static const struct wc_delivery_ops lined_ops = {
	.open = lined_open,
	.work = lined_work,
	.send = lined_send,
	.confirmed = lined_confirmed,
	.wait = lined_wait,
	.close = lined_close,
	.free = lined_free,
};

int wc_lined_new(struct wc_delivery **delivery, struct wc_place *place,
		 const struct wc_lined_settings *settings, struct wc_error *error)
{
	struct lined *lined = calloc(1, sizeof(*lined));

	if (!lined)
		return wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	lined->delivery = (struct wc_delivery){&lined_ops, settings->longest};
	lined->place = *place;
	lined->settings = *settings;
	*delivery = &lined->delivery;
	return WC_OK;
}
