/*
 * wal.h - how large the WAL beside the file gets
 */
#ifndef WC_WAL_H
#define WC_WAL_H

struct wc_error;   /* wirecensus/error.h */
struct wc_journal; /* store.h */

/* Counts from now on how many pages are in it. */
void wc_wal_watch(struct wc_journal *journal);

/*
 * Brings it into the file when there is enough of it, as far as readers let it. The commits in it
 * stand whatever becomes of this: the next call tries again.
 */
void wc_wal_shrink(struct wc_journal *journal);

/*
 * Call before writing. Returns a result code of SQLite: SQLITE_BUSY, with @error filled in, when
 * a reader has kept the WAL for so long that it must not grow any more.
 */
int wc_wal_check(struct wc_journal *journal, struct wc_error *error);

#endif /* WC_WAL_H */
