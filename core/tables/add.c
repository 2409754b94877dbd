#include "add.h"

#include <string.h>

#include "packet.h"
#include "rules.h"
#include "tables.h"

static void add_host_counts(struct wc_host_counts *to, const struct wc_host_counts *more)
{
	wc_counts_add(&to->all, &more->all);
	to->new += more->new;
}

void wc_tables_add_row(struct wc_tables *tables, const struct wc_added_row *row)
{
	struct wc_dense *dense = wc_tables_dense(tables, row->class);
	struct wc_counts counts = {row->counters[WC_COUNTER_PACKETS],
				   row->counters[WC_COUNTER_BYTES]};
	uint64_t *counters;

	wc_counts_add(&tables->sums.classes[row->class][row->direction], &counts);
	if (!dense)
		return;
	counters = row->other ? dense->other[row->direction]
			      : wc_dense_row(dense, row->direction, row->key);
	for (unsigned i = 0; i < dense->width; i++)
		counters[i] += row->counters[i];
}

void wc_tables_add_no_conversation(struct wc_tables *tables, const struct wc_way *way, uint64_t new)
{
	wc_way_add(&tables->conversations.other, way);
	tables->conversations.other_new += new;
}

/* Both ways at once, as `other` has it. */
static void add_to_other(struct wc_tables *tables, const struct wc_added_conversation *conversation)
{
	wc_tables_add_no_conversation(tables, &conversation->forward, conversation->new);
	wc_tables_add_no_conversation(tables, &conversation->reverse, 0);
}

void wc_tables_add_conversation(struct wc_tables *tables,
				const struct wc_added_conversation *conversation)
{
	const struct wc_conversation_key *key = &conversation->key;
	const struct wc_rules *rules = tables->rules;
	uint8_t version = wc_conversation_version(conversation->kind);
	const struct wc_address client = {key->client_high, key->client_low, version};
	const struct wc_address server = {key->server_high, key->server_low, version};
	uint32_t tag = wc_conversations_tag(rules, key, conversation->kind,
					    wc_hash_address(&rules->seed, &client),
					    wc_hash_address(&rules->seed, &server));
	struct wc_conversation *row;

	wc_keyed_make_room(&tables->conversations.table, 1);
	row = wc_keyed_get(&tables->conversations.table, tag, conversation->kind, key,
			   WC_CONVERSATION_KEY_SIZE, sizeof(*row));
	if (!row) {
		add_to_other(tables, conversation);
		return;
	}
	if (wc_conversation_is_fresh(row)) {
		row->direction = conversation->direction;
		row->scope = conversation->scope;
		row->first_ns = conversation->first_ns;
	}
	row->last_ns = conversation->last_ns;
	wc_way_add(&row->forward, &conversation->forward);
	wc_way_add(&row->reverse, &conversation->reverse);
	row->new += conversation->new;
	row->flags |= conversation->flags;
	row->reverse_flags |= conversation->reverse_flags;
}

void wc_tables_add_no_host(struct wc_tables *tables, const struct wc_host_counts *sent,
			   const struct wc_host_counts *received)
{
	add_host_counts(&tables->hosts.other_sent, sent);
	add_host_counts(&tables->hosts.other_received, received);
}

/*
 * What judging a scanner goes by. Which ports came last is known where they were
 * counted. Of a host that neither tried nor was tried no memory is touched.
 */
static void add_tries(struct wc_hosts *hosts, size_t number, const struct wc_added_host *host)
{
	static const struct wc_scan_counts none;
	const struct wc_scan more = {
		.counts = host->tried,
		.hosts = host->hosts,
		.ports = host->ports,
	};

	if (memcmp(&host->tried, &none, sizeof(none)) != 0)
		wc_scan_merge(wc_hosts_scan(hosts, number), &more);
}

void wc_tables_add_host(struct wc_tables *tables, const struct wc_added_host *host)
{
	struct wc_hosts *hosts = &tables->hosts;
	struct wc_host_key key = {host->address.high, host->address.low};
	uint32_t tag = wc_keyed_tag(wc_hash_address(&tables->rules->seed, &host->address));
	struct wc_host_entry *row;
	struct wc_host_notes *notes;
	size_t number;

	wc_keyed_make_room(&hosts->table, 1);
	row = wc_keyed_get(&hosts->table, tag, host->address.version, &key, sizeof(key),
			   sizeof(*row));
	if (!row) {
		wc_tables_add_no_host(tables, &host->sent, &host->received);
		return;
	}
	number = wc_hosts_number(hosts, row);
	notes = wc_hosts_notes(hosts, number);
	if (wc_host_is_fresh(row))
		notes->first_ns = host->first_ns;
	row->last_ns = host->last_ns;
	wc_counts_add(&row->sent, &host->sent.all);
	wc_counts_add(&row->received, &host->received.all);
	notes->sent_new += host->sent.new;
	notes->received_new += host->received.new;
	add_tries(hosts, number, host);
}
