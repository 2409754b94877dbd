/*
 * html.h - HTML in fewer words, and strangers' text made harmless for it
 */
#ifndef WC_HTML_H
#define WC_HTML_H

#include <stdint.h>

#include "buffer.h"

/* Adds text that is known when this is compiled. */
#define WC_HTML(out, text) wc_buffer_add(out, text, sizeof(text) - 1)

/*
 * Adds @text for an element or a quoted attribute. Characters that mean something to HTML
 * come as references; bytes that are no printable UTF-8, and what turns the writing
 * direction, as \xHH.
 */
void wc_html_text(struct wc_buffer *out, const char *text);

/* Adds @text as one value behind the ? of an address (RFC 3986), ready for an attribute. */
void wc_html_query(struct wc_buffer *out, const char *text);

/* Adds a number with three digits or so and a unit of powers of 1000: 1.21 MB. */
void wc_html_scaled(struct wc_buffer *out, double number, const char *unit);

/* How much of a time is shown. */
enum wc_html_clock {
	WC_CLOCK_MINUTE,  /* 10:12 */
	WC_CLOCK_SECOND,  /* 10:12:30 */
	WC_CLOCK_WEEKDAY, /* Sat 10:12 */
	WC_CLOCK_DATE,    /* 21 Nov 10:12:30 */
	WC_CLOCK_DAY,     /* Sat 21 Nov 10:12:30 */
	WC_CLOCK_ZONE,    /* Sat 21 Nov 10:12:30 CET */
};

/* Adds <time> with @ns in UTC as RFC 3339 for programs, and for people in local time. */
void wc_html_time(struct wc_buffer *out, int64_t ns, enum wc_html_clock clock);

#endif /* WC_HTML_H */
