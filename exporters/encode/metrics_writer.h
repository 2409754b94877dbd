/*
 * metrics_writer.h - metrics as Prometheus reads them, sample by sample
 *
 * Two formats: the text format 0.0.4, and OpenMetrics 1.0, which also has when each
 * counter began. A metric is begun, and its samples follow; one without samples leaves
 * no trace. Every line that becomes a series is counted, and beyond the bound there are
 * no more.
 */
#ifndef WC_METRICS_WRITER_H
#define WC_METRICS_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

enum wc_metric_type { WC_METRIC_COUNTER, WC_METRIC_GAUGE, WC_METRIC_INFO };

struct wc_metric {
	const char *name; /* without _total or _info */
	enum wc_metric_type type;
	const char *unit; /* the end of the name; NULL for none */
	const char *help; /* plain text without quotes and backslashes */
};

/* Begins as zeros, but for the first three. */
struct wc_metrics_writer {
	struct wc_buffer *out;
	bool open;         /* OpenMetrics */
	size_t max_series; /* 0: as many as there are */

	size_t series;   /* in OpenMetrics, which has more */
	size_t left_out; /* samples beyond the bound */
	const struct wc_metric *metric;
	bool announced;          /* its head is written */
	struct wc_buffer labels; /* of the next sample */
};

/* From now on samples are of @metric, which stays valid until the next. */
void wc_metrics_begin(struct wc_metrics_writer *writer, const struct wc_metric *metric);

/* Begins the labels of a sample anew, and adds one: text of anybody's, or a number. */
void wc_metrics_unlabel(struct wc_metrics_writer *writer);
void wc_metrics_label(struct wc_metrics_writer *writer, const char *name, const char *text);
void wc_metrics_label_number(struct wc_metrics_writer *writer, const char *name, uint64_t number);

/* Adds a sample with these labels, which stay. A counter began at @since_ns, wall clock. */
void wc_metrics_add(struct wc_metrics_writer *writer, uint64_t value, int64_t since_ns);

/* The same in seconds, of nanoseconds. */
void wc_metrics_add_seconds(struct wc_metrics_writer *writer, int64_t ns, int64_t since_ns);

/* Writes what the format ends with, and frees the labels. */
void wc_metrics_end(struct wc_metrics_writer *writer);

#endif /* WC_METRICS_WRITER_H */
