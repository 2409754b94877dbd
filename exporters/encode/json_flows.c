#include "json_flows.h"

#include <stdbool.h>

#include "encode.h"
#include "heard.h"
#include "json_row.h"
#include "peer.h"
#include "rows.h"
#include "wirecensus/snapshot.h"

static void add_address(struct wc_buffer *out, const struct wc_address *address)
{
	wc_buffer_add(out, "\"", 1);
	wc_peer_add(out, address);
	wc_buffer_add(out, "\"", 1);
}

static uint64_t count_conversations(const struct wc_json *json)
{
	const struct wc_snapshot *snapshot = json->snapshot;
	uint64_t rows = 0;

	for (size_t i = 0; i < snapshot->conversation_rows; i++)
		rows += wc_heard_conversation(&snapshot->conversations[i]);
	return rows;
}

static void add_way(struct wc_json *json, const struct wc_way_counts *way)
{
	WC_JSON_NUMBER(json, "new", way->new);
	WC_JSON_NUMBER(json, "packets", way->packets);
	WC_JSON_NUMBER(json, "bytes", way->bytes);
	WC_JSON_NUMBER(json, "ip_bytes", way->ip_bytes);
}

static void add_other_conversation(struct wc_json *json, const struct wc_conversation_row *row)
{
	WC_JSON_OTHER(json);
	WC_JSON_NULL(json, "direction");
	WC_JSON_NULL(json, "scope");
	add_way(json, &row->forward);
	WC_JSON_NULL(json, "flags");
	WC_JSON_NULL(json, "reverse_new");
	WC_JSON_NULL(json, "reverse_packets");
	WC_JSON_NULL(json, "reverse_bytes");
	WC_JSON_NULL(json, "reverse_ip_bytes");
	WC_JSON_NULL(json, "reverse_flags");
}

static void add_one_conversation(struct wc_json *json, const struct wc_conversation_row *row)
{
	const struct wc_way_counts *reverse = &row->reverse;

	WC_JSON_FIELD(json, "client");
	add_address(json->out, &row->client);
	WC_JSON_FIELD(json, "server");
	add_address(json->out, &row->server);
	WC_JSON_NUMBER(json, "protocol", row->protocol);
	WC_JSON_NUMBER(json, "port", row->port);
	if (json->snapshot->five_tuple)
		WC_JSON_NUMBER(json, "client_port", row->client_port);
	wc_json_direction(json, row->direction);
	WC_JSON_WORD(json, "scope", wc_scope_name(row->scope));
	add_way(json, &row->forward);
	WC_JSON_NUMBER(json, "flags", row->forward.flags);
	WC_JSON_NUMBER(json, "reverse_new", reverse->new);
	WC_JSON_NUMBER(json, "reverse_packets", reverse->packets);
	WC_JSON_NUMBER(json, "reverse_bytes", reverse->bytes);
	WC_JSON_NUMBER(json, "reverse_ip_bytes", reverse->ip_bytes);
	WC_JSON_NUMBER(json, "reverse_flags", reverse->flags);
}

static void add_conversations(struct wc_json *json)
{
	for (size_t i = 0; i < json->snapshot->conversation_rows; i++) {
		const struct wc_conversation_row *row = &json->snapshot->conversations[i];

		if (!wc_heard_conversation(row))
			continue;
		wc_json_begin(json, "conversation");
		if (row->other)
			add_other_conversation(json, row);
		else
			add_one_conversation(json, row);
		WC_JSON_TIME(json, "first_seen", row->first_seen_ns);
		WC_JSON_TIME(json, "last_seen", row->last_seen_ns);
		wc_json_end(json);
	}
}

static uint64_t count_hosts(const struct wc_json *json)
{
	const struct wc_snapshot *snapshot = json->snapshot;
	uint64_t rows = 0;

	for (size_t i = 0; i < snapshot->host_rows; i++)
		rows += wc_heard_host(&snapshot->hosts[i]);
	return rows;
}

static void add_rates(struct wc_json *json, const struct wc_host_row *row)
{
	if (row->rates_known) {
		WC_JSON_DECIMAL(json, "packets_per_hour", row->packets_per_hour);
		WC_JSON_DECIMAL(json, "connections_per_hour", row->connections_per_hour);
		WC_JSON_DECIMAL(json, "bytes_per_hour", row->bytes_per_hour);
	} else {
		WC_JSON_NULL(json, "packets_per_hour");
		WC_JSON_NULL(json, "connections_per_hour");
		WC_JSON_NULL(json, "bytes_per_hour");
	}
}

/* The remainder has an empty list, too, as every host row has the same fields. */
static void add_names(struct wc_json *json, const struct wc_host_row *row)
{
	const struct wc_naming *naming = json->context->naming;
	const char *names[WC_NAMING_MAX];
	size_t count = row->other ? 0 : naming->find(naming->arg, &row->address, names);

	WC_JSON_FIELD(json, "names");
	WC_JSON_LITERAL(json, "[");
	for (size_t i = 0; i < count; i++) {
		if (i)
			WC_JSON_LITERAL(json, ",");
		wc_json_string(json->out, names[i]);
	}
	WC_JSON_LITERAL(json, "]");
}

void wc_json_host_add(struct wc_json *json, const struct wc_host_row *row)
{
	wc_json_begin(json, "host");
	if (row->other) {
		WC_JSON_OTHER(json);
	} else {
		WC_JSON_FIELD(json, "address");
		add_address(json->out, &row->address);
	}
	WC_JSON_NUMBER(json, "sent_packets", row->sent.packets);
	WC_JSON_NUMBER(json, "sent_bytes", row->sent.bytes);
	WC_JSON_NUMBER(json, "sent_new", row->sent.new);
	WC_JSON_NUMBER(json, "received_packets", row->received.packets);
	WC_JSON_NUMBER(json, "received_bytes", row->received.bytes);
	WC_JSON_NUMBER(json, "received_new", row->received.new);
	add_rates(json, row);
	WC_JSON_TIME(json, "first_seen", row->first_seen_ns);
	WC_JSON_TIME(json, "last_seen", row->last_seen_ns);
	if (json->context->naming)
		add_names(json, row);
	wc_json_end(json);
}

static void add_hosts(struct wc_json *json)
{
	for (size_t i = 0; i < json->snapshot->host_rows; i++)
		if (wc_heard_host(&json->snapshot->hosts[i]))
			wc_json_host_add(json, &json->snapshot->hosts[i]);
}

static uint64_t count_scanners(const struct wc_json *json)
{
	return json->snapshot->scanner_rows;
}

static void add_scanner(struct wc_json *json, const struct wc_scanner_row *row)
{
	wc_json_begin(json, "scanner");
	WC_JSON_FIELD(json, "address");
	add_address(json->out, &row->address);
	WC_JSON_NUMBER(json, "attempts", row->attempts);
	WC_JSON_NUMBER(json, "port_changes", row->port_changes);
	WC_JSON_NUMBER(json, "distinct_ports", row->distinct_ports);
	WC_JSON_NUMBER(json, "distinct_hosts", row->distinct_hosts);
	WC_JSON_NUMBER(json, "refused", row->refused);
	if (row->plain)
		WC_JSON_NULL(json, "unanswered");
	else
		WC_JSON_NUMBER(json, "unanswered", row->unanswered);
	WC_JSON_TIME(json, "first_seen", row->first_seen_ns);
	wc_json_end(json);
}

static void add_scanners(struct wc_json *json)
{
	for (size_t i = 0; i < json->snapshot->scanner_rows; i++)
		add_scanner(json, &json->snapshot->scanners[i]);
}

const struct wc_json_kind wc_json_conversations = {WC_ROWS_CONVERSATION, count_conversations,
						   add_conversations};
const struct wc_json_kind wc_json_hosts = {WC_ROWS_HOST, count_hosts, add_hosts};
const struct wc_json_kind wc_json_scanners = {WC_ROWS_SCANNER, count_scanners, add_scanners};
