/*
 * reader.h - a reader's connection and its statements
 *
 * For the files of this folder. A transaction lasts as long as one interval is read, so
 * that a reader keeps neither the writer nor the WAL.
 */
#ifndef WC_READER_H
#define WC_READER_H

#include "columns.h"
#include "journal.h"

struct sqlite3;
struct sqlite3_stmt;

enum {
	WC_READER_NEXT,      /* intervals behind ?1 */
	WC_READER_RUN,       /* host and instance of interval ?1, and its snapshots */
	WC_READER_SNAPSHOTS, /* ?1 to ?2; made from the columns */
	WC_READER_STATEMENTS,
};

struct wc_journal_reader {
	struct wc_journal *journal;
	struct sqlite3 *db; /* the journal's own in memory */
	unsigned file;      /* which of the journal's files it has open */
	struct sqlite3_stmt *own[WC_READER_STATEMENTS], *rows[WC_ROW_TABLES];
};

/*
 * Begins and ends reading, around everything. Returns 0; WC_FAILED with @error filled in;
 * or 1 when there is no file yet.
 */
int wc_reader_begin(struct wc_journal_reader *reader, struct wc_error *error);
void wc_reader_end(struct wc_journal_reader *reader);

/* Tells of @code, and the writer if it means damage. Returns WC_FAILED. */
int wc_reader_failed(struct wc_journal_reader *reader, int code, struct wc_error *error);

#endif /* WC_READER_H */
