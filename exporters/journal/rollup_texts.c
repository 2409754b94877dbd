#include "rollup_texts.h"

#include <sqlite3.h>
#include <string.h>

#include "columns.h"

/* Sums are held at the largest integer: what overflows is a real number, and larger. */
#define HELD "min(%s + %s.%s, 9223372036854775807)"

/* The table of rows, whose name behind span_ is the roll-up's. */
static const struct {
	size_t rows;       /* in wc_row_tables */
	const char *other; /* its key, and what is kept, for what is cut */
	const char *size;  /* the largest by this are kept */
	bool both_ways;    /* `other` has both ways in its forward counts */
} rollups[WC_ROLLUP_TABLES] = {
	[WC_ROLLUP_PORTS] = {.rows = 0},
	[WC_ROLLUP_PROTOCOLS] = {.rows = 1},
	[WC_ROLLUP_CONVERSATIONS] = {.rows = 4,
				     .other = "'internet', 'internet', 0, 0, 1, 0, 0",
				     .size = "bytes + reverse_bytes",
				     .both_ways = true},
	[WC_ROLLUP_HOSTS] = {.rows = 5,
			     .other = "'internet', 1",
			     .size = "sent_bytes + received_bytes"},
};

static const struct wc_row_table *rows_of(enum wc_rollup_table table)
{
	return &wc_row_tables[rollups[table].rows];
}

/* A client's port would make a row of each connection. */
static bool is_key(const struct wc_column *column)
{
	return column->rule == WC_COLUMN_KEY && strcmp(column->name, "client_port");
}

static bool is_kept(const struct wc_column *column)
{
	return column->rule == WC_COLUMN_KEEP;
}

static bool is_count(const struct wc_column *column)
{
	return column->rule == WC_COLUMN_ADD;
}

/* Appends @separator and the names for which @want holds, with commas between. */
static void add_names(struct sqlite3_str *text, const struct wc_row_table *table,
		      bool (*want)(const struct wc_column *), const char *separator)
{
	for (size_t i = 0; i < table->count; i++)
		if (want(&table->columns[i])) {
			sqlite3_str_appendf(text, "%s%s", separator, table->columns[i].name);
			separator = ", ";
		}
}

static void begin_insert(struct sqlite3_str *text, const struct wc_row_table *table)
{
	sqlite3_str_appendf(text, "INSERT INTO span_%s (span", table->name);
	add_names(text, table, is_key, ", ");
	add_names(text, table, is_kept, ", ");
	add_names(text, table, is_count, ", ");
	sqlite3_str_appendall(text, ") SELECT ?1");
}

static void end_insert(struct sqlite3_str *text, const struct wc_row_table *table)
{
	const char *separator = " ON CONFLICT DO UPDATE SET ";

	for (size_t i = 0; i < table->count; i++) {
		const char *name = table->columns[i].name;

		if (!is_count(&table->columns[i]))
			continue;
		sqlite3_str_appendf(text, "%s%s = " HELD, separator, name, name, "excluded", name);
		separator = ", ";
	}
}

static char *add_text(const struct wc_row_table *table, const char *from)
{
	struct sqlite3_str *text = sqlite3_str_new(NULL);

	begin_insert(text, table);
	add_names(text, table, is_key, ", ");
	add_names(text, table, is_kept, ", ");
	add_names(text, table, is_count, ", ");
	sqlite3_str_appendf(text, from, table->name);
	end_insert(text, table);
	return sqlite3_str_finish(text);
}

char *wc_rollup_add_rows(enum wc_rollup_table table)
{
	return add_text(rows_of(table), " FROM %s WHERE id BETWEEN ?2 AND ?3");
}

char *wc_rollup_add_span(enum wc_rollup_table table)
{
	return add_text(rows_of(table), " FROM span_%s WHERE span = ?2");
}

char *wc_rollup_count(enum wc_rollup_table table)
{
	return sqlite3_mprintf("SELECT count(*) FROM span_%s WHERE span = ?1 AND NOT other",
			       rows_of(table)->name);
}

/* The rows that are cut: all behind the largest, by key where they are of one size. */
static void add_cut(struct sqlite3_str *text, enum wc_rollup_table table)
{
	sqlite3_str_appendf(text, " FROM span_%s WHERE span = ?1 AND NOT other ORDER BY %s DESC",
			    rows_of(table)->name, rollups[table].size);
	add_names(text, rows_of(table), is_key, ", ");
	sqlite3_str_appendf(text, " LIMIT -1 OFFSET %d", WC_ROLLUP_ROWS);
}

static bool is_reverse(const char *name)
{
	return !strncmp(name, "reverse_", strlen("reverse_"));
}

char *wc_rollup_cut_add(enum wc_rollup_table table)
{
	const struct wc_row_table *rows = rows_of(table);
	struct sqlite3_str *text = sqlite3_str_new(NULL);

	begin_insert(text, rows);
	sqlite3_str_appendf(text, ", %s", rollups[table].other);
	for (size_t i = 0; i < rows->count; i++) {
		const char *name = rows->columns[i].name;

		if (!is_count(&rows->columns[i]))
			continue;
		if (!rollups[table].both_ways)
			sqlite3_str_appendf(text, ", %s", name);
		else if (is_reverse(name))
			sqlite3_str_appendall(text, ", 0");
		else
			sqlite3_str_appendf(text, ", min(%s + reverse_%s, 9223372036854775807)",
					    name, name);
	}
	add_cut(text, table);
	end_insert(text, rows);
	return sqlite3_str_finish(text);
}

char *wc_rollup_cut(enum wc_rollup_table table)
{
	const struct wc_row_table *rows = rows_of(table);
	struct sqlite3_str *text = sqlite3_str_new(NULL);

	sqlite3_str_appendf(text, "DELETE FROM span_%s WHERE span = ?1 AND NOT other AND (",
			    rows->name);
	add_names(text, rows, is_key, "");
	sqlite3_str_appendall(text, ") IN (SELECT ");
	add_names(text, rows, is_key, "");
	add_cut(text, table);
	sqlite3_str_appendall(text, ")");
	return sqlite3_str_finish(text);
}

char *wc_rollup_totals(bool of_snapshot)
{
	struct sqlite3_str *text = sqlite3_str_new(NULL);
	const char *from = of_snapshot ? "snapshot" : "span";

	sqlite3_str_appendf(text,
			    "UPDATE span SET intervals = span.intervals + %s, "
			    "complete = min(span.complete, a.complete)",
			    of_snapshot ? "1" : "a.intervals");
	for (size_t i = wc_snapshot_first_count; i < wc_snapshot_column_count; i++) {
		const char *name = wc_snapshot_columns[i].name;

		sqlite3_str_appendf(text, ", %s = min(span.%s + a.%s, 9223372036854775807)", name,
				    name, name);
	}
	sqlite3_str_appendf(text, " FROM %s AS a WHERE span.id = ?1 AND a.id = ?2", from);
	return sqlite3_str_finish(text);
}
