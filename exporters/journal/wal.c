#include "wal.h"

#include <sqlite3.h>
#include <stddef.h>

#include "store.h"
#include "wirecensus/error.h"

/* From so many pages on the WAL goes into the file. */
#define CHECKPOINT_PAGES 1000

/* A foreign reader that holds a picture of the file keeps the WAL from being used again. It may
 * grow as large as the journal, but not less than this, before writing waits for the reader. */
#define WAL_PAGES_LEAST 4096

/* Pages of the WAL after a commit. */
static int count_pages(void *arg, struct sqlite3 *db, const char *name, int pages)
{
	struct wc_journal *journal = arg;

	(void)db;
	(void)name;
	journal->wal_pages = pages;
	return SQLITE_OK;
}

void wc_wal_watch(struct wc_journal *journal)
{
	journal->wal_pages = 0;
	sqlite3_wal_hook(journal->db, count_pages, journal);
}

void wc_wal_shrink(struct wc_journal *journal)
{
	if (journal->path && journal->wal_pages >= CHECKPOINT_PAGES)
		sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

int wc_wal_check(struct wc_journal *journal, struct wc_error *error)
{
	int64_t most = (int64_t)journal->size / journal->pages.size;
	int code;

	if (most < WAL_PAGES_LEAST)
		most = WAL_PAGES_LEAST;
	if (!journal->path || journal->wal_pages <= most)
		return SQLITE_OK;
	code = sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	if (!code)
		journal->wal_pages = 0;
	else if (code == SQLITE_BUSY)
		wc_error_set(error, WC_FAILED,
			     "the journal %s has been read by one query for so long that its -wal "
			     "is as large as it may be: end that program",
			     journal->path);
	return code;
}
