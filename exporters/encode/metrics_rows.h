/*
 * metrics_rows.h - the rows of a capture that have series of their own
 *
 * A series costs whoever stores it, so there is a bound for all of them together. Ports
 * have series when they were asked for, when a connection was ever accepted at them, or
 * when they were once among the busiest; protocols and ethertypes, of which there are
 * few, while there is room. What has one keeps it; everything else is in `other`, so that
 * sums are those of the totals, and nothing ever falls: see wirecensus/shown.h.
 * Conversations come from intervals, so that every interval must be told.
 */
#ifndef WC_METRICS_ROWS_H
#define WC_METRICS_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/address.h"
#include "wirecensus/shown.h"
#include "wirecensus/shown_tables.h"
#include "wirecensus/snapshot.h"

struct wc_error;    /* wirecensus/error.h */
struct wc_services; /* wirecensus/options.h */

/* One row; its counters are at the places of enum wc_shown_counter. */
struct wc_metrics_row {
	uint16_t key;
	uint8_t direction;
	bool other;
	int64_t since_ns; /* wall clock */
	uint64_t values[WC_SHOWN_COUNTERS];
};

struct wc_metrics_conversation {
	struct wc_address client, server;
	uint16_t port, client_port;
	uint8_t protocol;
	int64_t since_ns;
	struct wc_counts forward, reverse;
};

/* What is shown of each table, as it was at one time. Changes no more. */
struct wc_metrics_rows {
	struct wc_metrics_row *rows[WC_SHOWN_TABLES]; /* owned; `other` last */
	size_t counts[WC_SHOWN_TABLES];
	struct wc_metrics_conversation *conversations; /* owned */
	size_t conversation_count;
	bool has_conversations;               /* they are asked for, be there any or none */
	bool five_tuple;                      /* client_port has a meaning */
	struct wc_counts other_conversations; /* both ways */
	int64_t since_ns;
};

/* Frees what wc_metrics_governor_rows() made. NULL is allowed. */
void wc_metrics_rows_free(struct wc_metrics_rows *rows);

/* Decides for one capture, interval after interval. Belongs to one thread. */
struct wc_metrics_governor;

struct wc_metrics_bounds {
	size_t series;                   /* that all rows may have, besides `other` */
	size_t top;                      /* ports admitted for their rank, in each interval */
	const struct wc_services *ports; /* that have series from the start */
	size_t conversations;            /* at most; 0: none, and no `other` of them */
};

/*
 * Makes a governor whose counters begin at @now_ns, wall clock. Returns 0; WC_INVALID when the
 * ports asked for already need more series; or WC_FAILED (memory); with @error filled in.
 */
int wc_metrics_governor_new(struct wc_metrics_governor **governor,
			    const struct wc_metrics_bounds *bounds, int64_t now_ns,
			    struct wc_error *error);
void wc_metrics_governor_free(struct wc_metrics_governor *governor);

/* Brings all up to date with the interval of @snapshot. */
void wc_metrics_governor_update(struct wc_metrics_governor *governor,
				const struct wc_snapshot *snapshot);

/* Returns what is shown, to be freed with wc_metrics_rows_free(); NULL: no memory. */
struct wc_metrics_rows *wc_metrics_governor_rows(const struct wc_metrics_governor *governor);

#endif /* WC_METRICS_ROWS_H */
