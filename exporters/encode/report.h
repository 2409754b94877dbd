/*
 * report.h - what a report says: tables of cells, for any format
 *
 * Plain data. Whoever fills it knows what was counted; those who write it as text, as
 * HTML or as JSON know cells only. All texts are as they came: each format escapes them.
 */
#ifndef WC_REPORT_H
#define WC_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wirecensus/snapshot.h"

enum wc_cell_kind {
	WC_CELL_NONE,  /* not known, or not of this row */
	WC_CELL_TEXT,  /* text, and note */
	WC_CELL_LIST,  /* texts, of which people see the first ones */
	WC_CELL_KEY,   /* number that names something: a port */
	WC_CELL_COUNT, /* number of packets, of hosts */
	WC_CELL_BYTES, /* number */
	WC_CELL_RATE,  /* rate */
	WC_CELL_TIME,  /* time */
	WC_CELL_FLAG,  /* number: 0 or 1 */
};

struct wc_cell {
	enum wc_cell_kind kind;
	uint32_t count; /* of texts */
	union {
		uint64_t number;
		double rate;
		int64_t time; /* ns since 1970 */
		const char *text;
		const char *const *texts;
	};
	const char *note; /* what a text is known as besides, as the name of an address; NULL */
};

struct wc_report_column {
	const char *field;      /* its name in JSON: a contract */
	const char *title;      /* for people: a word or two */
	const char *help;       /* what it is, where the title does not say all; NULL */
	enum wc_cell_kind kind; /* of its cells that are not NONE */
	bool bar;               /* its largest numbers are worth a bar */
	bool minor;             /* can be missed where there is little room */
};

struct wc_report_table {
	const char *name;  /* in paths and JSON: "ports" */
	const char *title; /* "Ports" */
	const char *empty; /* the sentence for no rows */
	const struct wc_report_column *columns;
	size_t column_count;
	struct wc_cell *cells; /* row by row, the largest first; the report's */
	size_t row_count;      /* the remainder included */
	bool other;            /* the last row is the remainder: all that have none */
	bool needless;         /* it says no more than another one: people need not see it */
};

/* In the order in which they are read. */
enum wc_report_tables {
	WC_REPORT_SOURCES, /* the files that it was made of */
	WC_REPORT_TOTALS,
	WC_REPORT_TRAFFIC, /* over time */
	WC_REPORT_PORTS,
	WC_REPORT_CONVERSATIONS,
	WC_REPORT_NETWORKS,
	WC_REPORT_DOMAINS,
	WC_REPORT_HOSTS,
	WC_REPORT_PROTOCOLS,
	WC_REPORT_SCANNERS,
	WC_REPORT_TABLES
};

/* The columns of the traffic over time that a chart shows. */
enum wc_report_traffic {
	WC_TRAFFIC_START,
	WC_TRAFFIC_SECONDS, /* that were counted: 0 where nothing is known */
	WC_TRAFFIC_IN,
	WC_TRAFFIC_OUT,
	WC_TRAFFIC_LOCAL,
	WC_TRAFFIC_TRANSIT,
	WC_TRAFFIC_PACKETS,
	WC_TRAFFIC_LOST,
	WC_TRAFFIC_COMPLETE,
	WC_TRAFFIC_COLUMNS
};

struct wc_report {
	const char *host;    /* who counted */
	const char *capture; /* "" for files of several */
	const char *observer;
	int64_t start_ns, end_ns; /* WC_TIME_UNKNOWN where nothing is known */
	uint64_t length_ns;
	uint64_t step_ns; /* of the traffic over time */
	bool complete;
	struct wc_totals totals;
	uint64_t hosts, conversations;
	struct wc_report_table tables[WC_REPORT_TABLES]; /* without columns: not asked for */
};

/* Returns the cell of @row and @column. */
static inline const struct wc_cell *wc_report_cell(const struct wc_report_table *table, size_t row,
						   size_t column)
{
	return &table->cells[row * table->column_count + column];
}

/* False for a column that says nothing in any row, which people need not see. */
bool wc_report_column_says(const struct wc_report_table *table, size_t column);

#endif /* WC_REPORT_H */
