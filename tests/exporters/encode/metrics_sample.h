/*
 * metrics_sample.h - metrics of the sample interval, in a daemon made by hand
 */
#ifndef METRICS_SAMPLE_H
#define METRICS_SAMPLE_H

#include <stdbool.h>

struct wc_buffer; /* buffer.h */

/*
 * Appends the metrics of one capture after two intervals, in the second of which the rows of
 * sample_busy() were counted again. Its interface, its host and an exporter are called @name.
 */
void metrics_sample_write(struct wc_buffer *out, const char *name, bool open);

#endif /* METRICS_SAMPLE_H */
