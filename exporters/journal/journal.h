/*
 * journal.h - intervals on disk, and how far each exporter has come
 *
 * One SQLite database in WAL mode, written by one thread, an interval of all
 * captures at a time in one transaction: a kill at any instant leaves whole
 * intervals. Each gets a sequence number that grows over restarts. Bounded by
 * bytes and by age: the oldest whole intervals go, and those that an exporter
 * had not delivered are counted. schema.sql documents tables and views for
 * people who ask with plain SQL.
 */
#ifndef WC_JOURNAL_H
#define WC_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_journal;

struct wc_journal_settings {
	const char *path;     /* NULL: in memory, for as long as the process lives */
	const char *vfs;      /* of SQLite; NULL: the system's. Tests fail the disk with it */
	uint64_t size;        /* bytes of history and of what is not yet delivered, on disk */
	uint64_t undelivered; /* bytes that undelivered intervals may take of it */
	uint64_t age;         /* seconds that intervals are kept; roll-ups are kept longer */
	const char *host;     /* the host's name */
	const char *instance; /* this run's UUID */
	const char *version;
};

/*
 * Opens or makes the journal and begins a run. A damaged file is set aside as
 * PATH.bad-TIME and a new one is begun; @notice, of WC_ERROR_SIZE, then says so,
 * and is empty otherwise. Returns 0, or a negative code with @error filled in.
 */
int wc_journal_open(struct wc_journal **journal, const struct wc_journal_settings *settings,
		    char *notice, struct wc_error *error);
void wc_journal_close(struct wc_journal *journal);

/*
 * Writes one interval of all captures, with the roll-ups and positions, and drops what
 * is beyond the bounds. Returns 0, or WC_FAILED with @error filled in: nothing of it
 * was written, and the same call can be tried again.
 */
int wc_journal_write(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
		     size_t count, struct wc_error *error);

/* How far an exporter has delivered. */
struct wc_journal_position {
	uint64_t sequence; /* of the last interval of which it delivered something; 0: none */
	uint64_t messages; /* of that one; UINT64_MAX: all */
};

/*
 * Keeps the positions of exporters. wc_journal_note() can be called by any thread and
 * only remembers; wc_journal_write() and wc_journal_flush() bring it to disk. An exporter
 * that is seen for the first time begins with the next interval.
 */
int wc_journal_position(struct wc_journal *journal, const char *exporter,
			struct wc_journal_position *position, struct wc_error *error);
void wc_journal_note(struct wc_journal *journal, const char *exporter,
		     const struct wc_journal_position *position);
int wc_journal_flush(struct wc_journal *journal, struct wc_error *error);

/* Forgets the exporters that are not among @names, so that nothing is kept for them. */
int wc_journal_forget_others(struct wc_journal *journal, const char *const *names, size_t count,
			     struct wc_error *error);

/* The last sequence that was written; any thread. */
uint64_t wc_journal_last(const struct wc_journal *journal);

struct wc_journal_state {
	uint64_t first, last;       /* sequences that are kept */
	uint64_t intervals, bytes;  /* kept */
	uint64_t dropped_intervals; /* before every exporter had delivered them */
	uint64_t failures;          /* of writing, since the start */
};
void wc_journal_state(const struct wc_journal *journal, struct wc_journal_state *state);

/* ---- reading: any number of readers, each in its own thread ---- */

struct wc_journal_reader;

int wc_journal_reader_open(struct wc_journal_reader **reader, struct wc_journal *journal,
			   struct wc_error *error);
void wc_journal_reader_close(struct wc_journal_reader *reader);

/* Intervals that are delivered as one: one, or all that end within a multiple of it. */
struct wc_journal_group {
	uint64_t first, last; /* sequences */
	uint64_t missing;     /* intervals between the position and first that were dropped */
};

/*
 * Finds the group behind sequence @after. @multiple_ns is the exporter's interval: groups
 * end at wall-clock multiples of it and never span two runs; 0 for each interval alone.
 * Returns 1 and a group that is complete, 0 when there is none yet, or WC_FAILED.
 * A group that has a message delivered already is found again by @after = first - 1.
 */
int wc_journal_next(struct wc_journal_reader *reader, uint64_t after, uint64_t multiple_ns,
		    struct wc_journal_group *group, struct wc_error *error);

/* What was counted in a group, each capture for itself. */
struct wc_journal_interval {
	char *host, *instance; /* of the run that counted it */
	struct wc_snapshot *snapshot;
};

/*
 * Loads the sum of intervals @first to @last, with the rows of @kinds (rows.h's bits, given
 * as a number); totals since the start are not kept and are 0. The interval's number is
 * that of the last. Returns 0 and @count intervals to be freed, or WC_FAILED.
 */
int wc_journal_load(struct wc_journal_reader *reader, uint64_t first, uint64_t last, unsigned kinds,
		    struct wc_journal_interval **intervals, size_t *count, struct wc_error *error);
void wc_journal_intervals_free(struct wc_journal_interval *intervals, size_t count);

#endif /* WC_JOURNAL_H */
