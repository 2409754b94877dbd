/*
 * watch.h - when to tell somebody about an interface: loss, gone, back, scanners
 *
 * Judges one snapshot after the other and reports changes, not states, so that
 * a bad hour is two messages, and however many scanners come, one. Knows nothing
 * of collectd.
 */
#ifndef WC_WATCH_H
#define WC_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct wc_address;  /* wirecensus/address.h */
struct wc_report;   /* report.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

/* The most that one snapshot gives reason for. */
#define WC_WATCH_EVENTS 3

/* Room for an event's text, its NUL included. */
#define WC_WATCH_TEXT 256

enum wc_severity { WC_SEVERITY_OKAY, WC_SEVERITY_WARNING, WC_SEVERITY_FAILURE };

struct wc_event {
	enum wc_severity severity;
	const char *type; /* of the series that shows it, and what follows the type */
	const char *what;
	char text[WC_WATCH_TEXT];
};

/* What was last seen of one interface; begins as zeros, and is freed with wc_watch_free(). */
struct wc_watch {
	bool lossy;
	bool gone;
	struct wc_address *scanners; /* of the last snapshot */
	size_t scanner_count;
};

/* Judges @snapshot by the bounds of @report. Fills in @events and returns how many. */
size_t wc_watch_look(struct wc_watch *watch, const struct wc_report *report,
		     const struct wc_snapshot *snapshot,
		     struct wc_event events[static WC_WATCH_EVENTS]);

/* Frees what @watch remembers, and makes it zeros. */
void wc_watch_free(struct wc_watch *watch);

#endif /* WC_WATCH_H */
