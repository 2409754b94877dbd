/*
 * board.h - what the daemon knows and others may ask
 *
 * Belongs to the main thread, as do those who read it: control socket, dump files.
 */
#ifndef WC_BOARD_H
#define WC_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_config;   /* config.h */
struct wc_context;  /* encode.h */
struct wc_exporter; /* exporter.h */
struct wc_http;     /* http.h */
struct wc_journal;  /* journal.h */
struct wc_options;  /* wirecensus/options.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

struct wc_board_capture {
	const char *name, *interface;
	const struct wc_snapshot *last;   /* the last interval that ended; NULL: none yet */
	char *description;                /* engine and why, filter, buffers, memory: lines */
	const char *engine;               /* that counts it; lives for ever */
	bool present;                     /* its interface is there */
	const struct wc_options *options; /* in effect */
};

struct wc_board {
	const char *config_path;
	const struct wc_config *config;   /* the one in effect */
	const struct wc_context *context; /* host, instance, registry, names */
	int64_t started_ns;               /* wall clock */
	const struct wc_board_capture *captures;
	size_t capture_count;
	struct wc_exporter *const *exporters;
	const char *const *exporter_names;
	size_t exporter_count;
	struct wc_journal *journal;
	uint64_t waiting_intervals; /* that are not in the journal yet */
	uint64_t lost_intervals;    /* that could not be written to the journal */
	uint64_t late_intervals;    /* that ended more than a tenth of an interval late */
	struct wc_http *http;       /* NULL: none */
	const char *trouble;        /* what is wrong now, lines; NULL: nothing */
};

#endif /* WC_BOARD_H */
