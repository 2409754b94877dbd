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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_journal;

/* Kinds of rows, as bits: those of encode/rows.h, which stands behind another door. */
enum wc_journal_rows {
	WC_JOURNAL_PORTS = 1 << 1,
	WC_JOURNAL_PROTOCOLS = 1 << 2,
	WC_JOURNAL_FRAGMENTS = 1 << 3,
	WC_JOURNAL_ETHERTYPES = 1 << 4,
	WC_JOURNAL_CONVERSATIONS = 1 << 8,
	WC_JOURNAL_HOSTS = 1 << 9,
	WC_JOURNAL_SCANNERS = 1 << 10,
};

struct wc_journal_settings {
	const char *path;     /* NULL: in memory, for as long as the process lives */
	const char *vfs;      /* of SQLite; NULL: the system's. Tests fail the disk with it */
	uint64_t size;        /* bytes of history and of what is not yet delivered; on disk, one
				 interval may stand above, and the -wal beside it */
	uint64_t undelivered; /* bytes that undelivered intervals may take of it */
	uint64_t age;         /* seconds that intervals are kept; roll-ups are kept longer */
	const char *host;     /* the host's name */
	const char *instance; /* this run's UUID */
	const char *version;
};

/*
 * Opens or makes the journal and begins a run. A damaged file is set aside as
 * PATH.bad-TIME and a new one is begun; where the disk is full, read-only or failing, each
 * write tries again. @notice, of WC_ERROR_SIZE, then says so, and is empty otherwise.
 * Returns 0; WC_INVALID for a file that is not to be touched: another program's, a later
 * version's, in use, a symbolic link; or WC_FAILED. Both with @error filled in.
 */
int wc_journal_open(struct wc_journal **journal, const struct wc_journal_settings *settings,
		    char *notice, struct wc_error *error);

/* Closes and frees, when all readers are closed. Writes nothing: see wc_journal_flush(). */
void wc_journal_close(struct wc_journal *journal);

/*
 * What is written from now on is of the run with this UUID; nothing happens when it is already.
 * Only from the thread that writes. Returns 0, or WC_FAILED (memory) with @error filled in.
 */
int wc_journal_run(struct wc_journal *journal, const char *instance, struct wc_error *error);

/* This run writes no more intervals: its last group is complete. Any thread. */
void wc_journal_end_run(struct wc_journal *journal);

/*
 * Fills in what has happened since the last call though nothing failed: damage that was found
 * and set aside. @notice has WC_ERROR_SIZE bytes. Returns false when there is nothing to tell. Any
 * thread.
 */
bool wc_journal_notice(struct wc_journal *journal, char *notice);

/*
 * Writes one interval of all captures, with the roll-ups and positions, and drops what
 * is beyond the bounds. Returns 0, or WC_FAILED with @error filled in: nothing of it
 * was written, and the same call can be tried again.
 */
int wc_journal_write(struct wc_journal *journal, const struct wc_snapshot *const *snapshots,
		     size_t count, struct wc_error *error);

/*
 * How far an exporter has delivered: all up to @sequence; or, where @messages is not UINT64_MAX,
 * all before it, and so many messages of the group that begins with it. What is before is not kept
 * for the exporter any more. @messages counts what @encoding made of the group: it says nothing to
 * an exporter whose encoding is another one.
 */
struct wc_journal_position {
	uint64_t sequence; /* 0: nothing */
	uint64_t messages;
	uint64_t encoding; /* as exporter.h has it; 0: not known */
};

/*
 * Keeps the positions of exporters. wc_journal_note() can be called by any thread and
 * only remembers; wc_journal_write() and wc_journal_flush() bring it to disk, and leave the
 * disk alone where nothing has moved. An exporter that is seen for the first time begins
 * with the next interval. As long as the disk has not let the journal be opened,
 * wc_journal_position() fails: ask again, it is awaited. Return 0, or WC_FAILED with @error
 * filled in.
 */
int wc_journal_position(struct wc_journal *journal, const char *exporter,
			struct wc_journal_position *position, struct wc_error *error);
void wc_journal_note(struct wc_journal *journal, const char *exporter,
		     const struct wc_journal_position *position);
int wc_journal_flush(struct wc_journal *journal, struct wc_error *error);

/*
 * Forgets the exporters that are not among @names, so that nothing is kept for them, be it that
 * the disk tells of them later. At once, in memory only; any thread. Those that are seen for the
 * first time after this have positions as they always do.
 */
void wc_journal_forget_others(struct wc_journal *journal, const char *const *names, size_t count);

/* The last sequence that was written; any thread. */
uint64_t wc_journal_last(const struct wc_journal *journal);

struct wc_journal_state {
	uint64_t first, last;       /* sequences that are kept */
	uint64_t intervals, bytes;  /* kept */
	uint64_t dropped_intervals; /* before every exporter had delivered them; over all runs */
	uint64_t failures;          /* of writing, since the start */
};

/* Fills in how it stands; any thread. */
void wc_journal_state(const struct wc_journal *journal, struct wc_journal_state *state);

/* ---- reading: any number of readers, each in its own thread ---- */

struct wc_journal_reader;

/*
 * Opens a reader of one thread, to be closed before the journal. Returns 0, or WC_FAILED with
 * @error filled in.
 */
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
 * Returns 1 and a group that is complete, 0 when there is none yet, or WC_FAILED with @error
 * filled in.
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
 * Loads the sum of intervals @first to @last, with the rows of @kinds, bits of enum
 * wc_journal_rows; others are ignored. Totals since the start are not kept and are 0, and so are
 * rows that the interval added nothing to. The interval's number is that of the last. Returns 0
 * and @count intervals to be freed; or WC_FAILED, also when one was dropped meanwhile.
 */
int wc_journal_load(struct wc_journal_reader *reader, uint64_t first, uint64_t last, unsigned kinds,
		    struct wc_journal_interval **intervals, size_t *count, struct wc_error *error);
void wc_journal_intervals_free(struct wc_journal_interval *intervals, size_t count);

#endif /* WC_JOURNAL_H */
