#include "schema.h"

#include <sqlite3.h>
#include <stdint.h>

#include "sql.h"

/* Versions are few: a number beyond this was not written by us. */
#define VERSION_LIKELY 1000

static enum wc_schema_state judge(int64_t application, int64_t version, int64_t tables,
				  int64_t ours)
{
	if (application == WC_SCHEMA_APPLICATION && ours) {
		if (version == WC_SCHEMA_VERSION)
			return WC_SCHEMA_OURS;
		if (version > 0 && version < WC_SCHEMA_VERSION)
			return WC_SCHEMA_OLDER;
		return version > WC_SCHEMA_VERSION && version < VERSION_LIKELY ? WC_SCHEMA_NEWER
									       : WC_SCHEMA_DAMAGED;
	}
	if (application == WC_SCHEMA_APPLICATION || ours)
		return WC_SCHEMA_DAMAGED;
	return tables ? WC_SCHEMA_FOREIGN : WC_SCHEMA_EMPTY;
}

int wc_schema_look(struct sqlite3 *db, enum wc_schema_state *state)
{
	int64_t application = 0, version = 0, tables = 0, ours = 0;
	int code = wc_sql_ask(db, "PRAGMA application_id", &application);

	if (!code)
		code = wc_sql_ask(db, "PRAGMA user_version", &version);
	if (!code)
		code = wc_sql_ask(db, "SELECT count(*) FROM sqlite_schema", &tables);
	if (!code)
		code = wc_sql_ask(
			db, "SELECT count(*) FROM sqlite_schema WHERE name = 'wirecensus'", &ours);
	*state = judge(application, version, tables, ours);
	return code;
}

/* What leads from version 1 to version 2: a part that was delivered has the encoding beside it. */
static const char from_1[] = "ALTER TABLE position ADD COLUMN encoding INTEGER";

/* Runs @changes and dates the database, in one transaction. */
static int change(struct sqlite3 *db, const char *changes)
{
	char *text = sqlite3_mprintf("BEGIN IMMEDIATE;%s;PRAGMA application_id = %d;"
				     "PRAGMA user_version = %d;COMMIT",
				     changes, WC_SCHEMA_APPLICATION, WC_SCHEMA_VERSION);
	int code = SQLITE_NOMEM;

	if (text)
		code = wc_sql_exec(db, text);
	sqlite3_free(text);
	if (code && !sqlite3_get_autocommit(db))
		wc_sql_exec(db, "ROLLBACK");
	return code;
}

int wc_schema_make(struct sqlite3 *db)
{
	return change(db, wc_schema_text);
}

int wc_schema_migrate(struct sqlite3 *db)
{
	return change(db, from_1);
}
