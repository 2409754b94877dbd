/*
 * alerts.h - which rows become messages of a log, and how grave they are
 *
 * What syslog, GELF and journald have in common. The kind `loss` is the row of totals
 * where something was not counted; it and scanners are alerts.
 */
#ifndef WC_ALERTS_H
#define WC_ALERTS_H

#include <stdbool.h>

#include "rows.h"

struct wc_error;            /* wirecensus/error.h */
struct wc_exporter_options; /* exporter_options.h */
struct wc_format;           /* format.h */
struct wc_row_fields;       /* row_fields.h */

struct wc_alerts {
	struct wc_selection selection; /* of rows that are taken apart */
	bool totals;                   /* all of them, not losses alone */
	int severity, alert_severity;  /* as syslog(3) has them: 0 emergency to 7 debug */
};

/* Kinds, and rows of each, that logs get unless the configuration says otherwise. */
#define WC_ALERTS_ROWS                                                                             \
	(WC_ROWS_TOTAL | WC_ROWS_PORT | WC_ROWS_PROTOCOL | WC_ROWS_SCANNER | WC_ROWS_LOSS)
#define WC_ALERTS_TOP 100

/* Reads what @options say. Returns 0, or WC_INVALID with @error filled in. */
int wc_alerts_begin(struct wc_alerts *alerts, const struct wc_format *format,
		    const struct wc_exporter_options *options, struct wc_error *error);

/* Returns the severity of the message that @row becomes, or -1 when it becomes none. */
int wc_alerts_severity(const struct wc_alerts *alerts, const struct wc_row_fields *row);

#endif /* WC_ALERTS_H */
