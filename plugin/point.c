#include "point.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <collectd/core/utils/common/common.h>

#include "config.h"
#include "dispatch.h"
#include "feed.h"
#include "series.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* What would split an identifier, or tear a line of the log, becomes an underscore. */
static void write_instance(struct wc_point *point, const char *capture, bool several)
{
	snprintf(point->instance, sizeof(point->instance), "%s%s%s", capture, several ? "-" : "",
		 several ? point->interface : "");
	for (char *c = point->instance; *c; c++)
		if (*c == '/' || isspace((unsigned char)*c) || iscntrl((unsigned char)*c))
			*c = '_';
}

static bool is_there(const char *interface)
{
	return !strcmp(interface, "any") || if_nametoindex(interface);
}

static bool is_read(const struct wc_point *point)
{
	return point->capture && *point->capture->socket;
}

void wc_point_begin(struct wc_point *point, const struct wc_capture *capture,
		    const struct wc_options *options, const char *interface, bool several)
{
	*point = (struct wc_point){.capture = capture, .options = options};
	snprintf(point->interface, sizeof(point->interface), "%s", interface);
	write_instance(point, capture ? capture->name : interface, several);
}

/* Begins to count, if the interface exists. Logs why not, once. */
static void open_capture(struct wc_point *point)
{
	struct wc_error error;

	if (!is_there(point->interface)) {
		if (!point->failed)
			P_WARNING("capture %s: there is no interface %s: it is counted as soon "
				  "as it appears",
				  point->instance, point->interface);
	} else if (wc_feed_capture_open(&point->feed, point->instance, point->interface,
					point->options, &error)) {
		if (!point->failed)
			P_ERROR("capture %s: interface %s is not counted: %s", point->instance,
				point->interface, error.text);
	} else {
		if (point->failed)
			P_NOTICE("capture %s: interface %s is counted now", point->instance,
				 point->interface);
		if (point->feed->declined)
			P_WARNING("capture %s: %s", point->instance, point->feed->declined);
	}
}

/* Begins to read, whether or not the daemon is there. Logs why not, once. */
static void open_socket(struct wc_point *point)
{
	struct wc_error error;

	if (wc_feed_socket_open(&point->feed, point->capture->socket, point->capture->name,
				&error) &&
	    !point->failed)
		P_ERROR("capture %s is not read: %s", point->instance, error.text);
}

void wc_point_open(struct wc_point *point)
{
	if (is_read(point))
		open_socket(point);
	else
		open_capture(point);
	point->failed = !point->feed;
}

bool wc_point_usable(const struct wc_point *point)
{
	return point->feed || is_read(point) || !is_there(point->interface);
}

void wc_point_ask(struct wc_point *point)
{
	if (point->feed)
		point->feed->ops->ask(point->feed);
}

/* Takes the next snapshot. Logs that there is none, and that there is one again, once. */
static struct wc_snapshot *take(struct wc_point *point)
{
	struct wc_snapshot *snapshot;
	struct wc_error error;
	int status = point->feed->ops->snapshot(point->feed, &snapshot, &error);

	if (status == WC_FEED_NOTHING)
		return NULL;
	if (status && !point->failed)
		P_WARNING("capture %s: %s", point->instance, error.text);
	else if (!status && point->failed)
		P_NOTICE("capture %s: there are values again", point->instance);
	point->failed = status != 0;
	return status ? NULL : snapshot;
}

/* Of a point that is open. */
static void dispatch_next(struct wc_point *point, const struct wc_report *report)
{
	struct wc_dispatch dispatch = {.instance = point->instance};
	struct wc_event events[WC_WATCH_EVENTS];
	struct wc_snapshot *snapshot = take(point);
	size_t count;

	if (!snapshot)
		return;
	/* Of the interval's end: a daemon's may have been some time ago. */
	dispatch.time = NS_TO_CDTIME_T(snapshot->end_ns);
	wc_series_emit(point->series, snapshot, wc_dispatch_value, &dispatch);
	count = wc_watch_look(&point->watch, report, snapshot, events);
	for (size_t i = 0; i < count; i++)
		wc_dispatch_event(&dispatch, &events[i]);
	wc_snapshot_free(snapshot);
}

void wc_point_read(struct wc_point *point, const struct wc_report *report)
{
	if (point->feed)
		dispatch_next(point, report);
	else if (point->series)
		wc_point_open(point);
}

void wc_point_close(struct wc_point *point)
{
	if (point->feed)
		point->feed->ops->close(point->feed);
	wc_series_free(point->series);
	wc_watch_free(&point->watch);
}
