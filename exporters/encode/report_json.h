/*
 * report_json.h - a report as JSON: one object for all, or for one table
 *
 * {"schema":1, "host":..., "capture":..., "observer":..., "start":..., "end":..., "seconds":...,
 * "complete":..., "ports":[{...}, ...], ...}. Names are a contract and only ever added to. The
 * remainder of a table is a row with "other": true in place of its key. What is not known is null.
 */
#ifndef WC_REPORT_JSON_H
#define WC_REPORT_JSON_H

#include "report.h"

struct wc_buffer; /* buffer.h */

/* Appends the report with all tables that it has; one line. */
void wc_report_json(struct wc_buffer *out, const struct wc_report *report);

/* The same with one table only. */
void wc_report_json_table(struct wc_buffer *out, const struct wc_report *report,
			  enum wc_report_tables table);

#endif /* WC_REPORT_JSON_H */
