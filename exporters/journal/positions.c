#include "positions.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sql.h"

struct wc_positions_entry {
	char *exporter;
	struct wc_journal_position position;
};

void wc_positions_free(struct wc_positions *positions)
{
	for (size_t i = 0; i < positions->count; i++)
		free(positions->entries[i].exporter);
	free(positions->entries);
	*positions = (struct wc_positions){0};
}

static struct wc_journal_position *find(const struct wc_positions *positions, const char *exporter)
{
	for (size_t i = 0; i < positions->count; i++)
		if (!strcmp(positions->entries[i].exporter, exporter))
			return &positions->entries[i].position;
	return NULL;
}

const struct wc_journal_position *wc_positions_find(const struct wc_positions *positions,
						    const char *exporter)
{
	return find(positions, exporter);
}

static bool equal(const struct wc_journal_position *a, const struct wc_journal_position *b)
{
	return a->sequence == b->sequence && a->messages == b->messages &&
	       a->encoding == b->encoding;
}

void wc_positions_move(struct wc_positions *positions, const char *exporter,
		       const struct wc_journal_position *position)
{
	struct wc_journal_position *known = find(positions, exporter);

	if (!known || equal(known, position))
		return;
	*known = *position;
	positions->changes++;
}

bool wc_positions_set(struct wc_positions *positions, const char *exporter,
		      const struct wc_journal_position *position)
{
	struct wc_positions_entry *entries;
	char *name;

	if (find(positions, exporter)) {
		wc_positions_move(positions, exporter, position);
		return true;
	}
	entries = realloc(positions->entries, (positions->count + 1) * sizeof(*entries));
	if (!entries)
		return false;
	positions->entries = entries;
	name = strdup(exporter);
	if (!name)
		return false;
	entries[positions->count].exporter = name;
	entries[positions->count++].position = *position;
	positions->changes++;
	return true;
}

static bool among(const char *exporter, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], exporter))
			return true;
	return false;
}

void wc_positions_keep(struct wc_positions *positions, const char *const *names, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < positions->count; i++) {
		if (among(positions->entries[i].exporter, names, count))
			positions->entries[kept++] = positions->entries[i];
		else
			free(positions->entries[i].exporter);
	}
	positions->changes += kept != positions->count;
	positions->settled = true;
	positions->count = kept;
}

uint64_t wc_positions_least(const struct wc_positions *positions)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < positions->count; i++) {
		const struct wc_journal_position *position = &positions->entries[i].position;
		uint64_t whole = position->sequence;

		if (position->messages != UINT64_MAX && whole)
			whole--;
		if (whole < least)
			least = whole;
	}
	return least;
}

bool wc_positions_copy(struct wc_positions *copy, const struct wc_positions *positions)
{
	*copy = (struct wc_positions){0};
	for (size_t i = 0; i < positions->count; i++)
		if (!wc_positions_set(copy, positions->entries[i].exporter,
				      &positions->entries[i].position)) {
			wc_positions_free(copy);
			return false;
		}
	copy->changes = positions->changes;
	return true;
}

static bool take_row(struct wc_positions *positions, struct sqlite3_stmt *statement, uint64_t last)
{
	const char *exporter = (const char *)sqlite3_column_text(statement, 0);
	int64_t sequence = sqlite3_column_int64(statement, 1);
	int64_t messages = sqlite3_column_int64(statement, 2);
	int64_t encoding = sqlite3_column_int64(statement, 3);
	struct wc_journal_position position = {.sequence = (uint64_t)sequence,
					       .messages = (uint64_t)messages,
					       .encoding = (uint64_t)encoding};

	const struct wc_journal_position *known =
		exporter ? wc_positions_find(positions, exporter) : NULL;

	if (!exporter)
		return false;
	if (known ? known->sequence != WC_POSITIONS_AWAITED : positions->settled)
		return true;
	if (sqlite3_column_type(statement, 2) == SQLITE_NULL)
		position.messages = UINT64_MAX;
	if (position.sequence > last)
		position = (struct wc_journal_position){.sequence = last, .messages = UINT64_MAX};
	return wc_positions_set(positions, exporter, &position);
}

/* Those that the disk does not know begin behind what is there. */
static void begin_awaited(struct wc_positions *positions, uint64_t last)
{
	for (size_t i = 0; i < positions->count; i++)
		if (positions->entries[i].position.sequence == WC_POSITIONS_AWAITED)
			positions->entries[i].position.sequence = last;
}

int wc_positions_load(struct wc_positions *positions, struct sqlite3 *db, uint64_t last)
{
	struct sqlite3_stmt *statement;
	bool taken = true;
	int code = wc_sql_prepare(db, &statement,
				  "SELECT exporter, sequence, messages, encoding FROM position");

	positions->changes++;
	if (code)
		return code;
	while (taken && sqlite3_step(statement) == SQLITE_ROW)
		taken = take_row(positions, statement, last);
	code = sqlite3_finalize(statement);
	if (taken && !code)
		begin_awaited(positions, last);
	return taken ? code : SQLITE_NOMEM;
}

static int store_rows(const struct wc_positions *positions, struct sqlite3_stmt *statement)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < positions->count && !code; i++) {
		const struct wc_positions_entry *entry = &positions->entries[i];

		sqlite3_bind_text(statement, 1, entry->exporter, -1, SQLITE_STATIC);
		wc_sql_bind_count(statement, 2, entry->position.sequence);
		if (entry->position.messages == UINT64_MAX)
			sqlite3_bind_null(statement, 3);
		else
			wc_sql_bind_count(statement, 3, entry->position.messages);
		/* All of its bits: it is no count. */
		sqlite3_bind_int64(statement, 4, (int64_t)entry->position.encoding);
		code = wc_sql_run(statement);
	}
	return code;
}

int wc_positions_store(const struct wc_positions *positions, struct sqlite3 *db)
{
	struct sqlite3_stmt *statement;
	int code = wc_sql_exec(db, "DELETE FROM position");

	if (!code)
		code = wc_sql_prepare(db, &statement, "INSERT INTO position VALUES (?, ?, ?, ?)");
	if (code)
		return code;
	code = store_rows(positions, statement);
	sqlite3_finalize(statement);
	return code;
}
