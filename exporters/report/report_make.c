#include "report_make.h"

#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "encode.h"
#include "heard.h"
#include "report_tables.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

#define MINUTES_PER_HOUR 60
#define SECONDS_PER_HOUR 3600

struct made {
	struct wc_report report; /* first: what is handed out */
	struct wc_cells_block *blocks;
	char *capture, *observer;
};

static wc_report_fill *const fillers[WC_REPORT_TABLES] = {
	[WC_REPORT_SOURCES] = wc_report_fill_sources,
	[WC_REPORT_TOTALS] = wc_report_fill_totals,
	[WC_REPORT_TRAFFIC] = wc_report_fill_traffic,
	[WC_REPORT_PORTS] = wc_report_fill_ports,
	[WC_REPORT_CONVERSATIONS] = wc_report_fill_conversations,
	[WC_REPORT_NETWORKS] = wc_report_fill_networks,
	[WC_REPORT_DOMAINS] = wc_report_fill_domains,
	[WC_REPORT_HOSTS] = wc_report_fill_hosts,
	[WC_REPORT_PROTOCOLS] = wc_report_fill_protocols,
	[WC_REPORT_SCANNERS] = wc_report_fill_scanners,
};

struct wc_report_rates wc_report_rates_of(const struct wc_report_wish *wish,
					  const struct wc_host_row *row)
{
	double seconds = (double)wish->snapshot->length_ns / 1e9;
	double hourly = seconds > 0 ? SECONDS_PER_HOUR / seconds : 0;

	if (row->rates_known)
		return (struct wc_report_rates){true, row->packets_per_hour,
						row->connections_per_hour, row->bytes_per_hour};
	return (struct wc_report_rates){
		.known = seconds > 0,
		.packets = (double)(row->sent.packets + row->received.packets) * hourly,
		.connections = (double)(row->sent.new + row->received.new) * hourly,
		.bytes = (double)(row->sent.bytes + row->received.bytes) * hourly,
	};
}

void wc_report_sum_rates(struct wc_report_rates *sum, const struct wc_report_rates *rates)
{
	sum->known |= rates->known;
	sum->packets += rates->packets;
	sum->connections += rates->connections;
	sum->bytes += rates->bytes;
}

void wc_report_add_rates(struct wc_cells *cells, const struct wc_report_rates *rates)
{
	if (!rates->known) {
		for (size_t i = 0; i < 3; i++)
			wc_cells_none(cells);
		return;
	}
	wc_cells_rate(cells, rates->packets / MINUTES_PER_HOUR);
	wc_cells_rate(cells, rates->connections / MINUTES_PER_HOUR);
	wc_cells_rate(cells, rates->bytes / SECONDS_PER_HOUR);
}

const char *wc_report_name(const struct wc_report_wish *wish, const struct wc_address *address)
{
	const struct wc_naming *naming = wish->context->naming;
	const char *names[WC_NAMING_MAX];

	if (!naming || !address->version || !naming->find(naming->arg, address, names))
		return NULL;
	return names[0];
}

static bool fill(struct made *made, const struct wc_report_wish *wish)
{
	const struct wc_snapshot *snapshot = wish->snapshot;
	bool good;

	made->capture = strdup(snapshot->capture);
	made->observer = strdup(snapshot->observer);
	good = made->capture && made->observer;
	made->report = (struct wc_report){
		.host = wish->context->host,
		.capture = made->capture,
		.observer = made->observer,
		.start_ns = snapshot->start_ns,
		.end_ns = snapshot->end_ns,
		.length_ns = snapshot->length_ns,
		.step_ns = (uint64_t)wish->step_ns,
		.complete = snapshot->complete,
		.totals = snapshot->delta,
		.hosts = wc_heard_hosts(snapshot),
		.conversations = wc_heard_conversations(snapshot),
	};
	for (size_t i = 0; i < WC_REPORT_TABLES && good; i++)
		if (wish->tables & 1u << i)
			good = fillers[i](&made->report.tables[i], wish, &made->blocks);
	return good;
}

int wc_report_make(struct wc_report **report, const struct wc_report_wish *wish,
		   struct wc_error *error)
{
	struct made *made = calloc(1, sizeof(*made));

	if (made && fill(made, wish)) {
		*report = &made->report;
		return WC_OK;
	}
	wc_report_free(made ? &made->report : NULL);
	return wc_error_no_memory(error, "for a report");
}

void wc_report_free(struct wc_report *report)
{
	struct made *made = (struct made *)report;

	if (!report)
		return;
	for (size_t i = 0; i < WC_REPORT_TABLES; i++)
		free(report->tables[i].cells);
	wc_cells_free(made->blocks);
	free(made->capture);
	free(made->observer);
	free(made);
}
