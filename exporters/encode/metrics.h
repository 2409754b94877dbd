/*
 * metrics.h - everything that is counted, as metrics for Prometheus
 *
 * A pure function of what it is given. Names are a contract: they are never changed, only
 * added. Counters are those since the daemon's start; sums over the labels of one name,
 * with `other`, are those of the totals.
 */
#ifndef WC_METRICS_H
#define WC_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_buffer;       /* buffer.h */
struct wc_context;      /* encode.h */
struct wc_metrics_rows; /* metrics_rows.h */
struct wc_snapshot;     /* wirecensus/snapshot.h */

/* What the two formats are called when they are sent. */
#define WC_METRICS_TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define WC_METRICS_OPEN_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct wc_metrics_capture {
	const char *name, *interface, *engine;
	bool present;
	const struct wc_snapshot *last; /* NULL: no interval has ended */
	uint64_t conversations, hosts;  /* rows that its tables have room for */
	const struct wc_metrics_rows *rows;
};

struct wc_metrics_exporter {
	const char *name;
	bool working;
	uint64_t backlog, lost_intervals;
	uint64_t messages, rows, bytes, repeated, unconfirmed, unsendable;
	uint64_t connections, failures;
	int64_t last_ns; /* wall clock, or WC_TIME_UNKNOWN */
};

struct wc_metrics_journal {
	uint64_t intervals, bytes;
	uint64_t dropped, failures, waiting, lost; /* intervals, writes, intervals, intervals */
};

struct wc_metrics_server {
	uint64_t connections, evicted, unauthorized;
	uint64_t answered[6]; /* by the first digit of the status */
};

struct wc_metrics_process {
	int64_t cpu_ns;
	uint64_t resident, virtual; /* bytes */
};

struct wc_metrics_facts {
	const struct wc_context *context;
	const char *version;
	int64_t started_ns;
	uint64_t late_intervals;
	const struct wc_metrics_capture *captures;
	size_t capture_count;
	const struct wc_metrics_exporter *exporters;
	size_t exporter_count;
	struct wc_metrics_journal journal;
	struct wc_metrics_server server;
	struct wc_metrics_process process;
	size_t max_series; /* 0: no bound */
};

/* Appends all metrics, in OpenMetrics if @open. Returns how many series there are. */
size_t wc_metrics_write(struct wc_buffer *out, const struct wc_metrics_facts *facts, bool open);

/* True if who sends this header Accept would rather have OpenMetrics. */
bool wc_metrics_wants_open(const char *accept);

/*
 * How many series there are in any case, of so many captures, with conversations or without,
 * and exporters: what is left of a bound is for rows. SIZE_MAX: no memory.
 */
size_t wc_metrics_fixed(size_t captures, bool conversations, size_t exporters);

#endif /* WC_METRICS_H */
