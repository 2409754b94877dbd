#include "history.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "failure.h"
#include "history_parts.h"
#include "journal.h"
#include "reader.h"
#include "schema.h"
#include "sql.h"
#include "sqlite_open.h"
#include "wirecensus/error.h"

static int no_file(const char *path, struct wc_error *error)
{
	if (errno == EACCES)
		return wc_error_set(
			error, WC_FAILED,
			"the journal at '%s' is not for this user: ask as one who may read "
			"it, which are its owner, its group, and root",
			path);
	return wc_error_set(error, WC_FAILED,
			    "there is no journal at '%s' (%m): the daemon keeps one in its "
			    "directory 'state'; name it by --journal",
			    path);
}

/* A directory stands for the file in it. */
static char *find_file(const char *path, struct wc_error *error)
{
	struct stat status;
	char *file = NULL;

	if (stat(path, &status)) {
		no_file(path, error);
		return NULL;
	}
	if (asprintf(&file, "%s%s", path, S_ISDIR(status.st_mode) ? "/census.db" : "") < 0) {
		wc_error_set(error, WC_FAILED, "no memory to read the journal");
		return NULL;
	}
	if (stat(file, &status)) {
		no_file(file, error);
		free(file);
		return NULL;
	}
	return file;
}

static int check(const struct wc_history *history, struct wc_error *error)
{
	enum wc_schema_state state;
	int code = wc_schema_look(history->db, &state);

	if (code)
		return wc_failure_tell_reading(error, history->path, code);
	if (state == WC_SCHEMA_OURS || state == WC_SCHEMA_OLDER)
		return WC_OK;
	return wc_error_set(error, WC_FAILED, "'%s' is %s", history->path,
			    state == WC_SCHEMA_NEWER
				    ? "a journal of a later version: ask with that version"
				    : "no journal of wirecensus");
}

int wc_history_open(struct wc_history **history, const char *path, struct wc_error *error)
{
	char *file = find_file(path, error);
	struct wc_history *made;
	int status = WC_OK, code;

	if (!file)
		return WC_FAILED;
	made = calloc(1, sizeof(*made));
	if (!made) {
		free(file);
		return wc_error_set(error, WC_FAILED, "no memory to read the journal");
	}
	made->path = file;
	code = wc_sqlite_open(&made->db, WC_SQLITE_STRANGER, file, NULL);
	status = code ? wc_failure_tell_reading(error, file, code) : check(made, error);
	if (status)
		wc_history_close(made);
	else
		*history = made;
	return status;
}

int wc_history_of(struct wc_history **history, struct wc_journal *journal, struct wc_error *error)
{
	struct wc_history *made = calloc(1, sizeof(*made));
	int status;

	if (!made)
		return wc_error_set(error, WC_FAILED, "no memory to read the journal");
	status = wc_journal_reader_open(&made->reader, journal, error);
	if (status)
		free(made);
	else
		*history = made;
	return status;
}

void wc_history_close(struct wc_history *history)
{
	if (!history)
		return;
	if (history->reader)
		wc_journal_reader_close(history->reader);
	else
		wc_sqlite_close(history->db);
	free(history->path);
	free(history);
}

int wc_history_begin(struct wc_history *history, struct wc_error *error)
{
	if (history->reader) {
		int status = wc_reader_begin(history->reader, error);

		if (status)
			return status;
		history->db = history->reader->db;
	}
	wc_sql_exec(history->db, "BEGIN"); /* what fails is told by the next statement */
	return WC_OK;
}

int wc_history_end(struct wc_history *history, int code, struct wc_error *error)
{
	if (!sqlite3_get_autocommit(history->db))
		wc_sql_exec(history->db, "COMMIT");
	if (!history->reader)
		return code ? wc_failure_tell_reading(error, history->path, code) : WC_OK;
	history->db = NULL;
	wc_reader_end(history->reader);
	return code ? wc_reader_failed(history->reader, code, error) : WC_OK;
}

bool wc_history_means(const struct wc_history_span *span, const char *capture)
{
	return !span->capture || !strcmp(span->capture, capture);
}

int64_t wc_history_floor(int64_t number, int64_t unit)
{
	return number - (number % unit + unit) % unit;
}

int64_t wc_history_ceil(int64_t number, int64_t unit)
{
	return wc_history_floor(number + unit - 1, unit);
}
