#include "since.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"

/* How one kind of row is worked: the counters of its total are all that is added up. */
struct table {
	size_t rows_offset;  /* of the pointer in struct wc_snapshot */
	size_t count_offset; /* of the size_t */
	size_t row_size;
	size_t delta_offset, total_offset, counts_size;
	uint32_t (*order)(const void *row);
};

static uint32_t port_order(const void *user)
{
	const struct wc_port_row *row = user;

	return (uint32_t)(row->protocol == IPPROTO_UDP) << 20 | (uint32_t)row->other << 19 |
	       (uint32_t)row->port << 2 | row->direction;
}

static uint32_t key_order(const void *user)
{
	const struct wc_key_row *row = user;

	return (uint32_t)row->other << 19 | (uint32_t)row->key << 2 | row->direction;
}

#define TABLE(kind, name, count, counts)                                                           \
	{                                                                                          \
		offsetof(struct wc_snapshot, name), offsetof(struct wc_snapshot, count),           \
			sizeof(struct wc_##kind##_row), offsetof(struct wc_##kind##_row, delta),   \
			offsetof(struct wc_##kind##_row, total), sizeof(struct counts),            \
			kind##_order                                                               \
	}

static const struct table tables[WC_SINCE_TABLES] = {
	TABLE(port, ports, port_rows, wc_port_counts),
	TABLE(key, protocols, protocol_rows, wc_counts),
	TABLE(key, fragments, fragment_rows, wc_counts),
	TABLE(key, ethertypes, ethertype_rows, wc_counts),
};

/* All counters are words of 64 bits, in rows and in totals. */
static void add(void *to, const void *more, size_t size)
{
	uint64_t *sum = to;
	const uint64_t *words = more;

	for (size_t i = 0; i < size / sizeof(uint64_t); i++)
		sum[i] += words[i];
}

static void negate(void *counts, size_t size)
{
	uint64_t *words = counts;

	for (size_t i = 0; i < size / sizeof(uint64_t); i++)
		words[i] = 0 - words[i];
}

static void **rows_of(struct wc_snapshot *snapshot, const struct table *table)
{
	return (void **)((char *)snapshot + table->rows_offset);
}

static size_t *count_of(struct wc_snapshot *snapshot, const struct table *table)
{
	return (size_t *)((char *)snapshot + table->count_offset);
}

static void free_sums(struct wc_since_sums *sums)
{
	for (int i = 0; i < WC_SINCE_TABLES; i++)
		free(sums->rows[i]);
	*sums = (struct wc_since_sums){0};
}

void wc_since_free(struct wc_since *since)
{
	free_sums(&since->carry);
	free_sums(&since->last);
	*since = (struct wc_since){0};
}

/* Copies the totals of @snapshot, and its rows with them. */
static bool copy_sums(struct wc_since_sums *sums, struct wc_snapshot *snapshot)
{
	struct wc_since_sums made = {.totals = snapshot->total};

	for (int i = 0; i < WC_SINCE_TABLES; i++) {
		size_t size;

		made.counts[i] = *count_of(snapshot, &tables[i]);
		size = made.counts[i] * tables[i].row_size;
		made.rows[i] = malloc(size + 1);
		if (!made.rows[i]) {
			free_sums(&made);
			return false;
		}
		if (size)
			memcpy(made.rows[i], *rows_of(snapshot, &tables[i]), size);
	}
	free_sums(sums);
	*sums = made;
	return true;
}

/* What was counted before the first snapshot is none of ours; what it had pending is. */
static bool begin(struct wc_since *since, struct wc_snapshot *snapshot)
{
	if (!copy_sums(&since->carry, snapshot))
		return false;
	since->carry.totals.received -= snapshot->pending;
	negate(&since->carry.totals, sizeof(since->carry.totals));
	for (int i = 0; i < WC_SINCE_TABLES; i++)
		for (size_t n = 0; n < since->carry.counts[i]; n++)
			negate((char *)since->carry.rows[i] + n * tables[i].row_size +
				       tables[i].total_offset,
			       tables[i].counts_size);
	return true;
}

/* Goes on from what was given last. The frames that the old instance still had are lost. */
static void go_on(struct wc_since *since)
{
	free_sums(&since->carry);
	since->carry = since->last;
	since->last = (struct wc_since_sums){0};
	since->carry.totals.lost_kernel += since->pending;
}

/* Writes one row of the result: a row of the snapshot, of what is carried, or of both. */
static void write_row(const struct table *table, char *to, const char *now, const char *carried)
{
	if (now)
		memcpy(to, now, table->row_size);
	else if (carried)
		memcpy(to, carried, table->row_size);
	if (!now)
		memset(to + table->delta_offset, 0, table->counts_size);
	else if (carried)
		add(to + table->total_offset, carried + table->total_offset, table->counts_size);
}

/* Adds what is carried of one table to the rows of @snapshot; both are in order. */
static bool merge(const struct table *table, struct wc_snapshot *snapshot, const char *carried,
		  size_t carried_count)
{
	const char *now = *rows_of(snapshot, table);
	size_t now_count = *count_of(snapshot, table), size = table->row_size, count = 0;
	char *rows = malloc((now_count + carried_count) * size + 1);
	size_t i = 0, j = 0;

	if (!rows)
		return false;
	while (i < now_count || j < carried_count) {
		const char *a = i < now_count ? now + i * size : NULL;
		const char *b = j < carried_count ? carried + j * size : NULL;

		if (a && b && table->order(a) != table->order(b)) {
			if (table->order(a) < table->order(b))
				b = NULL;
			else
				a = NULL;
		}
		write_row(table, rows + size * count++, a, b);
		i += a != NULL;
		j += b != NULL;
	}
	free(*rows_of(snapshot, table));
	*rows_of(snapshot, table) = rows;
	*count_of(snapshot, table) = count;
	return true;
}

/* Is it of another run? One whose totals have fallen is, too, whatever it says. */
static bool is_new(const struct wc_since *since, const struct wc_snapshot *snapshot,
		   const char *instance)
{
	return strncmp(since->instance, instance, sizeof(since->instance) - 1) != 0 ||
	       snapshot->interval < since->interval || snapshot->total.frames < since->frames;
}

int wc_since_apply(struct wc_since *since, struct wc_snapshot *snapshot, const char *instance,
		   struct wc_error *error)
{
	uint64_t frames = snapshot->total.frames;

	if (!*instance)
		instance = "?";
	if (!*since->instance) {
		if (!begin(since, snapshot))
			return wc_error_no_memory(error, "for a snapshot");
	} else if (is_new(since, snapshot, instance)) {
		go_on(since);
	} else if (snapshot->interval == since->interval) {
		return 1;
	}
	snprintf(since->instance, sizeof(since->instance), "%s", instance);
	since->interval = snapshot->interval;
	since->pending = snapshot->pending;
	since->frames = frames;
	add(&snapshot->total, &since->carry.totals, sizeof(snapshot->total));
	for (int i = 0; i < WC_SINCE_TABLES; i++)
		if (!merge(&tables[i], snapshot, since->carry.rows[i], since->carry.counts[i]))
			return wc_error_no_memory(error, "for a snapshot");
	return copy_sums(&since->last, snapshot) ? WC_OK
						 : wc_error_no_memory(error, "for a snapshot");
}
