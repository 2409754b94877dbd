/*
 * capture_log.h - what the log says of a capture while it counts
 */
#ifndef WC_CAPTURE_LOG_H
#define WC_CAPTURE_LOG_H

#include <stdbool.h>

struct wc_snapshot; /* wirecensus/snapshot.h */

/* Its interface has gone, or has come. */
void wc_capture_tell_presence(const char *name, const char *interface, bool present);

/* An interval has ended in which frames were lost, or the clock was moved. */
void wc_capture_tell_interval(const char *name, const struct wc_snapshot *snapshot);

/*
 * Its descriptions, as wc_census_describe() wrote them before and now: how the interface stands,
 * and what is in its way, where that has changed.
 */
void wc_capture_tell_standing(const char *name, const char *before, const char *now);

#endif /* WC_CAPTURE_LOG_H */
