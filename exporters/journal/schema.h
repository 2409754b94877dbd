/*
 * schema.h - the journal's tables and views: made, recognised, migrated
 *
 * schema.sql is what a person reads and what is compiled in.
 */
#ifndef WC_SCHEMA_H
#define WC_SCHEMA_H

struct sqlite3;

/* In the header of the file: `WCJ1`. */
#define WC_SCHEMA_APPLICATION 0x57434a31
#define WC_SCHEMA_VERSION     2

/* The text of schema.sql. */
extern const char wc_schema_text[];

enum wc_schema_state {
	WC_SCHEMA_OURS,    /* of this version */
	WC_SCHEMA_OLDER,   /* of an earlier one: read as it is, migrated to be written */
	WC_SCHEMA_EMPTY,   /* nothing in it yet */
	WC_SCHEMA_NEWER,   /* made by a later version of the program */
	WC_SCHEMA_FOREIGN, /* another program's database */
	WC_SCHEMA_DAMAGED, /* was ours */
};

/* Looks at what a database holds. Returns a result code of SQLite. */
int wc_schema_look(struct sqlite3 *db, enum wc_schema_state *state);

/* Makes the tables and views in an empty database, in one transaction. Returns a result code. */
int wc_schema_make(struct sqlite3 *db);

/* Brings one of an earlier version up to this one, the same way. Returns a result code. */
int wc_schema_migrate(struct sqlite3 *db);

#endif /* WC_SCHEMA_H */
