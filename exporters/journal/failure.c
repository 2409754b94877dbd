#include "failure.h"

#include <errno.h>
#include <sqlite3.h>
#include <stddef.h>

#include "wirecensus/error.h"

enum wc_failure wc_failure_kind(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_NOMEM:
	case SQLITE_INTERRUPT:
	case SQLITE_TOOBIG:
		return WC_FAILURE_WAIT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
	case SQLITE_ERROR:      /* a table or a column is gone */
	case SQLITE_CONSTRAINT: /* a number that was given out stands there already */
	case SQLITE_MISMATCH:
	case SQLITE_SCHEMA:
		return WC_FAILURE_DAMAGE;
	default:
		return WC_FAILURE_REOPEN;
	}
}

bool wc_failure_of_disk(int number)
{
	return number == ENOSPC || number == EDQUOT || number == EROFS || number == EIO;
}

static const char *advice(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return "make room on its disk; until then intervals wait in memory";
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return "end the program that keeps it locked";
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return "its file and directory must be writable";
	case SQLITE_NOMEM:
		return "give the program more memory";
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return "it is set aside with the next interval that is written";
	default:
		return "look after its disk";
	}
}

/* To who only reads, and neither writes nor sets aside. */
static const char *advice_for_reading(int code)
{
	switch (code & 0xff) {
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return "ask as one who may read it, which are its owner, its group, and root";
	case SQLITE_CORRUPT:
		return "it is damaged; a daemon that writes it sets it aside and begins a new one";
	default:
		return advice(code);
	}
}

int wc_failure_tell(struct wc_error *error, const char *path, int code)
{
	return wc_error_set(error, WC_FAILED, "the journal%s%s: %s (SQLite %d); %s",
			    path ? " " : " in memory", path ? path : "", sqlite3_errstr(code), code,
			    advice(code));
}

int wc_failure_tell_reading(struct wc_error *error, const char *path, int code)
{
	if ((code & 0xff) == SQLITE_NOTADB)
		return wc_error_set(error, WC_FAILED, "'%s' is no journal of wirecensus", path);
	return wc_error_set(error, WC_FAILED, "the journal %s: %s (SQLite %d); %s", path,
			    sqlite3_errstr(code), code, advice_for_reading(code));
}
