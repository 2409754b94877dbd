/*
 * metrics_daemon.c - the daemon itself: its journal, its server, what it costs, its exporters
 */
#include <stddef.h>

#include "encode.h"
#include "metrics.h"
#include "metrics_parts.h"
#include "metrics_writer.h"
#include "wirecensus/snapshot.h"

static void add_run(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric build = {"wirecensus_build", WC_METRIC_INFO, NULL,
					       "The version of wirecensus."};
	static const struct wc_metric run = {
		"wirecensus_run", WC_METRIC_INFO, NULL,
		"The host, and an identity that each start of the daemon has for itself."};

	wc_metrics_begin(writer, &build);
	wc_metrics_label(writer, "version", facts->version);
	wc_metrics_add(writer, 1, 0);
	wc_metrics_begin(writer, &run);
	wc_metrics_label(writer, "host", facts->context->host);
	wc_metrics_label(writer, "run", facts->context->instance);
	wc_metrics_add(writer, 1, 0);
}

/* ---- one number each ---- */

static const struct {
	struct wc_metric metric;
	size_t offset; /* of a uint64_t in struct wc_metrics_facts */
} numbers[] = {
	{{"wirecensus_late_intervals", WC_METRIC_COUNTER, NULL,
	  "Intervals that ended more than a tenth of their length late."},
	 offsetof(struct wc_metrics_facts, late_intervals)},
	{{"wirecensus_journal_intervals", WC_METRIC_GAUGE, NULL,
	  "Intervals that the journal keeps."},
	 offsetof(struct wc_metrics_facts, journal.intervals)},
	{{"wirecensus_journal_bytes", WC_METRIC_GAUGE, "bytes", "What the journal takes."},
	 offsetof(struct wc_metrics_facts, journal.bytes)},
	{{"wirecensus_journal_waiting_intervals", WC_METRIC_GAUGE, NULL,
	  "Intervals that are not yet in the journal."},
	 offsetof(struct wc_metrics_facts, journal.waiting)},
	{{"wirecensus_journal_lost_intervals", WC_METRIC_COUNTER, NULL,
	  "Intervals that could not be written to the journal."},
	 offsetof(struct wc_metrics_facts, journal.lost)},
	{{"wirecensus_journal_dropped_intervals", WC_METRIC_COUNTER, NULL,
	  "Intervals that the journal dropped before all exporters had delivered them, over all "
	  "runs."},
	 offsetof(struct wc_metrics_facts, journal.dropped)},
	{{"wirecensus_journal_failures", WC_METRIC_COUNTER, NULL,
	  "Attempts to write to the journal that failed."},
	 offsetof(struct wc_metrics_facts, journal.failures)},
	{{"wirecensus_http_connections", WC_METRIC_GAUGE, NULL, "Connections of clients."},
	 offsetof(struct wc_metrics_facts, server.connections)},
	{{"wirecensus_http_evicted_connections", WC_METRIC_COUNTER, NULL,
	  "Connections that had to go because others came."},
	 offsetof(struct wc_metrics_facts, server.evicted)},
	{{"wirecensus_http_unauthorized_requests", WC_METRIC_COUNTER, NULL,
	  "Requests without the right password or certificate."},
	 offsetof(struct wc_metrics_facts, server.unauthorized)},
	{{"process_resident_memory_bytes", WC_METRIC_GAUGE, "bytes",
	  "Memory of the process that is in use."},
	 offsetof(struct wc_metrics_facts, process.resident)},
	{{"process_virtual_memory_bytes", WC_METRIC_GAUGE, "bytes",
	  "Addresses that the process has."},
	 offsetof(struct wc_metrics_facts, process.virtual)},
};

static void add_numbers(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		wc_metrics_begin(writer, &numbers[i].metric);
		wc_metrics_add(
			writer,
			*(const uint64_t *)(const void *)((const char *)facts + numbers[i].offset),
			facts->started_ns);
	}
}

static void add_requests(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric requests = {"wirecensus_http_requests", WC_METRIC_COUNTER,
						  NULL, "Requests that were answered, by status."};
	static const char *const codes[] = {[2] = "2xx", [3] = "3xx", [4] = "4xx", [5] = "5xx"};

	wc_metrics_begin(writer, &requests);
	for (size_t i = 2; i < sizeof(codes) / sizeof(*codes); i++) {
		wc_metrics_unlabel(writer);
		wc_metrics_label(writer, "code", codes[i]);
		wc_metrics_add(writer, facts->server.answered[i], facts->started_ns);
	}
}

static void add_process(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric cpu = {"process_cpu_seconds", WC_METRIC_COUNTER, "seconds",
					     "Time that processors spent on the process."};
	static const struct wc_metric start = {"process_start_time_seconds", WC_METRIC_GAUGE,
					       "seconds", "When the process began, since 1970."};

	wc_metrics_begin(writer, &cpu);
	wc_metrics_add_seconds(writer, facts->process.cpu_ns, facts->started_ns);
	wc_metrics_begin(writer, &start);
	wc_metrics_add_seconds(writer, facts->started_ns, 0);
}

void wc_metrics_daemon(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	add_run(writer, facts);
	add_numbers(writer, facts);
	add_requests(writer, facts);
	add_process(writer, facts);
}

/* ---- exporters ---- */

static const struct {
	struct wc_metric metric;
	size_t offset; /* of a uint64_t in struct wc_metrics_exporter */
} columns[] = {
	{{"wirecensus_exporter_backlog_intervals", WC_METRIC_GAUGE, NULL,
	  "Intervals that are not delivered yet."},
	 offsetof(struct wc_metrics_exporter, backlog)},
	{{"wirecensus_exporter_lost_intervals", WC_METRIC_COUNTER, NULL,
	  "Intervals that the journal dropped before they were delivered."},
	 offsetof(struct wc_metrics_exporter, lost_intervals)},
	{{"wirecensus_exporter_messages", WC_METRIC_COUNTER, NULL,
	  "Messages that were delivered and confirmed."},
	 offsetof(struct wc_metrics_exporter, messages)},
	{{"wirecensus_exporter_rows", WC_METRIC_COUNTER, NULL, "Rows in delivered messages."},
	 offsetof(struct wc_metrics_exporter, rows)},
	{{"wirecensus_exporter_bytes", WC_METRIC_COUNTER, "bytes", "Bytes of delivered messages."},
	 offsetof(struct wc_metrics_exporter, bytes)},
	{{"wirecensus_exporter_repeated_messages", WC_METRIC_COUNTER, NULL,
	  "Messages that were sent more than once."},
	 offsetof(struct wc_metrics_exporter, repeated)},
	{{"wirecensus_exporter_unsendable_messages", WC_METRIC_COUNTER, NULL,
	  "Messages longer than the place takes, which were given up."},
	 offsetof(struct wc_metrics_exporter, unsendable)},
	{{"wirecensus_exporter_unconfirmed_messages", WC_METRIC_GAUGE, NULL,
	  "Messages sent and not yet confirmed."},
	 offsetof(struct wc_metrics_exporter, unconfirmed)},
	{{"wirecensus_exporter_connections", WC_METRIC_COUNTER, NULL,
	  "Connections that were made."},
	 offsetof(struct wc_metrics_exporter, connections)},
	{{"wirecensus_exporter_failures", WC_METRIC_COUNTER, NULL, "Deliveries that failed."},
	 offsetof(struct wc_metrics_exporter, failures)},
};

static void begin_exporter(struct wc_metrics_writer *writer,
			   const struct wc_metrics_exporter *exporter)
{
	wc_metrics_unlabel(writer);
	wc_metrics_label(writer, "exporter", exporter->name);
}

static void add_states(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric working = {
		"wirecensus_exporter_working", WC_METRIC_GAUGE, NULL,
		"1 while the exporter delivers or has nothing to do, 0 after a failure."};
	static const struct wc_metric last = {
		"wirecensus_exporter_last_confirmed_timestamp_seconds", WC_METRIC_GAUGE, "seconds",
		"When the last message was confirmed, since 1970."};

	wc_metrics_begin(writer, &working);
	for (size_t i = 0; i < facts->exporter_count; i++) {
		begin_exporter(writer, &facts->exporters[i]);
		wc_metrics_add(writer, facts->exporters[i].working, 0);
	}
	wc_metrics_begin(writer, &last);
	for (size_t i = 0; i < facts->exporter_count; i++) {
		begin_exporter(writer, &facts->exporters[i]);
		if (facts->exporters[i].last_ns != WC_TIME_UNKNOWN)
			wc_metrics_add_seconds(writer, facts->exporters[i].last_ns, 0);
	}
}

void wc_metrics_exporters(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	add_states(writer, facts);
	for (size_t c = 0; c < sizeof(columns) / sizeof(*columns); c++) {
		wc_metrics_begin(writer, &columns[c].metric);
		for (size_t i = 0; i < facts->exporter_count; i++) {
			const char *exporter = (const char *)&facts->exporters[i];

			begin_exporter(writer, &facts->exporters[i]);
			wc_metrics_add(
				writer,
				*(const uint64_t *)(const void *)(exporter + columns[c].offset),
				facts->started_ns);
		}
	}
}
