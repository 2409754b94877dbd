/*
 * settle.h - what recent.h keeps, added to the rows
 *
 * Until then rows have less than was counted. So all is settled before rows are
 * read: at a snapshot, and when a frame's time ends a bin of a host's rate.
 */
#ifndef WC_SETTLE_H
#define WC_SETTLE_H

#include "recent.h"

struct wc_tables; /* tables.h */

/* Adds what is kept of one conversation. */
void wc_settle_talk(struct wc_tables *tables, struct wc_recent_talk *talk);

/* Adds all that is kept. */
void wc_settle(struct wc_tables *tables);

/* The same, and forgets them: rows may be freed, or numbers of pairs come again. */
void wc_settle_forget(struct wc_tables *tables);

#endif /* WC_SETTLE_H */
