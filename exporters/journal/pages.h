/*
 * pages.h - what is used of the file, in bytes
 */
#ifndef WC_PAGES_H
#define WC_PAGES_H

#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;

struct wc_pages {
	struct sqlite3_stmt *count, *unused;
	int64_t size; /* of a page */
};

/* Each returns a result code of SQLite. */
int wc_pages_open(struct wc_pages *pages, struct sqlite3 *db);
void wc_pages_close(struct wc_pages *pages);

/* Within a transaction, what it changed included: bytes in use; bytes of the whole file. */
int wc_pages_used(struct wc_pages *pages, int64_t *bytes);
int wc_pages_file(struct wc_pages *pages, int64_t *bytes);

#endif /* WC_PAGES_H */
