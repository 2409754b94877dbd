/*
 * store.h - what a journal is made of, and its connection for writing
 *
 * For the files of this folder. The connection belongs to the thread that writes; it is
 * closed when the disk fails, and opened again by the next write.
 */
#ifndef WC_STORE_H
#define WC_STORE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "bounds.h"
#include "interval_writer.h"
#include "journal.h"
#include "marks.h"
#include "pages.h"
#include "positions.h"
#include "rollups.h"
#include "wirecensus/error.h"

struct sqlite3;

struct wc_journal {
	char *path; /* resolved; NULL in memory */
	char *vfs, *host, *instance, *version;
	uint64_t size, undelivered, age;
	int lock; /* -1: not taken yet */

	/* Of the writing thread. */
	struct sqlite3 *db; /* NULL: closed just now */
	bool patient;       /* it failed for a reason that may go by itself */
	int wal_pages;      /* in the WAL, by the last commit */
	struct wc_pages pages;
	struct wc_interval_writer rows;
	struct wc_rollups rollups;
	struct wc_bounds bounds;
	struct wc_marks marks; /* as they stand on disk */
	int64_t run;           /* the row of this run; 0: not written yet */
	uint64_t stored;       /* positions.changes that are on disk */

	/* The one connection in memory is shared with the readers. */
	pthread_mutex_t shared;

	pthread_mutex_t mutex; /* guards what follows */
	struct wc_positions positions;
	struct wc_journal_state state;
	char notice[WC_ERROR_SIZE];

	_Atomic uint64_t last;      /* sequence that was written */
	_Atomic uint64_t run_first; /* sequences before are of runs that have ended */
	atomic_bool ended;          /* so has this one */
	_Atomic unsigned files;     /* how many were opened: readers follow to a new one; 0: none */
	atomic_bool damaged;        /* a reader says so */
};

/* Opens what is not open, setting damage aside. Returns 0, WC_INVALID or WC_FAILED. */
int wc_store_open(struct wc_journal *journal, struct wc_error *error);
void wc_store_close(struct wc_journal *journal);

/* Closes a file that is not at its path any more, and removes a WAL that it left there. */
void wc_store_abandon(struct wc_journal *journal);

/*
 * Does what the failure @code asks for, and fills in its sentence. Returns true if it is worth
 * to try again at once.
 */
bool wc_store_failed(struct wc_journal *journal, int code, struct wc_error *error);

/* Fills in what there is, with @marks. Returns a result code. */
int wc_store_state(struct wc_journal *journal, const struct wc_marks *marks,
		   struct wc_journal_state *state);

/* Tells the world what is on disk now. */
void wc_store_publish(struct wc_journal *journal, const struct wc_journal_state *state);

/* Around each use of a connection that may be the shared one. */
void wc_store_enter(struct wc_journal *journal);
void wc_store_leave(struct wc_journal *journal);

#endif /* WC_STORE_H */
