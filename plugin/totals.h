/*
 * totals.h - the values that every interface has: its totals, and its loss
 */
#ifndef WC_TOTALS_H
#define WC_TOTALS_H

#include <stddef.h>

#include "value.h"

struct wc_report;   /* report.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* Hands the values of @snapshot that @report asks for to @sink; returns how many there are. */
size_t wc_totals_emit(const struct wc_snapshot *snapshot, const struct wc_report *report,
		      wc_value_sink *sink, void *user);

#endif /* WC_TOTALS_H */
