/*
 * rollup_texts.h - the statements of roll-ups, made from the descriptions of columns
 *
 * Texts are from sqlite3_malloc(), or NULL without memory.
 */
#ifndef WC_ROLLUP_TEXTS_H
#define WC_ROLLUP_TEXTS_H

#include <stdbool.h>

/* Rows of conversations and of hosts in a minute or an hour, besides `other`. */
#define WC_ROLLUP_ROWS 1000

enum wc_rollup_table {
	WC_ROLLUP_PORTS,
	WC_ROLLUP_PROTOCOLS,
	WC_ROLLUP_CONVERSATIONS, /* the first that is cut */
	WC_ROLLUP_HOSTS,
	WC_ROLLUP_TABLES
};

/* Adds to span ?1 the rows with ids ?2 to ?3 of a snapshot. */
char *wc_rollup_add_rows(enum wc_rollup_table table);

/* Adds to span ?1 the rows of span ?2. */
char *wc_rollup_add_span(enum wc_rollup_table table);

/* Counts the rows of span ?1, `other` not. */
char *wc_rollup_count(enum wc_rollup_table table);

/* Adds to `other` of span ?1 what is behind the largest; then removes that. */
char *wc_rollup_cut_add(enum wc_rollup_table table);
char *wc_rollup_cut(enum wc_rollup_table table);

/* Adds the totals of snapshot, or span, ?2 to span ?1. */
char *wc_rollup_totals(bool of_snapshot);

#endif /* WC_ROLLUP_TEXTS_H */
