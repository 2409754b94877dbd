/*
 * rows.h - which rows of a snapshot an output shows, and how many
 *
 * The one governor for all outputs: kinds of rows, and of each kind the largest
 * with the rest added up in the row `other`, so that what is left still equals
 * the totals.
 */
#ifndef WC_ROWS_H
#define WC_ROWS_H

#include <stdint.h>

struct wc_error;    /* wirecensus/error.h */
struct wc_snapshot; /* wirecensus/snapshot.h */
struct wc_texts;    /* wirecensus/options.h */

/* Kinds of rows, as bits; their names are the types of JSON rows. */
enum {
	WC_ROWS_TOTAL = 1 << 0,
	WC_ROWS_PORT = 1 << 1,
	WC_ROWS_PROTOCOL = 1 << 2,
	WC_ROWS_FRAGMENT = 1 << 3,
	WC_ROWS_ETHERTYPE = 1 << 4,
	WC_ROWS_LLC = 1 << 5,
	WC_ROWS_MALFORMED = 1 << 6,
	WC_ROWS_UNSUPPORTED = 1 << 7,
	WC_ROWS_CONVERSATION = 1 << 8,
	WC_ROWS_HOST = 1 << 9,
	WC_ROWS_SCANNER = 1 << 10,
	WC_ROWS_LOSS = 1 << 11, /* a message of its own where something was lost: syslog, gelf */
	WC_ROWS_ALL = (1 << 11) - 1,
};

/* As many rows as there are. */
#define WC_TOP_ALL 0

struct wc_selection {
	unsigned kinds; /* bits */
	uint64_t top;   /* of ports, protocols, ethertypes, conversations, hosts; or WC_TOP_ALL */
};

/* Returns the bit of the kind called @name, or 0. */
unsigned wc_rows_kind(const char *name);

/* Returns the name of the kind whose bit is 1 << @index, or NULL behind the last. */
const char *wc_rows_name(unsigned index);

/* Reads a list of such names. Returns 0, or WC_INVALID with a sentence that says what is allowed.
 */
int wc_rows_kinds(unsigned *kinds, const struct wc_texts *names, struct wc_error *error);

/*
 * Makes a snapshot with the rows of @selection only. Ports, protocols and ethertypes are
 * ordered by packets, conversations and hosts by bytes when they are cut; what is cut is
 * added to the row `other` of its kind (and transport and direction). Totals, the classes
 * without a list of rows among them, stay whole: a format shows those that it was asked for.
 * Returns 0, and a snapshot that points into @snapshot and is freed with wc_rows_free();
 * or WC_FAILED (memory).
 */
int wc_rows_select(struct wc_snapshot **selected, const struct wc_snapshot *snapshot,
		   const struct wc_selection *selection, struct wc_error *error);
void wc_rows_free(struct wc_snapshot *selected);

#endif /* WC_ROWS_H */
