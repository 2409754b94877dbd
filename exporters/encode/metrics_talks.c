#include "metrics_talks.h"

#include <stdlib.h>
#include <string.h>

#include "metrics_rows.h"
#include "top.h"
#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* Everything that tells two conversations apart, as bytes. */
#define KEY_SIZE 40

struct talk {
	unsigned char key[KEY_SIZE];
	struct wc_metrics_conversation counts;
};

struct wc_metrics_talks {
	struct wc_counts other; /* both ways */
	bool five_tuple;
	size_t room, count;
	struct talk talks[]; /* sorted by key */
};

struct wc_metrics_talks *wc_metrics_talks_new(size_t room)
{
	struct wc_metrics_talks *talks = calloc(1, sizeof(*talks) + room * sizeof(struct talk));

	if (talks)
		talks->room = room;
	return talks;
}

void wc_metrics_talks_free(struct wc_metrics_talks *talks)
{
	free(talks);
}

static size_t add_bytes(unsigned char *key, size_t at, const void *bytes, size_t count)
{
	memcpy(key + at, bytes, count);
	return at + count;
}

static void make_key(unsigned char key[static KEY_SIZE], const struct wc_conversation_row *row)
{
	const struct wc_address *sides[] = {&row->client, &row->server};
	size_t at = 0;

	memset(key, 0, KEY_SIZE);
	for (size_t i = 0; i < 2; i++) {
		at = add_bytes(key, at, &sides[i]->high, sizeof(sides[i]->high));
		at = add_bytes(key, at, &sides[i]->low, sizeof(sides[i]->low));
		at = add_bytes(key, at, &sides[i]->version, sizeof(sides[i]->version));
	}
	at = add_bytes(key, at, &row->port, sizeof(row->port));
	at = add_bytes(key, at, &row->client_port, sizeof(row->client_port));
	add_bytes(key, at, &row->protocol, sizeof(row->protocol));
}

static int compare(const void *a, const void *b)
{
	return memcmp(((const struct talk *)a)->key, ((const struct talk *)b)->key, KEY_SIZE);
}

static void add(struct wc_counts *to, const struct wc_way_counts *way)
{
	to->packets += way->packets;
	to->bytes += way->bytes;
}

static uint64_t size_of(const void *row)
{
	const struct wc_conversation_row *conversation = row;

	return conversation->forward.bytes + conversation->reverse.bytes;
}

/* Adds each row to its own conversation, or to other; offers those to @top. */
static void walk(struct wc_metrics_talks *talks, const struct wc_snapshot *snapshot,
		 struct wc_top *top)
{
	for (size_t i = 0; i < snapshot->conversation_rows; i++) {
		const struct wc_conversation_row *row = &snapshot->conversations[i];
		struct talk wanted = {0}, *found = NULL;

		make_key(wanted.key, row);
		if (!row->other)
			found = bsearch(&wanted, talks->talks, talks->count, sizeof(wanted),
					compare);
		add(found ? &found->counts.forward : &talks->other, &row->forward);
		add(found ? &found->counts.reverse : &talks->other, &row->reverse);
		if (!found && !row->other && size_of(row) && top)
			wc_top_offer(top, row);
	}
}

/* Its series begins at 0; what it had until now is in other. */
static void admit(struct wc_metrics_talks *talks, const struct wc_conversation_row *row,
		  int64_t now_ns)
{
	struct talk *talk = &talks->talks[talks->count++];

	make_key(talk->key, row);
	talk->counts = (struct wc_metrics_conversation){
		.client = row->client,
		.server = row->server,
		.port = row->port,
		.client_port = row->client_port,
		.protocol = row->protocol,
		.since_ns = now_ns,
	};
}

void wc_metrics_talks_update(struct wc_metrics_talks *talks, const struct wc_snapshot *snapshot)
{
	struct wc_top top;
	bool room = talks->count < talks->room &&
		    wc_top_begin(&top, talks->room - talks->count, size_of);

	talks->five_tuple = snapshot->five_tuple;
	walk(talks, snapshot, room ? &top : NULL);
	if (!room)
		return;
	for (size_t i = 0; i < top.count; i++)
		admit(talks, top.entries[i].row, snapshot->end_ns);
	wc_top_end(&top);
	qsort(talks->talks, talks->count, sizeof(*talks->talks), compare);
}

int wc_metrics_talks_copy(const struct wc_metrics_talks *talks, struct wc_metrics_rows *rows)
{
	rows->conversations = calloc(talks->count + 1, sizeof(*rows->conversations));
	if (!rows->conversations)
		return WC_FAILED;
	for (size_t i = 0; i < talks->count; i++)
		rows->conversations[i] = talks->talks[i].counts;
	rows->conversation_count = talks->count;
	rows->has_conversations = true;
	rows->five_tuple = talks->five_tuple;
	rows->other_conversations = talks->other;
	return WC_OK;
}
