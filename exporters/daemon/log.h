/*
 * log.h - what the daemon says of itself, on standard error
 *
 * A line a message, for people and for the system's journal: never a secret,
 * never once a frame. Bytes that came from outside are escaped. Each place in the
 * program that logs may do so five times in ten seconds; what it says beyond that
 * is counted and told with its next line. A reader that does not read stops
 * nobody: lines that find no room are dropped. Any thread.
 */
#ifndef WC_LOG_H
#define WC_LOG_H

/* As syslog(3) numbers them. */
enum wc_log_level {
	WC_LOG_ERROR = 3,   /* something does not work */
	WC_LOG_WARNING = 4, /* counts or intervals may be missing */
	WC_LOG_NOTICE = 5,  /* start, stop, what was changed */
	WC_LOG_INFO = 6,    /* interfaces and collectors that come and go */
};

/* Looks where standard error leads: lines for the system's journal begin with their level. */
void wc_log_begin(void);

/* Writes a line, as printf(3) would. @format is the place's identity: always a constant. */
void wc_log(enum wc_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes each line of @text, which is not empty, with @prefix in front. */
void wc_log_lines(enum wc_log_level level, const char *prefix, const char *text);

#endif /* WC_LOG_H */
