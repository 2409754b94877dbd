#include "desk.h"

#include <check.h>
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "census.h"
#include "encode.h"
#include "json.h"
#include "sample.h"

#define ALL_KINDS (~0U)

void desk_set(struct desk *desk, bool on_disk)
{
	*desk = (struct desk){.folder = "/tmp/wirecensus-journal-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(desk->folder));
	snprintf(desk->path, sizeof(desk->path), "%s/census.db", desk->folder);
	desk->settings = (struct wc_journal_settings){
		.path = on_disk ? desk->path : NULL,
		.size = UINT64_C(1) << 30,
		.undelivered = UINT64_C(1) << 30,
		.age = UINT64_C(1) << 30,
		.host = DESK_HOST,
		.instance = desk->instance,
		.version = "0.1.0",
	};
}

int desk_open(struct desk *desk)
{
	int status;

	snprintf(desk->instance, sizeof(desk->instance), "4f6f5c1e-0000-4000-8000-%012u",
		 ++desk->runs);
	status = wc_journal_open(&desk->journal, &desk->settings, desk->notice, &desk->error);
	if (!status)
		ck_assert_int_eq(wc_journal_reader_open(&desk->reader, desk->journal, &desk->error),
				 0);
	return status;
}

void desk_begin(struct desk *desk, bool on_disk)
{
	desk_set(desk, on_disk);
	ck_assert_msg(!desk_open(desk), "%s", desk->error.text);
}

void desk_close(struct desk *desk)
{
	wc_journal_reader_close(desk->reader);
	wc_journal_close(desk->journal);
	desk->reader = NULL;
	desk->journal = NULL;
}

void desk_clear(struct desk *desk)
{
	DIR *folder;
	struct dirent *entry;

	desk_close(desk);
	folder = opendir(desk->folder);
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			ck_assert_int_eq(unlinkat(dirfd(folder), entry->d_name, 0), 0);
	closedir(folder);
	ck_assert_int_eq(rmdir(desk->folder), 0);
}

int desk_write(struct desk *desk, const struct wc_snapshot *snapshot)
{
	return wc_journal_write(desk->journal, &snapshot, 1, &desk->error);
}

void desk_fill(struct desk *desk, uint64_t first, size_t count, unsigned seconds, size_t rows)
{
	for (size_t i = 0; i < count; i++) {
		struct wc_snapshot *snapshot = census_usual(first + i, rows);

		census_date(snapshot, first + i, seconds);
		ck_assert_msg(!desk_write(desk, snapshot), "%s", desk->error.text);
		census_free(snapshot);
	}
}

struct wc_journal_interval *desk_load(struct desk *desk, uint64_t first, uint64_t last)
{
	struct wc_journal_interval *intervals;
	size_t count;
	int status = wc_journal_load(desk->reader, first, last, ALL_KINDS, &intervals, &count,
				     &desk->error);

	ck_assert_msg(!status, "%s", desk->error.text);
	ck_assert_uint_eq(count, 1);
	return intervals;
}

int64_t desk_ask(struct desk *desk, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *statement;
	int64_t number;

	ck_assert_int_eq(sqlite3_open_v2(desk->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	ck_assert_msg(sqlite3_step(statement) == SQLITE_ROW, "%s: %s", sql, sqlite3_errmsg(db));
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

void desk_run(struct desk *desk, const char *sql)
{
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(desk->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(db));
	sqlite3_close(db);
}

char *desk_json(const struct desk *desk, const struct wc_snapshot *snapshot)
{
	struct wc_context context = sample_context;
	struct wc_buffer buffer = {0};

	context.host = DESK_HOST;
	context.instance = desk->instance;
	wc_json_encode(&buffer, &context, snapshot);
	ck_assert(!buffer.failed);
	wc_buffer_add(&buffer, "", 1);
	return buffer.data;
}

void desk_same(struct desk *desk, uint64_t sequence, const struct wc_snapshot *snapshot)
{
	struct wc_journal_interval *loaded = desk_load(desk, sequence, sequence);
	char *there = desk_json(desk, loaded->snapshot), *here = desk_json(desk, snapshot);

	ck_assert_str_eq(there, here);
	ck_assert_str_eq(loaded->instance, desk->instance);
	ck_assert_str_eq(loaded->host, DESK_HOST);
	free(there);
	free(here);
	wc_journal_intervals_free(loaded, 1);
}

size_t desk_files(const struct desk *desk, const char *part)
{
	DIR *folder = opendir(desk->folder);
	struct dirent *entry;
	size_t found = 0;

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)))
		found += strstr(entry->d_name, part) != NULL;
	closedir(folder);
	return found;
}
