/*
 * shown_tables.h - the tables of a snapshot whose rows have series
 *
 * Whoever shows totals as series, such as a plugin or metrics, shows the same tables of
 * the census in the same way. Here is what a row of each one is to struct wc_shown: its
 * key, whether it is a service, whether it can be among the top, and its counters.
 */
#ifndef WC_SHOWN_TABLES_H
#define WC_SHOWN_TABLES_H

struct wc_shown;    /* wirecensus/shown.h */
struct wc_snapshot; /* wirecensus/snapshot.h */

enum wc_shown_table {
	WC_SHOWN_TCP,
	WC_SHOWN_UDP,
	WC_SHOWN_PROTOCOL,
	WC_SHOWN_FRAGMENT,
	WC_SHOWN_ETHERTYPE,
	WC_SHOWN_TABLES
};

/* The places of a row's counters, in every table; those that its rows do not have are 0. */
enum wc_shown_counter {
	WC_SHOWN_PACKETS,
	WC_SHOWN_BYTES,
	WC_SHOWN_NEW,
	WC_SHOWN_ACCEPTED,
	WC_SHOWN_REFUSED,
};

/*
 * Brings @shown, which follows @table, up to date with the totals of @snapshot: see
 * wc_shown_update().
 */
void wc_shown_follow(struct wc_shown *shown, const struct wc_snapshot *snapshot,
		     enum wc_shown_table table);

#endif /* WC_SHOWN_TABLES_H */
