/*
 * shown.h - which rows of one table have series of their own
 *
 * A table has up to 65,536 keys in four directions; a graph has room for some
 * dozens. A row is shown because it was asked for by name (pinned), because it
 * is a service, or because it was once among the top. A row once shown stays
 * shown, within bounds that are taken at the start.
 *
 * The series of an admitted row starts at 0, and what the row had counted before
 * stays in the series "other" of its direction. So no series ever falls, nothing
 * is counted twice, and after each update the series of a direction and its
 * other add up to that direction's rows, exactly.
 */
#ifndef WC_SHOWN_H
#define WC_SHOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wc_error; /* wirecensus/error.h */
struct wc_shown;

/* The most counters that a row has. */
#define WC_SHOWN_COUNTERS 5

struct wc_shown_bounds {
	size_t rows;         /* that may be admitted; pinned rows are not counted */
	size_t services;     /* of them, rows that may be admitted as services */
	size_t top;          /* rows that are admitted for their rank, in each update */
	unsigned directions; /* bits, 1 << enum wc_direction: rows of others are not admitted */
};

/* One row of the table, as it stands now. */
struct wc_shown_row {
	uint16_t key;
	uint8_t direction; /* enum wc_direction */
	bool other;        /* the remainder of a full table: never shown */
	bool service;
	bool ranked;                          /* can be among the top, by its first counter */
	uint64_t counters[WC_SHOWN_COUNTERS]; /* since the start */
};

/* One row that is shown. */
struct wc_shown_series {
	uint16_t key;
	uint8_t direction;
	int64_t since_ns;                   /* when that was: see wc_shown_date() */
	uint64_t values[WC_SHOWN_COUNTERS]; /* since it was admitted, or pinned */
};

/* Fills in row number @index of the table @user. */
typedef void wc_shown_look(const void *user, size_t index, struct wc_shown_row *row);

/* Returns 0 and what is to be freed with wc_shown_free(), or WC_FAILED with @error filled in. */
int wc_shown_new(struct wc_shown **shown, const struct wc_shown_bounds *bounds,
		 struct wc_error *error);

/* Frees @shown. NULL is allowed. */
void wc_shown_free(struct wc_shown *shown);

/*
 * Shows a row from the start, whether or not it counts anything; a second time
 * changes nothing. Only before the first update. Returns as wc_shown_new().
 */
int wc_shown_pin(struct wc_shown *shown, uint16_t key, uint8_t direction, struct wc_error *error);

/* Rows that are pinned or admitted from now on have @now_ns as their since; at first it is 0. */
void wc_shown_date(struct wc_shown *shown, int64_t now_ns);

/*
 * Brings all series up to date with the @count rows that @look tells, and admits
 * rows. Rows come in ascending order of key, then direction, `other` last, and a
 * row that was there once is always there again, with counters that have not
 * fallen. Allocates nothing; costs one look at each row.
 */
void wc_shown_update(struct wc_shown *shown, size_t count, wc_shown_look *look, const void *user);

/* How many rows are shown, and each of them, in order of key and direction. */
size_t wc_shown_count(const struct wc_shown *shown);
const struct wc_shown_series *wc_shown_at(const struct wc_shown *shown, size_t index);

/* Everything of @direction that is in no series: WC_SHOWN_COUNTERS values. */
const uint64_t *wc_shown_other(const struct wc_shown *shown, unsigned direction);

#endif /* WC_SHOWN_H */
