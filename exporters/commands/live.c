#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "meter.h"
#include "output.h"
#include "screen.h"
#include "session.h"
#include "stop.h"
#include "wirecensus/census.h"
#include "wirecensus/error.h"
#include "wirecensus/interfaces.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

struct live {
	struct wc_session session;
	const struct wc_options *options;
	struct wc_census **censuses;
	size_t count;
	struct timespec deadline; /* the end of this interval, by CLOCK_MONOTONIC */
	struct wc_meter meter;
	bool screen; /* drawn in place, not one below the other */
};

/* A name that comes twice would give two rows of one identity. */
static int check_names(const struct wc_texts *names, struct wc_error *error)
{
	for (size_t i = 0; i < names->count; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(names->items[i], names->items[j]))
				return wc_error_set(error, WC_INVALID,
						    "interface '%s' is named twice: once is enough",
						    names->items[i]);
	return WC_OK;
}

/* Who asked for what is not done is told without asking for more. */
static void tell_declined(const struct wc_census *census)
{
	struct wc_census_state state;
	struct wc_error error;

	wc_census_state(census, &state);
	if (!state.declined)
		return;
	wc_error_set(&error, WC_FAILED, "%s", state.declined);
	wc_output_complain(&error);
}

static int open_all(struct live *live, const struct wc_texts *names, struct wc_error *error)
{
	int status = check_names(names, error);

	if (status)
		return status;
	live->censuses = calloc(names->count, sizeof(struct wc_census *));
	if (!live->censuses)
		return wc_error_no_memory(error, "to begin");
	for (size_t i = 0; i < names->count && !status; i++) {
		const char *name = names->items[i];

		status = wc_census_open_live(&live->censuses[i], name, name, live->options, error);
		live->count += !status;
	}
	for (size_t i = 0; i < live->count && !status; i++)
		tell_declined(live->censuses[i]);
	for (size_t i = 0; i < live->count && !status && live->options->verbose; i++)
		wc_session_describe(live->censuses[i]);
	return status;
}

/* Opens the interfaces that are asked for, or those that are counted by default. */
static int open_interfaces(struct live *live, struct wc_error *error)
{
	struct wc_texts found = {0};
	int status = WC_OK;

	if (live->options->interface.count)
		return open_all(live, &live->options->interface, error);
	status = wc_interfaces_default(&found, error);
	if (!status)
		status = open_all(live, &found, error);
	wc_texts_free(&found);
	return status;
}

/* Starts all, each with a thread that signals do not disturb. */
static int start_all(struct live *live, struct wc_error *error)
{
	int status = WC_OK;

	wc_stop_hide();
	for (size_t i = 0; i < live->count && !status; i++)
		status = wc_census_start(live->censuses[i], error);
	wc_stop_show();
	return status;
}

/* Tells who waits at a terminal for how long. */
static void announce(struct live *live)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "counting on %zu interface%s, census in %llu s; Ctrl-C ends it earlier",
		 live->count, live->count == 1 ? "" : "s",
		 (unsigned long long)live->options->interval);
	wc_meter_begin(&live->meter, NULL);
	wc_meter_say(&live->meter, text);
}

/* Prints the session's text below what was printed before, or in its place. */
static int show(struct live *live, struct wc_error *error)
{
	struct wc_buffer picture = {0};
	int status;

	wc_meter_end(&live->meter);
	if (!live->screen || live->session.text.failed)
		return wc_output_write(&live->session.text, error);
	wc_screen_draw(&picture, &live->session.text, wc_screen_height());
	status = wc_output_write(&picture, error);
	wc_buffer_free(&picture);
	return status;
}

/* The last census is printed whole, below the last picture. */
static int show_last(struct live *live, struct wc_error *error)
{
	struct wc_buffer leave = {0};
	int status = WC_OK;

	if (live->screen) {
		wc_screen_leave(&leave);
		status = wc_output_write(&leave, error);
		wc_buffer_free(&leave);
		live->screen = false;
	}
	return status ? status : show(live, error);
}

/* Ends the interval of all interfaces at nearly one time, and writes it to the session's text. */
static int take(struct live *live, struct wc_error *error)
{
	struct wc_session *session = &live->session;

	wc_buffer_clear(&session->text);
	for (size_t i = 0; i < live->count; i++)
		wc_census_ask(live->censuses[i]);
	for (size_t i = 0; i < live->count; i++) {
		struct wc_snapshot *snapshot;
		int status = wc_census_snapshot(live->censuses[i], &snapshot, error);

		if (status)
			return status;
		session->encode(&session->text, &session->context, snapshot);
		wc_snapshot_free(snapshot);
	}
	return WC_OK;
}

/* Draws the last picture again; if that fails, the next one will tell. */
static void redraw(struct live *live)
{
	if (live->screen && live->session.text.length)
		show(live, NULL);
}

/* Moves the deadline by an interval; by more when the process stood still for longer. */
static void next_deadline(struct live *live)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	do {
		live->deadline.tv_sec += (time_t)live->options->interval;
	} while (live->deadline.tv_sec < now.tv_sec);
}

/* Sleeps to the end of the interval. Returns false when the run is to end before. */
static bool sleep_interval(struct live *live)
{
	enum wc_stop_event event;

	next_deadline(live);
	while ((event = wc_stop_sleep(&live->deadline)) == WC_STOP_RESIZED)
		redraw(live);
	return event == WC_STOP_REACHED;
}

/* Counts interval by interval; the one that is cut short is printed as well. */
static int count(struct live *live, struct wc_error *error)
{
	uint64_t left = live->options->count;
	int status = WC_OK;
	bool on = true;

	clock_gettime(CLOCK_MONOTONIC, &live->deadline);
	while (on && !status) {
		on = sleep_interval(live) && (!left || --left);
		status = take(live, error);
		if (!status)
			status = on ? show(live, error) : show_last(live, error);
	}
	return status;
}

static void close_all(struct live *live)
{
	for (size_t i = 0; i < live->count; i++)
		wc_census_free(live->censuses[i]);
	free(live->censuses);
}

int wc_live_run(const struct wc_options *options, const struct wc_texts *operands)
{
	struct live live = {.options = options};
	struct wc_error error;
	int status = wc_session_begin(&live.session, options, &error);

	(void)operands;
	wc_stop_catch(); /* before a socket is open: from then on frames are to be counted */
	if (!status)
		status = open_interfaces(&live, &error);
	if (!status)
		status = wc_session_name_hosts(&live.session, options, &error);
	if (!status) {
		live.screen = options->format == WC_FORMAT_TEXT && options->count != 1 &&
			      wc_screen_possible();
		status = start_all(&live, &error);
	}
	if (!status) {
		announce(&live);
		status = count(&live, &error);
		wc_meter_end(&live.meter);
	}
	if (status)
		wc_output_complain(&error);
	close_all(&live);
	wc_session_end(&live.session);
	return status ? wc_command_exit(status) : WC_EXIT_OK;
}
