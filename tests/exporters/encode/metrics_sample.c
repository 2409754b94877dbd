#include "metrics_sample.h"

#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "metrics.h"
#include "metrics_rows.h"
#include "sample.h"
#include "wirecensus/options.h"

#define STARTED_NS INT64_C(1700000000000000000)

static struct wc_port_row ports[16];
static struct wc_key_row keys[3][8];

static void take_keys(struct wc_key_row *own, const struct wc_key_row **rows, size_t count,
		      uint64_t times)
{
	memcpy(own, *rows, count * sizeof(*own));
	for (size_t i = 0; i < count; i++)
		own[i].total = (struct wc_counts){own[i].delta.packets * times,
						  own[i].delta.bytes * times};
	*rows = own;
}

/* The sample, as if it had been counted @times. */
static struct wc_snapshot counted(uint64_t times)
{
	struct wc_snapshot busy = sample_busy();

	memcpy(ports, busy.ports, busy.port_rows * sizeof(*ports));
	for (size_t i = 0; i < busy.port_rows; i++) {
		const struct wc_port_counts *delta = &ports[i].delta;

		ports[i].total = (struct wc_port_counts){
			{delta->all.packets * times, delta->all.bytes * times},
			delta->new *times,
			delta->accepted *times,
			delta->refused *times,
		};
	}
	busy.ports = ports;
	take_keys(keys[0], &busy.protocols, busy.protocol_rows, times);
	take_keys(keys[1], &busy.fragments, busy.fragment_rows, times);
	take_keys(keys[2], &busy.ethertypes, busy.ethertype_rows, times);
	busy.end_ns += (int64_t)times * INT64_C(10000000000);
	return busy;
}

static struct wc_metrics_rows *govern(struct wc_snapshot *last)
{
	struct wc_service service = {17, 53};
	const struct wc_services pinned = {&service, 1};
	const struct wc_metrics_bounds bounds = {
		.series = 400, .top = 2, .ports = &pinned, .conversations = 2};
	struct wc_metrics_governor *governor = NULL;
	struct wc_metrics_rows *rows;

	if (wc_metrics_governor_new(&governor, &bounds, STARTED_NS, NULL))
		abort();
	for (uint64_t times = 1; times <= 2; times++) {
		*last = counted(times);
		wc_metrics_governor_update(governor, last);
	}
	rows = wc_metrics_governor_rows(governor);
	wc_metrics_governor_free(governor);
	return rows;
}

void metrics_sample_write(struct wc_buffer *out, const char *name, bool open)
{
	struct wc_context context = sample_context;
	struct wc_snapshot last;
	struct wc_metrics_rows *rows = govern(&last);
	struct wc_metrics_capture captures[] = {
		{.name = "wan",
		 .interface = name,
		 .engine = "pcap",
		 .present = true,
		 .last = &last,
		 .conversations = 65536,
		 .hosts = 1024,
		 .rows = rows},
	};
	struct wc_metrics_exporter exporters[] = {
		{.name = name,
		 .working = true,
		 .last_ns = STARTED_NS,
		 .backlog = 3,
		 .bytes = 12345},
		{.name = "json/idle", .last_ns = WC_TIME_UNKNOWN, .failures = 7},
	};
	struct wc_metrics_facts facts = {
		.context = &context,
		.version = "1.2.3",
		.started_ns = STARTED_NS,
		.late_intervals = 1,
		.captures = captures,
		.capture_count = 1,
		.exporters = exporters,
		.exporter_count = 2,
		.journal = {100, 65536, 2, 3, 4, 5},
		.server = {.connections = 1,
			   .evicted = 2,
			   .unauthorized = 3,
			   .answered = {[2] = 4}},
		.process = {INT64_C(1234567890), 1 << 20, 1 << 24},
		.max_series = 1000,
	};

	context.host = name;
	wc_metrics_write(out, &facts, open);
	wc_metrics_rows_free(rows);
}
