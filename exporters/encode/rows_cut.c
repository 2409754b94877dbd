#include "rows_cut.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "top.h"
#include "wirecensus/snapshot.h"

/* Rows `other` of one list, at most: of each transport and direction. */
#define OTHERS (2 * WC_DIRECTIONS)

struct wc_rows_list {
	size_t size; /* of a row */
	wc_top_size *weight;
	bool (*is_other)(const void *row);
	size_t (*slot)(const void *row);             /* which of the rows `other` takes it */
	void (*begin)(void *other, const void *row); /* makes that one */
	void (*fold)(void *other, const void *row);  /* adds to it */
};

static void add_counts(struct wc_counts *to, const struct wc_counts *counts)
{
	to->packets += counts->packets;
	to->bytes += counts->bytes;
}

static uint64_t port_weight(const void *row)
{
	return ((const struct wc_port_row *)row)->delta.all.packets;
}

static bool port_is_other(const void *row)
{
	return ((const struct wc_port_row *)row)->other;
}

static size_t port_slot(const void *row)
{
	const struct wc_port_row *port = row;

	return port->direction + (port->protocol == IPPROTO_TCP ? 0U : WC_DIRECTIONS);
}

static void port_begin(void *other, const void *row)
{
	const struct wc_port_row *port = row;

	*(struct wc_port_row *)other = (struct wc_port_row){
		.protocol = port->protocol, .direction = port->direction, .other = true};
}

static void add_port_counts(struct wc_port_counts *to, const struct wc_port_counts *counts)
{
	add_counts(&to->all, &counts->all);
	to->new += counts->new;
	to->accepted += counts->accepted;
	to->refused += counts->refused;
}

static void port_fold(void *other, const void *row)
{
	struct wc_port_row *to = other;
	const struct wc_port_row *port = row;

	add_port_counts(&to->delta, &port->delta);
	add_port_counts(&to->total, &port->total);
}

const struct wc_rows_list wc_rows_ports = {
	sizeof(struct wc_port_row), port_weight, port_is_other, port_slot, port_begin, port_fold,
};

static uint64_t key_weight(const void *row)
{
	return ((const struct wc_key_row *)row)->delta.packets;
}

static bool key_is_other(const void *row)
{
	return ((const struct wc_key_row *)row)->other;
}

static size_t key_slot(const void *row)
{
	return ((const struct wc_key_row *)row)->direction;
}

static void key_begin(void *other, const void *row)
{
	*(struct wc_key_row *)other = (struct wc_key_row){
		.direction = ((const struct wc_key_row *)row)->direction, .other = true};
}

static void key_fold(void *other, const void *row)
{
	struct wc_key_row *to = other;
	const struct wc_key_row *key = row;

	add_counts(&to->delta, &key->delta);
	add_counts(&to->total, &key->total);
}

const struct wc_rows_list wc_rows_keys = {
	sizeof(struct wc_key_row), key_weight, key_is_other, key_slot, key_begin, key_fold,
};

static size_t only_slot(const void *row)
{
	(void)row;
	return 0;
}

static uint64_t conversation_weight(const void *row)
{
	const struct wc_conversation_row *conversation = row;

	return conversation->forward.bytes + conversation->reverse.bytes;
}

static bool conversation_is_other(const void *row)
{
	return ((const struct wc_conversation_row *)row)->other;
}

static void conversation_begin(void *other, const void *row)
{
	(void)row;
	*(struct wc_conversation_row *)other = (struct wc_conversation_row){
		.other = true, .first_seen_ns = WC_TIME_UNKNOWN, .last_seen_ns = WC_TIME_UNKNOWN};
}

static void add_way(struct wc_way_counts *to, const struct wc_way_counts *way)
{
	to->packets += way->packets;
	to->bytes += way->bytes;
	to->ip_bytes += way->ip_bytes;
	to->new += way->new;
}

/* Which way a frame of the remainder went is not told: all are in forward. */
static void conversation_fold(void *other, const void *row)
{
	struct wc_conversation_row *to = other;
	const struct wc_conversation_row *conversation = row;

	add_way(&to->forward, &conversation->forward);
	add_way(&to->forward, &conversation->reverse);
}

const struct wc_rows_list wc_rows_conversations = {
	sizeof(struct wc_conversation_row),
	conversation_weight,
	conversation_is_other,
	only_slot,
	conversation_begin,
	conversation_fold,
};

static uint64_t host_weight(const void *row)
{
	const struct wc_host_row *host = row;

	return host->sent.bytes + host->received.bytes;
}

static bool host_is_other(const void *row)
{
	return ((const struct wc_host_row *)row)->other;
}

static void host_begin(void *other, const void *row)
{
	(void)row;
	*(struct wc_host_row *)other = (struct wc_host_row){
		.other = true, .first_seen_ns = WC_TIME_UNKNOWN, .last_seen_ns = WC_TIME_UNKNOWN};
}

static void add_host_way(struct wc_host_way *to, const struct wc_host_way *way)
{
	to->packets += way->packets;
	to->bytes += way->bytes;
	to->new += way->new;
}

static void host_fold(void *other, const void *row)
{
	struct wc_host_row *to = other;
	const struct wc_host_row *host = row;

	add_host_way(&to->sent, &host->sent);
	add_host_way(&to->received, &host->received);
}

const struct wc_rows_list wc_rows_hosts = {
	sizeof(struct wc_host_row), host_weight, host_is_other, only_slot, host_begin, host_fold,
};

/* A list while it is cut. */
struct cut {
	const struct wc_rows_list *list;
	const char *rows;
	size_t count;
	struct wc_top top;
	bool *kept;  /* of each row: it is among the largest */
	char *out;   /* the largest, then the rows `other` */
	size_t used; /* rows in out */
};

static const void *row_at(const struct cut *cut, size_t number)
{
	return cut->rows + number * cut->list->size;
}

static size_t count_own(const struct cut *cut)
{
	size_t own = 0;

	for (size_t i = 0; i < cut->count; i++)
		own += !cut->list->is_other(row_at(cut, i));
	return own;
}

static void keep_largest(struct cut *cut)
{
	size_t size = cut->list->size;

	for (size_t i = 0; i < cut->count; i++)
		if (!cut->list->is_other(row_at(cut, i)))
			wc_top_offer(&cut->top, row_at(cut, i));
	wc_top_sort(&cut->top);
	for (size_t i = 0; i < cut->top.count; i++) {
		const char *row = cut->top.entries[i].row;

		memcpy(cut->out + cut->used++ * size, row, size);
		cut->kept[(size_t)(row - cut->rows) / size] = true;
	}
}

/* Adds what was not kept to the rows `other`, which come in the order of their slots. */
static void fold_rest(struct cut *cut)
{
	const struct wc_rows_list *list = cut->list;
	const void *first[OTHERS] = {0};
	void *others[OTHERS];

	for (size_t i = cut->count; i-- > 0;)
		if (!cut->kept[i])
			first[list->slot(row_at(cut, i))] = row_at(cut, i);
	for (size_t slot = 0; slot < OTHERS; slot++)
		if (first[slot]) {
			others[slot] = cut->out + cut->used++ * list->size;
			list->begin(others[slot], first[slot]);
		}
	for (size_t i = 0; i < cut->count; i++)
		if (!cut->kept[i])
			list->fold(others[list->slot(row_at(cut, i))], row_at(cut, i));
}

bool wc_rows_cut(const struct wc_rows_list *list, const void *rows, size_t *count, uint64_t top,
		 void **out)
{
	struct cut cut = {.list = list, .rows = rows, .count = *count};
	bool fits;

	*out = NULL;
	if (count_own(&cut) <= top)
		return true;
	cut.kept = calloc(cut.count, sizeof(*cut.kept));
	cut.out = calloc((size_t)top + OTHERS, list->size);
	fits = cut.kept && cut.out && wc_top_begin(&cut.top, (size_t)top, list->weight);
	if (fits) {
		keep_largest(&cut);
		fold_rest(&cut);
		wc_top_end(&cut.top);
		*out = cut.out;
		*count = cut.used;
	} else {
		free(cut.out);
	}
	free(cut.kept);
	return fits;
}
