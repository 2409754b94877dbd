/*
 * series.h - the values of one interface, out of its snapshots
 *
 * Knows which rows of each table are shown (wirecensus/shown.h) and what their series are
 * called. Knows nothing of collectd: each value is handed to a sink.
 */
#ifndef WC_SERIES_H
#define WC_SERIES_H

#include <stddef.h>

#include "value.h"

struct wc_error;    /* wirecensus/error.h */
struct wc_registry; /* wirecensus/registry.h */
struct wc_report;   /* report.h */
struct wc_series;
struct wc_snapshot; /* wirecensus/snapshot.h */

/* How many values there are in any case: totals, loss, the ports asked for, each `other`. */
size_t wc_series_fixed(const struct wc_report *report);

/*
 * Makes the series of one interface, at most @room values, or as many as there
 * are in any case. @report and @registry stay the caller's and outlive the
 * series. Returns 0 and series to be freed with wc_series_free(), or WC_FAILED
 * with @error filled in.
 */
int wc_series_new(struct wc_series **series, const struct wc_report *report,
		  const struct wc_registry *registry, size_t room, struct wc_error *error);

/* Frees @series. NULL is allowed. */
void wc_series_free(struct wc_series *series);

/* Hands all values of @snapshot to @sink; returns how many there are. */
size_t wc_series_emit(struct wc_series *series, const struct wc_snapshot *snapshot,
		      wc_value_sink *sink, void *user);

#endif /* WC_SERIES_H */
