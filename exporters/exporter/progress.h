/*
 * progress.h - what was sent, how much of it is confirmed, and so the position
 *
 * Keeps what is in flight: messages that a delivery took and has not confirmed. The
 * position in the journal moves over confirmed messages only. What it counts can be
 * read by any thread; all else is for the exporter's own.
 */
#ifndef WC_PROGRESS_H
#define WC_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exporter.h"
#include "journal.h"

struct wc_error; /* wirecensus/error.h */

/* Messages in flight, at most: more than a socket's buffers hold of small ones. */
#define WC_PROGRESS_FLIGHT 16384

/* A message on its way. */
struct wc_progress_entry {
	struct wc_journal_position position; /* once it is confirmed; sequence 0: as before */
	size_t length;
	uint32_t records;
	bool greeting; /* tells nothing of an interval, and is not counted */
};

struct wc_progress {
	struct wc_journal *journal;
	const char *name;
	bool located;                        /* the position is known */
	bool disowned;                       /* the journal hears no more of it; under the lock */
	struct wc_journal_position position; /* confirmed */
	struct wc_journal_position furthest; /* sent at any time */
	struct wc_progress_entry *flight;    /* a ring */
	size_t first, count;                 /* in it */
	uint64_t confirmed;                  /* messages of this connection */
	uint64_t lost_after, lost_to;        /* intervals between them are counted as lost */
	pthread_mutex_t lock;                /* of status, and of position for reading elsewhere */
	struct wc_exporter_status status;
};

/*
 * Stands at the position in the journal, if that knows it already. Returns 0, or WC_FAILED
 * with @error filled in.
 */
int wc_progress_begin(struct wc_progress *progress, struct wc_journal *journal, const char *name,
		      struct wc_error *error);
void wc_progress_end(struct wc_progress *progress);

/* From now on the journal is told nothing any more. Any thread. */
void wc_progress_disown(struct wc_progress *progress);

/* Asks the journal for the position. Returns 0, or WC_FAILED with @error filled in. */
int wc_progress_locate(struct wc_progress *progress, struct wc_error *error);

/* True when nothing more can be sent before something is confirmed. */
bool wc_progress_full(const struct wc_progress *progress);

/* A message was taken by the delivery. */
void wc_progress_sent(struct wc_progress *progress, const struct wc_progress_entry *entry);

/* Once all that is in flight is confirmed, the position is this: there was nothing to send. */
void wc_progress_reach(struct wc_progress *progress, struct wc_journal_position position);

/* The delivery confirms the first @confirmed messages of this connection. */
void wc_progress_confirm(struct wc_progress *progress, uint64_t confirmed, int64_t wall_ns);

/* The connection has ended: what is in flight will be sent again. */
void wc_progress_break(struct wc_progress *progress);

/*
 * Intervals behind @after and before @next were dropped, @missing of them. Those that were
 * told of before, and are passed again after a failure, are not counted twice; those that
 * were in flight, then, are counted now.
 */
void wc_progress_lose(struct wc_progress *progress, uint64_t after, uint64_t next,
		      uint64_t missing);

/* A message that no delivery can take is given up. */
void wc_progress_give_up(struct wc_progress *progress);

/* What the exporter is doing. */
void wc_progress_condition(struct wc_progress *progress, enum wc_exporter_condition condition);
void wc_progress_connected(struct wc_progress *progress);
void wc_progress_failed(struct wc_progress *progress, const char *reason);

/* A copy of the status; any thread. */
void wc_progress_status(struct wc_progress *progress, struct wc_exporter_status *status);

#endif /* WC_PROGRESS_H */
