#include "collect.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "collect_conversations.h"
#include "collect_hosts.h"
#include "packet.h"
#include "settle.h"
#include "tables.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* The sets that are summed, and the one table of each that is looked at. */
struct view {
	struct wc_tables *const *sets;
	size_t count;
	size_t offset; /* of the struct wc_dense in struct wc_tables */
	unsigned width;
};

/* One row of a view, its counters summed over all sets. */
struct sum {
	uint64_t counters[WC_DENSE_WIDTH_MAX];
	uint16_t key;
	uint8_t direction;
	bool other;
};

/* Takes one row. Returns false to end the walk. */
typedef bool visit(void *user, const struct sum *sum);

static const struct wc_dense *table(const struct wc_tables *set, size_t offset)
{
	return (const struct wc_dense *)((const char *)set + offset);
}

static bool add_up(struct sum *sum, const uint64_t *counters, unsigned width)
{
	bool any = false;

	for (unsigned i = 0; i < width; i++) {
		sum->counters[i] += counters[i];
		any |= counters[i] != 0;
	}
	return any;
}

static bool walk_row(const struct view *view, unsigned direction, unsigned key, visit *visitor,
		     void *user)
{
	struct sum sum = {.key = (uint16_t)key, .direction = (uint8_t)direction};
	bool any = false;

	for (size_t i = 0; i < view->count; i++) {
		const struct wc_dense *dense = table(view->sets[i], view->offset);
		const uint64_t *row = wc_dense_look(dense, direction, sum.key);

		any |= row && add_up(&sum, row, view->width);
	}
	return !any || visitor(user, &sum);
}

static bool walk_other(const struct view *view, unsigned direction, visit *visitor, void *user)
{
	struct sum sum = {.direction = (uint8_t)direction, .other = true};
	bool any = false;

	for (size_t i = 0; i < view->count; i++)
		any |= add_up(&sum, table(view->sets[i], view->offset)->other[direction],
			      view->width);
	return !any || visitor(user, &sum);
}

/* Which directions have this page in any set: bits. */
static unsigned page_directions(const struct view *view, unsigned page)
{
	unsigned used = 0;

	for (size_t i = 0; i < view->count; i++)
		for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
			if (table(view->sets[i], view->offset)->pages[direction][page])
				used |= 1u << direction;
	return used;
}

static bool walk_page(const struct view *view, unsigned page, visit *visitor, void *user)
{
	unsigned used = page_directions(view, page), first = page * WC_DENSE_PAGE_ROWS;

	for (unsigned key = first; used && key < first + WC_DENSE_PAGE_ROWS; key++)
		for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
			if ((used & 1u << direction) &&
			    !walk_row(view, direction, key, visitor, user))
				return false;
	return true;
}

/* Visits every row with a count, in the order of a snapshot. */
static bool walk(const struct view *view, visit *visitor, void *user)
{
	for (unsigned page = 0; page < WC_DENSE_PAGES; page++)
		if (!walk_page(view, page, visitor, user))
			return false;
	for (unsigned direction = 0; direction < WC_DIRECTIONS; direction++)
		if (!walk_other(view, direction, visitor, user))
			return false;
	return true;
}

static uint64_t *last_row(struct wc_dense *last, const struct sum *sum)
{
	return sum->other ? last->other[sum->direction]
			  : wc_dense_row(last, sum->direction, sum->key);
}

static bool remember(void *user, const struct sum *sum)
{
	struct wc_dense *last = user;

	memcpy(last_row(last, sum), sum->counters, last->width * sizeof(*sum->counters));
	return true;
}

/* Rows being made: grows as they come. */
struct list {
	void *rows;
	size_t count, room;
	struct wc_dense *last;
	const struct wc_dense *base; /* NULL: totals begin at 0 */
	uint8_t protocol;            /* of port rows */
};

static void *next_row(struct list *list, size_t size)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		void *rows = realloc(list->rows, room * size);

		if (!rows)
			return NULL;
		list->rows = rows;
		list->room = room;
	}
	return (char *)list->rows + size * list->count++;
}

static struct wc_counts plain_counts(const uint64_t *counters)
{
	return (struct wc_counts){counters[WC_COUNTER_PACKETS], counters[WC_COUNTER_BYTES]};
}

static struct wc_port_counts port_counts(const uint64_t *counters, uint8_t protocol)
{
	if (protocol == WC_PROTOCOL_UDP)
		return (struct wc_port_counts){.all = plain_counts(counters),
					       .refused = counters[WC_COUNTER_UDP_REFUSED]};
	return (struct wc_port_counts){.all = plain_counts(counters),
				       .new = counters[WC_COUNTER_TCP_NEW],
				       .accepted = counters[WC_COUNTER_TCP_ACCEPTED],
				       .refused = counters[WC_COUNTER_TCP_REFUSED]};
}

static void difference(uint64_t *delta, const struct sum *sum, const uint64_t *before,
		       unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		delta[i] = sum->counters[i] - before[i];
}

/* Works out the totals of a row. Returns false when the run has counted nothing on it. */
static bool since_base(uint64_t *total, const struct list *list, const struct sum *sum)
{
	static const uint64_t none[WC_DENSE_WIDTH_MAX];
	const uint64_t *base = NULL;
	bool any = false;

	if (list->base)
		base = sum->other ? list->base->other[sum->direction]
				  : wc_dense_look(list->base, sum->direction, sum->key);
	difference(total, sum, base ? base : none, list->last->width);
	for (unsigned i = 0; i < list->last->width; i++)
		any |= total[i] != 0;
	return any;
}

static bool make_port_row(void *user, const struct sum *sum)
{
	struct list *list = user;
	struct wc_port_row *row;
	uint64_t delta[WC_DENSE_WIDTH_MAX], total[WC_DENSE_WIDTH_MAX];

	if (!since_base(total, list, sum))
		return true;
	row = next_row(list, sizeof(*row));
	if (!row)
		return false;
	difference(delta, sum, last_row(list->last, sum), list->last->width);
	*row = (struct wc_port_row){
		.delta = port_counts(delta, list->protocol),
		.total = port_counts(total, list->protocol),
		.port = sum->key,
		.protocol = list->protocol,
		.direction = sum->direction,
		.other = sum->other,
	};
	return true;
}

static bool make_key_row(void *user, const struct sum *sum)
{
	struct list *list = user;
	struct wc_key_row *row;
	uint64_t delta[WC_DENSE_WIDTH_MAX], total[WC_DENSE_WIDTH_MAX];

	if (!since_base(total, list, sum))
		return true;
	row = next_row(list, sizeof(*row));
	if (!row)
		return false;
	difference(delta, sum, last_row(list->last, sum), list->last->width);
	*row = (struct wc_key_row){
		.delta = plain_counts(delta),
		.total = plain_counts(total),
		.key = sum->key,
		.direction = sum->direction,
		.other = sum->other,
	};
	return true;
}

static struct view view_of(struct wc_tables *const *sets, size_t count, size_t offset)
{
	return (struct view){sets, count, offset, table(sets[0], offset)->width};
}

static bool make_ports(struct wc_snapshot *snapshot, struct wc_tables *last,
		       const struct wc_tables *base, struct wc_tables *const *now, size_t count)
{
	struct view tcp = view_of(now, count, offsetof(struct wc_tables, tcp));
	struct view udp = view_of(now, count, offsetof(struct wc_tables, udp));
	struct list list = {
		.last = &last->tcp,
		.base = base ? &base->tcp : NULL,
		.protocol = WC_PROTOCOL_TCP,
	};
	bool made = walk(&tcp, make_port_row, &list);

	list.last = &last->udp;
	list.base = base ? &base->udp : NULL;
	list.protocol = WC_PROTOCOL_UDP;
	made = made && walk(&udp, make_port_row, &list);
	snapshot->ports = list.rows;
	snapshot->port_rows = list.count;
	return made;
}

static bool make_keys(const struct wc_key_row **rows, size_t *row_count, struct wc_dense *last,
		      const struct wc_dense *base, const struct view *view)
{
	struct list list = {.last = last, .base = base};
	bool made = walk(view, make_key_row, &list);

	*rows = list.rows;
	*row_count = list.count;
	return made;
}

/* All of the tables whose rows have a key and nothing but packets and bytes. */
static bool make_all_keys(struct wc_snapshot *snapshot, struct wc_tables *last,
			  const struct wc_tables *base, struct wc_tables *const *now, size_t count)
{
	struct view protocols = view_of(now, count, offsetof(struct wc_tables, protocols));
	struct view fragments = view_of(now, count, offsetof(struct wc_tables, fragments));
	struct view ethertypes = view_of(now, count, offsetof(struct wc_tables, ethertypes));

	return make_keys(&snapshot->protocols, &snapshot->protocol_rows, &last->protocols,
			 base ? &base->protocols : NULL, &protocols) &&
	       make_keys(&snapshot->fragments, &snapshot->fragment_rows, &last->fragments,
			 base ? &base->fragments : NULL, &fragments) &&
	       make_keys(&snapshot->ethertypes, &snapshot->ethertype_rows, &last->ethertypes,
			 base ? &base->ethertypes : NULL, &ethertypes);
}

static void make_totals(struct wc_snapshot *snapshot, const struct wc_sums *now,
			const struct wc_sums *before, const struct wc_tables *base)
{
	struct wc_sums since = wc_sums_since(now, before);
	struct wc_sums total = base ? wc_sums_since(now, &base->sums) : *now;

	wc_sums_total(&snapshot->total, &total);
	wc_sums_total(&snapshot->delta, &since);
}

static void remember_all(struct wc_tables *last, struct wc_tables *const *now, size_t count)
{
	static const size_t tables[] = {
		offsetof(struct wc_tables, tcp),        offsetof(struct wc_tables, udp),
		offsetof(struct wc_tables, protocols),  offsetof(struct wc_tables, fragments),
		offsetof(struct wc_tables, ethertypes),
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct view view = view_of(now, count, tables[i]);

		walk(&view, remember, (char *)last + tables[i]);
	}
}

void wc_collect_base(struct wc_tables *base, struct wc_tables *last)
{
	base->sums = last->sums;
	remember_all(base, &last, 1);
}

int wc_collect(struct wc_snapshot *snapshot, struct wc_tables *last, struct wc_tables *const *now,
	       size_t count, const struct wc_span *span, struct wc_error *error)
{
	const struct wc_tables *base = span->base;
	struct wc_sums sums = {0};

	for (size_t i = 0; i < count; i++)
		wc_settle(now[i]);
	if (!make_ports(snapshot, last, base, now, count) ||
	    !make_all_keys(snapshot, last, base, now, count) ||
	    !wc_collect_conversations(snapshot, now, count) ||
	    !wc_collect_hosts(snapshot, now, count, span))
		return wc_error_set(error, WC_FAILED,
				    "there is not enough memory for a snapshot: the interval goes "
				    "on, and its counts are in the next one");
	for (size_t i = 0; i < count; i++)
		wc_sums_add(&sums, &now[i]->sums);
	make_totals(snapshot, &sums, &last->sums, base);
	last->sums = sums;
	remember_all(last, now, count);
	for (size_t i = 0; i < count; i++) {
		wc_collect_settle_conversations(now[i], (uint32_t)(span->end_ns / 1000000000));
		wc_collect_settle_hosts(snapshot, now[i], span);
		wc_settle_forget(now[i]);
	}
	return WC_OK;
}

void wc_collect_free(struct wc_snapshot *snapshot)
{
	free((void *)snapshot->ports);
	free((void *)snapshot->protocols);
	free((void *)snapshot->fragments);
	free((void *)snapshot->ethertypes);
	free((void *)snapshot->conversations);
	free((void *)snapshot->hosts);
	free((void *)snapshot->scanners);
}
