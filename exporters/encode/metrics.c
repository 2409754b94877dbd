#include "metrics.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "encode.h"
#include "metrics_parts.h"
#include "metrics_rows.h"
#include "metrics_writer.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

static void add_bounds(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric most = {
		"wirecensus_metrics_series_max", WC_METRIC_GAUGE, NULL,
		"Series that metrics may have, those of when counters began included."};
	static const struct wc_metric series = {
		"wirecensus_metrics_series", WC_METRIC_GAUGE, NULL,
		"Series before this line in OpenMetrics, which has those of when counters began."};
	static const struct wc_metric left_out = {
		"wirecensus_metrics_samples_left_out", WC_METRIC_GAUGE, NULL,
		"Samples of exporters that found no room among the series."};

	wc_metrics_begin(writer, &most);
	wc_metrics_add(writer, facts->max_series, 0);
	wc_metrics_begin(writer, &left_out);
	wc_metrics_add(writer, writer->left_out, 0);
	wc_metrics_begin(writer, &series);
	wc_metrics_add(writer, writer->series, 0);
}

/* Series of add_bounds(), for which there always is room. */
#define BOUNDS 3

size_t wc_metrics_write(struct wc_buffer *out, const struct wc_metrics_facts *facts, bool open)
{
	struct wc_metrics_writer writer = {
		.out = out,
		.open = open,
		.max_series = facts->max_series ? facts->max_series - BOUNDS : 0,
	};

	wc_metrics_totals(&writer, facts);
	wc_metrics_tables(&writer, facts);
	wc_metrics_daemon(&writer, facts);
	wc_metrics_exporters(&writer, facts);
	writer.max_series = 0;
	add_bounds(&writer, facts);
	wc_metrics_end(&writer);
	return writer.series;
}

bool wc_metrics_wants_open(const char *accept)
{
	/* Who names it prefers it: nobody does who only takes it when there is no other. */
	return strstr(accept, "application/openmetrics-text") != NULL;
}

/* Writes what a daemon without any traffic has, and counts. */
static size_t count(struct wc_metrics_facts *facts, struct wc_metrics_capture *captures,
		    struct wc_metrics_exporter *exporters, const struct wc_metrics_rows *rows)
{
	static const struct wc_context nobody = {.host = "", .instance = ""};
	static const struct wc_snapshot nothing;
	struct wc_buffer scratch = {0};
	size_t series;

	for (size_t i = 0; i < facts->capture_count; i++)
		captures[i] = (struct wc_metrics_capture){
			.name = "",
			.interface = "",
			.engine = "",
			.last = &nothing,
			.rows = rows,
		};
	for (size_t i = 0; i < facts->exporter_count; i++)
		exporters[i] = (struct wc_metrics_exporter){.name = ""};
	facts->context = &nobody;
	facts->version = "";
	facts->captures = captures;
	facts->exporters = exporters;
	series = wc_metrics_write(&scratch, facts, true);
	if (scratch.failed)
		series = SIZE_MAX;
	wc_buffer_free(&scratch);
	return series;
}

size_t wc_metrics_fixed(size_t captures, bool conversations, size_t exporters)
{
	static const struct wc_services no_ports;
	struct wc_metrics_bounds bounds = {.ports = &no_ports, .conversations = conversations};
	struct wc_metrics_facts facts = {.capture_count = captures, .exporter_count = exporters};
	struct wc_metrics_capture *made = calloc(captures + 1, sizeof(*made));
	struct wc_metrics_exporter *senders = calloc(exporters + 1, sizeof(*senders));
	struct wc_metrics_governor *governor = NULL;
	struct wc_metrics_rows *rows = NULL;
	size_t series = SIZE_MAX;

	if (!wc_metrics_governor_new(&governor, &bounds, 0, NULL))
		rows = wc_metrics_governor_rows(governor);
	if (made && senders && rows)
		series = count(&facts, made, senders, rows);
	wc_metrics_rows_free(rows);
	wc_metrics_governor_free(governor);
	free(senders);
	free(made);
	return series;
}
