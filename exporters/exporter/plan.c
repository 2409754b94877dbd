#include "plan.h"

#include <inttypes.h>

#include "delivery.h"
#include "exporter.h"
#include "exporter_options.h"
#include "wirecensus/error.h"
#include "world.h"

#define NS UINT64_C(1000000000)

/* No network lies between us and these. */
static int find_place(struct wc_plan *plan, const struct wc_exporter_settings *settings,
		      struct wc_error *error)
{
	const struct wc_format *format = settings->format;
	const char *address = settings->options->address;
	int status;

	if (!address)
		address = format->fallback;
	if (!address)
		return wc_error_set(error, WC_INVALID, "%s: say where to, by address",
				    settings->name);
	status = wc_place_parse(&plan->place, address, error);
	if (!status && !(format->places & 1U << plan->place.kind))
		status = wc_error_set(error, WC_INVALID, "%s: %s does not go to %s", settings->name,
				      format->name, address);
	return status;
}

static int find_interval(struct wc_plan *plan, const struct wc_exporter_settings *settings,
			 struct wc_error *error)
{
	uint64_t own = settings->interval, wanted = settings->options->interval;

	if (wanted % own)
		return wc_error_set(error, WC_INVALID,
				    "%s: an interval of %" PRIu64
				    " s is no multiple of the daemon's, "
				    "which is %" PRIu64 " s",
				    settings->name, wanted, own);
	if (!wanted)
		wanted = (settings->format->interval + own - 1) / own * own;
	if (!wanted)
		wanted = own;
	plan->group_ns = wanted > own ? wanted * NS : 0;
	plan->span_ns = wanted * NS / 2;
	return 0;
}

static int make_delivery(struct wc_plan *plan, const struct wc_exporter_settings *settings,
			 struct wc_error *error)
{
	const struct wc_exporter_options *options = settings->options;
	const struct wc_world *world = settings->world;
	const struct wc_delivery_settings delivery = {
		.tls = {options->ca, options->certificate, options->key, options->peer},
		.datagram = options->datagram,
		.files = options->files,
		.patience_ns = options->patience * NS,
	};
	int status = world->deliver(world->arg, &plan->delivery, &plan->place, &delivery, error);

	for (size_t i = 0; !status && i < settings->capture_count; i++)
		status = wc_texts_add(&plan->captures, settings->captures[i], error);
	if (status)
		return status;
	plan->framing = (struct wc_framing){
		.datagrams = wc_place_datagrams(&plan->place),
		.longest = plan->delivery->longest,
		.place = (int)plan->place.kind,
		.captures = (const char *const *)plan->captures.items,
		.capture_count = plan->captures.count,
	};
	return 0;
}

int wc_plan_make(struct wc_plan *plan, const struct wc_exporter_settings *settings,
		 struct wc_error *error)
{
	const struct wc_format *format = settings->format;
	int status = find_place(plan, settings, error);

	if (!status)
		status = find_interval(plan, settings, error);
	if (!status)
		status = wc_format_selection(&plan->selection, format, settings->options, error);
	if (!status)
		status = make_delivery(plan, settings, error);
	if (!status)
		status = wc_format_check(format, settings->options, &plan->framing, error);
	return status;
}

void wc_plan_free(struct wc_plan *plan)
{
	wc_delivery_free(plan->delivery);
	wc_place_free(&plan->place);
	wc_texts_free(&plan->captures);
}
