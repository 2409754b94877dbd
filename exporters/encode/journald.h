/*
 * journald.h - the format `journald`: a log entry for each row, with its fields
 *
 * An entry is lines FIELD=value (systemd.journal-fields(7)): MESSAGE, PRIORITY,
 * SYSLOG_IDENTIFIER, and the fields of the row in capitals behind WIRECENSUS_.
 */
#ifndef WC_JOURNALD_H
#define WC_JOURNALD_H

#include "format.h"

extern const struct wc_format wc_format_journald;

#endif /* WC_JOURNALD_H */
