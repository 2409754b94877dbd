#include "points.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>

#include "config.h"
#include "point.h"
#include "series.h"
#include "wirecensus/error.h"
#include "wirecensus/interfaces.h"
#include "wirecensus/registry.h"

/* The most interfaces that are counted without being named. */
#define DEFAULT_INTERFACES 16

struct wc_points {
	const struct wc_config *config;
	struct wc_options defaults; /* of interfaces without a <Capture> */
	struct wc_registry *registry;
	struct wc_point *items;
	size_t count;
};

/* Appends an interface. Returns 0 or WC_FAILED with @error filled in. */
static int add_point(struct wc_points *points, const struct wc_capture *capture,
		     const char *interface, bool several, struct wc_error *error)
{
	struct wc_point *items = realloc(points->items, (points->count + 1) * sizeof(*items));
	struct wc_point *point;

	if (!items)
		return wc_error_set(error, WC_FAILED, "there is not enough memory to count %s",
				    interface);
	points->items = items;
	point = &items[points->count++];
	wc_point_begin(point, capture, capture ? &capture->options : &points->defaults, interface,
		       several);
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

/* Returns 0, or a negative code when there is nothing to be counted and nothing to wait for. */
static int open_all(struct wc_points *points, struct wc_error *error)
{
	const struct wc_report *report = &points->config->report;
	size_t usable = 0;
	int status = WC_OK;

	for (size_t i = 0; i < points->count && !status; i++) {
		struct wc_point *point = &points->items[i];

		if (is_double(points, i)) {
			P_ERROR("capture %s: interface %s is left out, because its series would "
				"have names that are taken",
				point->instance, point->interface);
			continue;
		}
		status = wc_series_new(&point->series, report, points->registry,
				       (size_t)report->max_series / points->count, error);
		wc_point_open(point);
		usable += wc_point_usable(point);
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

void wc_points_read(struct wc_points *points)
{
	/* First all are asked, so that their waits for the kernel overlap. */
	for (size_t i = 0; i < points->count; i++)
		wc_point_ask(&points->items[i]);
	for (size_t i = 0; i < points->count; i++)
		wc_point_read(&points->items[i], &points->config->report);
}

void wc_points_close(struct wc_points *points)
{
	if (!points)
		return;
	for (size_t i = 0; i < points->count; i++)
		wc_point_close(&points->items[i]);
	free(points->items);
	wc_options_free(&points->defaults);
	wc_registry_free(points->registry);
	free(points);
}
