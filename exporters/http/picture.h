/*
 * picture.h - what the daemon knows at the end of an interval, for those in other threads
 *
 * The board (daemon/board.h) belongs to the main thread. For all others it paints a
 * picture at each interval's end, and after a reload, and hangs it in the gallery; from then
 * on nobody changes it. Whoever looks at one holds it, and the last who drops it frees it.
 */
#ifndef WC_PICTURE_H
#define WC_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exporter.h"
#include "journal.h"

struct wc_metrics_rows; /* metrics_rows.h */
struct wc_gallery;
struct wc_snapshot; /* wirecensus/snapshot.h */

struct wc_picture_capture {
	char *name, *interface;         /* owned */
	char *description;              /* owned: engine and why, filter, buffers, memory: lines */
	const char *engine;             /* lives for ever */
	bool present;                   /* its interface is there */
	uint64_t conversations, hosts;  /* rows that its tables have room for */
	const struct wc_snapshot *last; /* the interval that ended; NULL: none yet */
	struct wc_metrics_rows *rows;   /* owned: those with series of their own */
};

struct wc_picture_exporter {
	char *name; /* FORMAT/TITLE; owned */
	struct wc_exporter_status status;
};

struct wc_picture {
	char *instance;               /* the run's */
	struct wc_journal *journal;   /* as above; each reads it through a reader of its own */
	int64_t started_ns, taken_ns; /* wall clock */
	uint64_t interval;            /* the daemon's, in seconds */

	struct wc_picture_capture *captures; /* owned */
	size_t capture_count;
	struct wc_picture_exporter *exporters; /* owned */
	size_t exporter_count;

	struct wc_journal_state history;
	uint64_t waiting_intervals; /* that are not yet in the journal */
	uint64_t lost_intervals;    /* that could not be written to it */
	uint64_t late_intervals;    /* that ended more than a tenth of an interval late */
	char *trouble;              /* what is wrong now, lines; NULL: nothing; owned */

	/* Holds what the snapshots are part of; called once with @arg when all is dropped. */
	void (*release)(void *arg);
	void *arg;
};

/* Makes a picture with room for @captures and @exporters, held once; NULL: no memory. */
struct wc_picture *wc_picture_new(size_t captures, size_t exporters);

/* Holds @picture once more and returns it; drops what was held. NULL may be dropped. */
struct wc_picture *wc_picture_hold(struct wc_picture *picture);
void wc_picture_drop(struct wc_picture *picture);

/* Makes a gallery without a picture; NULL: no memory. */
struct wc_gallery *wc_gallery_new(void);
void wc_gallery_free(struct wc_gallery *gallery);

/* Takes over what the caller holds of @picture, which is the newest from now on. Never waits. */
void wc_gallery_hang(struct wc_gallery *gallery, struct wc_picture *picture);

/* Returns the newest picture, held for the caller; NULL: there is none yet. Any thread. */
struct wc_picture *wc_gallery_look(struct wc_gallery *gallery);

#endif /* WC_PICTURE_H */
