/*
 * connection.h - opens SQLite as the journal wants it
 */
#ifndef WC_CONNECTION_H
#define WC_CONNECTION_H

struct sqlite3;

enum wc_connection_kind {
	WC_CONNECTION_WRITER,
	WC_CONNECTION_READER, /* of a file that a writer of this process has open */
	WC_CONNECTION_MEMORY,
};

/*
 * Opens @path, which must be there, by @vfs or the system's. Returns a result code of
 * SQLite; @db is NULL unless it is SQLITE_OK.
 */
int wc_connection_open(struct sqlite3 **db, enum wc_connection_kind kind, const char *path,
		       const char *vfs);

/* Closes @db, whose statements must be gone. NULL is allowed. */
void wc_connection_close(struct sqlite3 *db);

#endif /* WC_CONNECTION_H */
