#include "sqlite_open.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "sql.h"

/* How long a person at the file may hold it before a call fails. */
#define BUSY_MS 1000

/* A text or an address is all that the largest value holds: a damaged length is no reason to ask
 * for a gigabyte. */
#define LONGEST_VALUE (1 << 20)

/*
 * No memory maps but SQLite's own -shm file, no temporary files: fewer system calls to
 * allow, no SIGBUS from a disk that fails. Pages are checked as they come. Sorting stays small,
 * because sums are made by the reader.
 */
static const char common[] = "PRAGMA mmap_size = 0;"
			     "PRAGMA temp_store = MEMORY;"
			     "PRAGMA cell_size_check = ON;"
			     "PRAGMA trusted_schema = OFF;";

/*
 * WAL: a kill leaves whole transactions, and readers block nobody. FULL syncs the WAL at each
 * commit, once an interval: what was written outlives a power cut, too. For the promise about a
 * kill alone, NORMAL would do. Incremental vacuum gives pages back when the bound was lowered.
 * Checkpoints are made by hand, behind the commit: their failure is not the interval's.
 */
static const char writer[] = "PRAGMA auto_vacuum = INCREMENTAL;"
			     "PRAGMA journal_mode = WAL;"
			     "PRAGMA synchronous = FULL;"
			     "PRAGMA secure_delete = OFF;"
			     "PRAGMA wal_autocheckpoint = 0;"
			     "PRAGMA journal_size_limit = 4194304;"
			     "PRAGMA cache_size = -8192;";

static const char reader[] = "PRAGMA query_only = ON;"
			     "PRAGMA cache_size = -1024;";

static const char memory[] = "PRAGMA auto_vacuum = INCREMENTAL;"
			     "PRAGMA secure_delete = OFF;"
			     "PRAGMA journal_mode = MEMORY;";

static const char *const pragmas[] = {
	[WC_SQLITE_WRITER] = writer,
	[WC_SQLITE_READER] = reader,
	[WC_SQLITE_MEMORY] = memory,
	[WC_SQLITE_STRANGER] = reader,
};

static int set_up(struct sqlite3 *db, enum wc_sqlite_kind kind)
{
	int code;

	sqlite3_extended_result_codes(db, 1);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_busy_timeout(db, BUSY_MS);
	code = wc_sql_exec(db, common);
	return code ? code : wc_sql_exec(db, pragmas[kind]);
}

/*
 * A file whose writer has gone has no WAL beside it, and a reader that may not make one reads the
 * file as one that nobody changes.
 */
static int open_unchanging(struct sqlite3 **db, const char *path)
{
	char *wal = sqlite3_mprintf("%s-wal", path);
	char *uri = sqlite3_mprintf("file:%s?immutable=1", path);
	int code = SQLITE_CANTOPEN;

	if (!wal || !uri)
		code = SQLITE_NOMEM;
	else if (access(wal, F_OK) && !strpbrk(path, "?#%"))
		code = sqlite3_open_v2(uri, db,
				       SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
				       NULL);
	if (!code)
		code = set_up(*db, WC_SQLITE_STRANGER);
	sqlite3_free(wal);
	sqlite3_free(uri);
	return code;
}

static int open_stranger(struct sqlite3 **db, const char *path)
{
	int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
	int64_t version;
	int code = sqlite3_open_v2(path, db, flags, NULL);

	if (!code)
		code = set_up(*db, WC_SQLITE_STRANGER);
	if (!code)
		code = wc_sql_ask(*db, "PRAGMA user_version", &version);
	if ((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY) {
		wc_sqlite_close(*db);
		*db = NULL;
		code = open_unchanging(db, path);
	}
	if (code) {
		wc_sqlite_close(*db);
		*db = NULL;
	}
	return code;
}

int wc_sqlite_open(struct sqlite3 **db, enum wc_sqlite_kind kind, const char *path, const char *vfs)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	bool in_memory = kind == WC_SQLITE_MEMORY;
	int code;

	if (kind == WC_SQLITE_STRANGER)
		return open_stranger(db, path);
	code = sqlite3_open_v2(in_memory ? ":memory:" : path, db, flags, in_memory ? NULL : vfs);

	if (!code)
		code = set_up(*db, kind);
	if (code) {
		wc_sqlite_close(*db);
		*db = NULL;
	}
	return code;
}

void wc_sqlite_close(struct sqlite3 *db)
{
	sqlite3_close_v2(db);
}
