/*
 * columns.h - which field of a snapshot stands in which column of the journal
 *
 * Tables in place of code: the same description makes the statements, binds and
 * reads rows, and says how rows of several intervals become one.
 */
#ifndef WC_COLUMNS_H
#define WC_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

struct sqlite3_stmt;

enum wc_column_kind {
	WC_COLUMN_COUNT,   /* uint64_t, held at INT64_MAX */
	WC_COLUMN_NUMBER,  /* int64_t */
	WC_COLUMN_TIME,    /* int64_t; NULL for WC_TIME_UNKNOWN */
	WC_COLUMN_WORD,    /* uint16_t */
	WC_COLUMN_BYTE,    /* uint8_t */
	WC_COLUMN_FLAG,    /* bool */
	WC_COLUMN_OFFLOAD, /* enum wc_offload */
	WC_COLUMN_RATE,    /* double */
	/* struct wc_address: IPv4 as an integer, IPv6 as text of RFC 5952, `internet` for none */
	WC_COLUMN_ADDRESS,
};

/* What becomes of a column when rows with the same key are added up. */
enum wc_column_rule {
	WC_COLUMN_KEY,
	WC_COLUMN_KEEP, /* of the earlier row */
	WC_COLUMN_ADD,
	WC_COLUMN_OR,
	WC_COLUMN_AND,
	WC_COLUMN_FIRST,  /* the smaller time that is known */
	WC_COLUMN_LAST,   /* the larger */
	WC_COLUMN_LATEST, /* of the later row */
};

struct wc_column {
	const char *name;
	size_t offset; /* in the row */
	enum wc_column_kind kind;
	enum wc_column_rule rule;
	int64_t most; /* of small numbers: more is damage */
};

/* The rows of one kind. */
struct wc_row_table {
	const char *name;
	size_t size;         /* of a row */
	size_t rows, length; /* offsets of the array and its count in struct wc_snapshot */
	const struct wc_column *columns;
	size_t count;
	bool (*heard)(const void *row); /* the interval added to it; NULL: always */
	unsigned kind;                  /* enum wc_journal_rows */
	bool sorted; /* by key; else in the order in which rows were first seen, `other` last */
};

/* Room for any of them. */
union wc_any_row {
	struct wc_port_row port;
	struct wc_key_row key;
	struct wc_conversation_row conversation;
	struct wc_host_row host;
	struct wc_scanner_row scanner;
};

#define WC_ROW_TABLES 7
extern const struct wc_row_table wc_row_tables[WC_ROW_TABLES];

/* Columns of a snapshot that are not rows; the names of capture and observer stand before them. */
extern const struct wc_column wc_snapshot_columns[];
extern const size_t wc_snapshot_column_count;

/* Of them, where the counts begin that roll-ups add up: to the end. */
extern const size_t wc_snapshot_first_count;

/* Binds the columns of @row, from parameter @index on. Returns a result code. */
int wc_columns_bind(struct sqlite3_stmt *statement, int index, const struct wc_column *columns,
		    size_t count, const void *row);

/*
 * Reads columns into @row, from column @index on. Returns false if there is a value that
 * cannot have been written: the file is damaged.
 */
bool wc_columns_read(struct sqlite3_stmt *statement, int index, const struct wc_column *columns,
		     size_t count, void *row);

/* Orders by the key, column by column; 0 for the same key. */
int wc_columns_compare(const struct wc_row_table *table, const void *a, const void *b);

/* Hashes the key. @seed is random: strangers choose addresses and ports. */
uint64_t wc_columns_hash(const struct wc_row_table *table, const void *row, uint64_t seed);

/* Adds @row to @sum, each column by its rule. */
void wc_columns_add(const struct wc_column *columns, size_t count, void *sum, const void *row);

#endif /* WC_COLUMNS_H */
