/*
 * point.h - one observation point: a feed of snapshots, its series and its watch
 */
#ifndef WC_POINT_H
#define WC_POINT_H

#include <net/if.h>
#include <stdbool.h>

#include <collectd/core/daemon/collectd.h>
#include <collectd/core/daemon/plugin.h>

#include "watch.h"

struct wc_capture; /* config.h */
struct wc_feed;    /* feed.h */
struct wc_options; /* wirecensus/options.h */
struct wc_report;  /* report.h */
struct wc_series;  /* series.h */

struct wc_point {
	char instance[DATA_MAX_NAME_LEN];
	char interface[IFNAMSIZ];         /* "": a capture of a daemon */
	const struct wc_capture *capture; /* NULL: an interface without a <Capture> */
	const struct wc_options *options;
	struct wc_feed *feed; /* NULL: the interface does not exist yet, or cannot be counted */
	struct wc_series *series;
	struct wc_watch watch;
	bool failed; /* it was logged */
};

/*
 * Fills in @point, without feed and series. @capture, NULL if there is none, and @options stay
 * the caller's. @several: the capture has other interfaces, too.
 */
void wc_point_begin(struct wc_point *point, const struct wc_capture *capture,
		    const struct wc_options *options, const char *interface, bool several);

/* Begins to count or read, or tries again. Logs why not, once. */
void wc_point_open(struct wc_point *point);

/* True if it is counted or read, or will be as soon as what is missing appears. */
bool wc_point_usable(const struct wc_point *point);

/* Has the feed begin with its next snapshot, which wc_point_read() takes. */
void wc_point_ask(struct wc_point *point);

/* Dispatches the values and events of the next snapshot; tries to open what is not open yet. */
void wc_point_read(struct wc_point *point, const struct wc_report *report);

/* Ends its feed and frees what it has. */
void wc_point_close(struct wc_point *point);

#endif /* WC_POINT_H */
