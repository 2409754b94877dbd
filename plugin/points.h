/*
 * points.h - the observation points: every interface that is counted
 *
 * Each <Capture> has one or more interfaces, and each of them is a feed of
 * snapshots, its series and its watch. Threads are made here, and joined here.
 */
#ifndef WC_POINTS_H
#define WC_POINTS_H

struct wc_config; /* config.h */
struct wc_error;  /* wirecensus/error.h */
struct wc_points;

/*
 * Begins to count what @config asks for; it stays the caller's and outlives the
 * points. An interface that cannot be counted is logged in one line and left
 * out; one that does not exist yet is waited for. Returns 0 and points, to be
 * closed with wc_points_close(); or a negative code with @error filled in, when
 * nothing is left to be counted.
 */
int wc_points_open(struct wc_points **points, const struct wc_config *config,
		   struct wc_error *error);

/* Dispatches the values and events of all interfaces. Trouble that can pass is only logged. */
void wc_points_read(struct wc_points *points);

/* Ends all threads and frees all. NULL is allowed. */
void wc_points_close(struct wc_points *points);

#endif /* WC_POINTS_H */
