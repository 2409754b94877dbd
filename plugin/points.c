#include "points.h"

#include <ctype.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>

#include "config.h"
#include "dispatch.h"
#include "feed.h"
#include "series.h"
#include "watch.h"
#include "wirecensus/error.h"
#include "wirecensus/interfaces.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

/* The most interfaces that are counted without being named. */
#define DEFAULT_INTERFACES 16

struct point {
	char instance[DATA_MAX_NAME_LEN];
	char interface[IFNAMSIZ];         /* "": a capture of a daemon */
	const struct wc_capture *capture; /* NULL: an interface without a <Capture> */
	const struct wc_options *options;
	struct wc_feed *feed; /* NULL: the interface does not exist yet, or cannot be counted */
	struct wc_series *series;
	struct wc_watch watch;
	bool failed; /* it was logged */
};

struct wc_points {
	const struct wc_config *config;
	struct wc_options defaults; /* of interfaces without a <Capture> */
	struct wc_registry *registry;
	struct point *items;
	size_t count;
};

/* What would split an identifier, or tear a line of the log, becomes an underscore. */
static void write_instance(struct point *point, const char *capture, bool several)
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

static bool is_read(const struct point *point)
{
	return point->capture && *point->capture->socket;
}

/* Appends an interface. Returns 0 or WC_FAILED with @error filled in. */
static int add_point(struct wc_points *points, const struct wc_capture *capture,
		     const char *interface, bool several, struct wc_error *error)
{
	struct point *items = realloc(points->items, (points->count + 1) * sizeof(*items));
	struct point *point;

	if (!items)
		return wc_error_set(error, WC_FAILED, "there is not enough memory to count %s",
				    interface);
	points->items = items;
	point = &items[points->count++];
	*point = (struct point){
		.capture = capture,
		.options = capture ? &capture->options : &points->defaults,
	};
	snprintf(point->interface, sizeof(point->interface), "%s", interface);
	write_instance(point, capture ? capture->name : interface, several);
	return WC_OK;
}

static int add_defaults(struct wc_points *points, const struct wc_capture *capture,
			struct wc_error *error)
{
	struct wc_texts names = {0};
	int status = wc_interfaces_default(&names, error);

	if (!status && names.count > DEFAULT_INTERFACES)
		P_WARNING("the first %d of %zu interfaces are counted: name others with "
			  "Interface in a <Capture>",
			  DEFAULT_INTERFACES, names.count);
	for (size_t i = 0; i < names.count && i < DEFAULT_INTERFACES && !status; i++)
		status = add_point(points, capture, names.items[i], capture, error);
	wc_texts_free(&names);
	return status;
}

static int add_capture(struct wc_points *points, const struct wc_capture *capture,
		       struct wc_error *error)
{
	const struct wc_texts *names = &capture->options.interface;
	int status = WC_OK;

	if (*capture->socket)
		return add_point(points, capture, "", false, error);
	if (!names->count)
		return add_defaults(points, capture, error);
	for (size_t i = 0; i < names->count && !status; i++)
		status = add_point(points, capture, names->items[i], names->count > 1, error);
	return status;
}

static int add_all(struct wc_points *points, struct wc_error *error)
{
	const struct wc_config *config = points->config;
	int status = WC_OK;

	if (!config->asked)
		return add_defaults(points, NULL, error);
	for (size_t i = 0; i < config->count && !status; i++)
		status = add_capture(points, &config->captures[i], error);
	return status;
}

/* Two points of one name would be one set of series that jumps to and fro. */
static bool is_double(const struct wc_points *points, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(points->items[i].instance, points->items[index].instance))
			return true;
	return false;
}

/* Begins to count, if the interface exists. Logs why not, once. */
static void open_capture(struct point *point)
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
	} else if (point->failed) {
		P_NOTICE("capture %s: interface %s is counted now", point->instance,
			 point->interface);
	}
}

/* Begins to read, whether or not the daemon is there. Logs why not, once. */
static void open_socket(struct point *point)
{
	struct wc_error error;

	if (wc_feed_socket_open(&point->feed, point->capture->socket, point->capture->name,
				&error) &&
	    !point->failed)
		P_ERROR("capture %s is not read: %s", point->instance, error.text);
}

static void open_feed(struct point *point)
{
	if (is_read(point))
		open_socket(point);
	else
		open_capture(point);
	point->failed = !point->feed;
}

/* Returns 0, or a negative code when there is nothing to be counted and nothing to wait for. */
static int open_all(struct wc_points *points, struct wc_error *error)
{
	const struct wc_report *report = &points->config->report;
	size_t usable = 0;
	int status = WC_OK;

	for (size_t i = 0; i < points->count && !status; i++) {
		struct point *point = &points->items[i];

		if (is_double(points, i)) {
			P_ERROR("capture %s: interface %s is left out, because its series would "
				"have names that are taken",
				point->instance, point->interface);
			continue;
		}
		status = wc_series_new(&point->series, report, points->registry,
				       (size_t)report->max_series / points->count, error);
		open_feed(point);
		usable += point->feed || is_read(point) || !is_there(point->interface);
	}
	if (!status && !usable)
		status = wc_error_set(error, WC_FAILED, "there is nothing that can be counted");
	return status;
}

static void warn_of_room(const struct wc_points *points)
{
	const struct wc_report *report = &points->config->report;
	size_t fixed = wc_series_fixed(report);

	if (report->max_series / points->count < fixed)
		P_WARNING("MaxSeries %llu leaves no room for single ports: each of %zu "
			  "interfaces has %zu values in any case",
			  (unsigned long long)report->max_series, points->count, fixed);
}

int wc_points_open(struct wc_points **points, const struct wc_config *config,
		   struct wc_error *error)
{
	struct wc_points *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_no_memory(error, "to count");
	made->config = config;
	made->registry = wc_registry_new();
	status = made->registry ? wc_options_init(&made->defaults, error)
				: wc_error_no_memory(error, "for names");
	if (!status)
		status = add_all(made, error);
	if (!status)
		status = open_all(made, error);
	if (status) {
		wc_points_close(made);
		return status;
	}
	warn_of_room(made);
	*points = made;
	return WC_OK;
}

/* Takes the next snapshot. Logs that there is none, and that there is one again, once. */
static struct wc_snapshot *take(struct point *point)
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

static void read_point(struct point *point, const struct wc_report *report)
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

void wc_points_read(struct wc_points *points)
{
	/* First all are asked, so that their waits for the kernel overlap. */
	for (size_t i = 0; i < points->count; i++)
		if (points->items[i].feed)
			points->items[i].feed->ops->ask(points->items[i].feed);
	for (size_t i = 0; i < points->count; i++) {
		struct point *point = &points->items[i];

		if (point->feed)
			read_point(point, &points->config->report);
		else if (point->series)
			open_feed(point);
	}
}

void wc_points_close(struct wc_points *points)
{
	if (!points)
		return;
	for (size_t i = 0; i < points->count; i++) {
		if (points->items[i].feed)
			points->items[i].feed->ops->close(points->items[i].feed);
		wc_series_free(points->items[i].series);
		wc_watch_free(&points->items[i].watch);
	}
	free(points->items);
	wc_options_free(&points->defaults);
	wc_registry_free(points->registry);
	free(points);
}
