/*
 * report_make.h - makes a report of what was counted
 */
#ifndef WC_REPORT_MAKE_H
#define WC_REPORT_MAKE_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"

struct wc_context;       /* encode.h */
struct wc_domains;       /* domain.h */
struct wc_error;         /* wirecensus/error.h */
struct wc_history_point; /* history.h */
struct wc_merge;         /* merge.h */

/* What a report is made of, and how. */
struct wc_report_wish {
	const struct wc_snapshot *snapshot; /* an interval, or a sum of some */
	const struct wc_context *context;   /* host, registry, names, and rows at most in a table */
	const struct wc_domains *domains;   /* NULL: the last two labels of a name */
	unsigned tables;                    /* bits: 1 << enum wc_report_tables */

	const struct wc_history_point *points; /* the traffic over time; NULL: none */
	size_t point_count;
	int64_t step_ns;

	const struct wc_merge *merge; /* the files that the snapshot is the sum of; NULL: none */
	int64_t now_ns;               /* by which they are so old */
};

#define WC_REPORT_ALL ((1u << WC_REPORT_TABLES) - 1)

/*
 * Makes the tables of @wish, each with the largest rows by bytes and the rest in one more. Hosts
 * are looked up by name as far as they are shown, all of them where domains are asked for. Rates
 * are the hosts' hourly ones; where the snapshot knows none, what was counted over its length.
 * Keeps pointers to the context's host and to nothing else. Returns 0 and a report to be freed
 * with wc_report_free(), or WC_FAILED (memory) with @error filled in.
 */
int wc_report_make(struct wc_report **report, const struct wc_report_wish *wish,
		   struct wc_error *error);

/* Frees what wc_report_make() made. NULL is allowed. */
void wc_report_free(struct wc_report *report);

#endif /* WC_REPORT_MAKE_H */
