/*
 * sqlite_open.h - opens SQLite as the journal wants it
 */
#ifndef WC_SQLITE_OPEN_H
#define WC_SQLITE_OPEN_H

struct sqlite3;

enum wc_sqlite_kind {
	WC_SQLITE_WRITER,
	WC_SQLITE_READER, /* of a file that a writer of this process has open */
	WC_SQLITE_MEMORY,
	WC_SQLITE_STRANGER, /* of a file that another process writes, or none: nothing is changed */
};

/*
 * Opens @path, which must be there, by @vfs or the system's. Returns a result code of
 * SQLite; @db is NULL unless it is SQLITE_OK.
 */
int wc_sqlite_open(struct sqlite3 **db, enum wc_sqlite_kind kind, const char *path,
		   const char *vfs);

/* Closes @db, whose statements must be gone. NULL is allowed. */
void wc_sqlite_close(struct sqlite3 *db);

#endif /* WC_SQLITE_OPEN_H */
