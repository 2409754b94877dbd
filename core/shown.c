#include "wirecensus/shown.h"

#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

struct entry {
	struct wc_shown_series series;
	uint64_t base[WC_SHOWN_COUNTERS]; /* what the row had counted when it was admitted */
};

/* A row among the top of one update. */
struct rank {
	uint64_t count;
	size_t index; /* of the row */
	bool shown;
};

struct wc_shown {
	struct wc_shown_bounds bounds;
	struct entry *entries; /* sorted by position; room for the pinned ones and bounds.rows */
	size_t count;
	size_t pinned;
	size_t services;    /* admitted as such */
	struct rank *ranks; /* of this update, highest first; room for bounds.top */
	size_t ranked;
	uint64_t other[WC_DIRECTIONS][WC_SHOWN_COUNTERS];
	int64_t now_ns;
};

int wc_shown_new(struct wc_shown **shown, const struct wc_shown_bounds *bounds,
		 struct wc_error *error)
{
	struct wc_shown *made = calloc(1, sizeof(*made));

	if (!made)
		return wc_error_no_memory(error, "for the series");
	made->bounds = *bounds;
	/* One more, because calloc may return NULL for none. */
	made->entries = calloc(bounds->rows + 1, sizeof(*made->entries));
	made->ranks = calloc(bounds->top + 1, sizeof(*made->ranks));
	if (!made->entries || !made->ranks) {
		wc_shown_free(made);
		return wc_error_no_memory(error, "for the series");
	}
	*shown = made;
	return WC_OK;
}

void wc_shown_free(struct wc_shown *shown)
{
	if (!shown)
		return;
	free(shown->entries);
	free(shown->ranks);
	free(shown);
}

/* Where a row stands in the order of the table. */
static uint32_t position(uint16_t key, uint8_t direction)
{
	return (uint32_t)key * WC_DIRECTIONS + direction;
}

static uint32_t entry_position(const struct entry *entry)
{
	return position(entry->series.key, entry->series.direction);
}

static int compare(const void *a, const void *b)
{
	uint32_t left = entry_position(a), right = entry_position(b);

	return (left > right) - (left < right);
}

static void sort(struct wc_shown *shown)
{
	qsort(shown->entries, shown->count, sizeof(*shown->entries), compare);
}

int wc_shown_pin(struct wc_shown *shown, uint16_t key, uint8_t direction, struct wc_error *error)
{
	struct entry entry = {
		.series = {.key = key, .direction = direction, .since_ns = shown->now_ns}};
	size_t room = shown->bounds.rows + shown->pinned + 1;
	struct entry *entries;

	if (bsearch(&entry, shown->entries, shown->count, sizeof(entry), compare))
		return WC_OK;
	entries = realloc(shown->entries, room * sizeof(*entries));
	if (!entries)
		return wc_error_no_memory(error, "for the series");
	shown->entries = entries;
	shown->entries[shown->count++] = entry;
	shown->pinned++;
	sort(shown);
	return WC_OK;
}

void wc_shown_date(struct wc_shown *shown, int64_t now_ns)
{
	shown->now_ns = now_ns;
}

static bool has_room(const struct wc_shown *shown)
{
	return shown->count - shown->pinned < shown->bounds.rows;
}

/*
 * Appends a row behind the first @known entries, so that these stay sorted while
 * the table is still being walked.
 */
static void admit(struct wc_shown *shown, const struct wc_shown_row *row)
{
	struct entry *entry = &shown->entries[shown->count++];

	*entry = (struct entry){.series = {.key = row->key,
					   .direction = row->direction,
					   .since_ns = shown->now_ns}};
	memcpy(entry->base, row->counters, sizeof(entry->base));
}

/* Keeps the highest; of equals, the one that came first. */
static void enter_rank(struct wc_shown *shown, const struct rank *rank)
{
	size_t at = shown->ranked;

	if (at == shown->bounds.top) {
		if (!at || shown->ranks[at - 1].count >= rank->count)
			return;
		at--;
	} else {
		shown->ranked++;
	}
	for (; at > 0 && shown->ranks[at - 1].count < rank->count; at--)
		shown->ranks[at] = shown->ranks[at - 1];
	shown->ranks[at] = *rank;
}

static void follow(struct entry *entry, const struct wc_shown_row *row)
{
	for (size_t i = 0; i < WC_SHOWN_COUNTERS; i++)
		entry->series.values[i] = row->counters[i] - entry->base[i];
}

/* Finds the series of @row among the first @known; @next goes along with the walk. */
static struct entry *find(const struct wc_shown *shown, size_t known, size_t *next,
			  const struct wc_shown_row *row)
{
	uint32_t wanted = position(row->key, row->direction);

	if (row->other)
		return NULL;
	while (*next < known && entry_position(&shown->entries[*next]) < wanted)
		++*next;
	if (*next < known && entry_position(&shown->entries[*next]) == wanted)
		return &shown->entries[*next];
	return NULL;
}

/* Admits @row if it is a service and there is room. Returns whether it did. */
static bool admit_service(struct wc_shown *shown, const struct wc_shown_row *row)
{
	if (!row->service || shown->services == shown->bounds.services || !has_room(shown))
		return false;
	admit(shown, row);
	shown->services++;
	return true;
}

/* Walks the table once: adds up, follows the rows shown, admits services, ranks all. */
static void walk(struct wc_shown *shown, size_t count, wc_shown_look *look, const void *user)
{
	size_t known = shown->count, next = 0;
	struct wc_shown_row row;

	for (size_t i = 0; i < count; i++) {
		struct entry *entry;
		bool is_shown;

		look(user, i, &row);
		for (size_t c = 0; c < WC_SHOWN_COUNTERS; c++)
			shown->other[row.direction][c] += row.counters[c];
		entry = find(shown, known, &next, &row);
		if (entry)
			follow(entry, &row);
		if (row.other || !(shown->bounds.directions & 1u << row.direction))
			continue;
		is_shown = entry || admit_service(shown, &row);
		if (row.ranked && row.counters[0])
			enter_rank(shown, &(struct rank){row.counters[0], i, is_shown});
	}
}

static void admit_top(struct wc_shown *shown, wc_shown_look *look, const void *user)
{
	struct wc_shown_row row;

	for (size_t i = 0; i < shown->ranked && has_room(shown); i++) {
		if (shown->ranks[i].shown)
			continue;
		look(user, shown->ranks[i].index, &row);
		admit(shown, &row);
	}
}

/* Until here, other is the sum of all rows. */
static void take_shown_from_other(struct wc_shown *shown)
{
	for (size_t i = 0; i < shown->count; i++) {
		const struct wc_shown_series *series = &shown->entries[i].series;

		for (size_t c = 0; c < WC_SHOWN_COUNTERS; c++)
			shown->other[series->direction][c] -= series->values[c];
	}
}

void wc_shown_update(struct wc_shown *shown, size_t count, wc_shown_look *look, const void *user)
{
	size_t before = shown->count;

	memset(shown->other, 0, sizeof(shown->other));
	shown->ranked = 0;
	walk(shown, count, look, user);
	admit_top(shown, look, user);
	if (shown->count != before)
		sort(shown);
	take_shown_from_other(shown);
}

size_t wc_shown_count(const struct wc_shown *shown)
{
	return shown->count;
}

const struct wc_shown_series *wc_shown_at(const struct wc_shown *shown, size_t index)
{
	return &shown->entries[index].series;
}

const uint64_t *wc_shown_other(const struct wc_shown *shown, unsigned direction)
{
	return shown->other[direction];
}
