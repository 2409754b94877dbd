/*
 * timestamp.h - wall-clock times as text
 */
#ifndef WC_TIMESTAMP_H
#define WC_TIMESTAMP_H

#include <stdint.h>

struct wc_buffer; /* buffer.h */

/* Adds @ns since 1970 as RFC 3339 has it, UTC, cut to milliseconds: 2025-11-21T10:12:30.250Z. */
void wc_timestamp_utc(struct wc_buffer *buffer, int64_t ns);

/* Adds the span from @start to @end in local time: 2025-11-21 10:12:30 to 10:12:40 CET. */
void wc_timestamp_span(struct wc_buffer *buffer, int64_t start, int64_t end);

/* Writes @ns as syslog(3) has times, in local time: Nov 21 10:12:30. Returns @text. */
#define WC_TIMESTAMP_SYSLOG 16
char *wc_timestamp_syslog(char text[static WC_TIMESTAMP_SYSLOG], int64_t ns);

#endif /* WC_TIMESTAMP_H */
