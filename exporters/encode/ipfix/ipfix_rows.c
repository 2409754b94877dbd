#include "ipfix_rows.h"

#include <endian.h>
#include <string.h>

#include "heard.h"
#include "ipfix_stream.h"
#include "ipfix_style.h"
#include "messages.h"
#include "wirecensus/snapshot.h"

/* On the way from one snapshot to messages. */
struct adding {
	struct wc_ipfix_stream *stream;
	enum wc_ipfix_kind kind;
	const struct wc_ipfix_style *style;
	const struct wc_snapshot *snapshot;
	uint32_t interface;
	struct wc_messages *messages;
	struct wc_error *error;
};

static uint64_t milliseconds(int64_t ns)
{
	return ns < 0 ? 0 : (uint64_t)ns / 1000000; /* WC_TIME_UNKNOWN is negative, too */
}

/* newConnectionDeltaCount has 32 bits. */
static uint32_t connections(uint64_t count)
{
	return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

static struct wc_ipfix_record begin(const struct adding *adding)
{
	return (struct wc_ipfix_record){
		.start_ms = milliseconds(adding->snapshot->start_ns),
		.end_ms = milliseconds(adding->snapshot->end_ns),
		.version = 4,
	};
}

/* The direction by the number of the template, and in the record where the template has it. */
static unsigned direct(struct wc_ipfix_record *record, unsigned direction)
{
	if (direction != WC_DIRECTION_IN && direction != WC_DIRECTION_OUT)
		return 0;
	record->direction = direction == WC_DIRECTION_IN ? WC_IPFIX_INGRESS : WC_IPFIX_EGRESS;
	return WC_IPFIX_DIRECTED;
}

static int add(const struct adding *adding, unsigned bits, const struct wc_ipfix_record *record)
{
	return wc_ipfix_stream_add(adding->stream, wc_ipfix_template_id(adding->kind, bits), record,
				   adding->messages, adding->error);
}

static void set_counts(struct wc_ipfix_record *record, const struct wc_counts *counts)
{
	record->packets = counts->packets;
	record->octets = record->layer2_octets = counts->bytes;
}

/* An address of version 0, which stands for many, is written as zeros. */
static void set_v6(uint8_t bytes[static 16], const struct wc_address *address)
{
	uint64_t words[2] = {htobe64(address->high), htobe64(address->low)};

	memcpy(bytes, words, sizeof(words));
}

/* The version by the number of the template, and in the record. */
static unsigned set_version(struct wc_ipfix_record *record, const struct wc_address *address)
{
	record->version = address->version == 6 ? 6 : 4;
	return address->version == 6 ? WC_IPFIX_V6 : WC_IPFIX_V4;
}

static unsigned set_source(struct wc_ipfix_record *record, const struct wc_address *address)
{
	set_v6(record->source_v6, address);
	record->source_v4 = (uint32_t)address->low;
	return set_version(record, address);
}

static unsigned set_destination(struct wc_ipfix_record *record, const struct wc_address *address)
{
	set_v6(record->destination_v6, address);
	record->destination_v4 = (uint32_t)address->low;
	return set_version(record, address);
}

static unsigned turned(unsigned direction)
{
	if (direction == WC_DIRECTION_IN)
		return WC_DIRECTION_OUT;
	return direction == WC_DIRECTION_OUT ? WC_DIRECTION_IN : direction;
}

/* What is outgoing leaves by the interface; all else was seen coming in by it. */
static void set_interface(struct wc_ipfix_record *record, unsigned direction, uint32_t interface)
{
	if (direction == WC_DIRECTION_OUT)
		record->egress = interface;
	else
		record->ingress = interface;
}

/* The times of frames, as far as they lie in the interval. */
static void set_times(struct wc_ipfix_record *record, const struct adding *adding,
		      const struct wc_conversation_row *row)
{
	if (row->first_seen_ns != WC_TIME_UNKNOWN &&
	    row->first_seen_ns > adding->snapshot->start_ns)
		record->start_ms = milliseconds(row->first_seen_ns);
	if (row->last_seen_ns != WC_TIME_UNKNOWN && row->last_seen_ns < adding->snapshot->end_ns)
		record->end_ms = milliseconds(row->last_seen_ns);
	if (record->end_ms < record->start_ms)
		record->end_ms = record->start_ms;
}

/* One way of a conversation: from client to server, or back. */
static unsigned set_way(struct wc_ipfix_record *record, const struct adding *adding,
			const struct wc_conversation_row *row, bool reverse)
{
	const struct wc_way_counts *way = reverse ? &row->reverse : &row->forward;
	const struct wc_address *source = reverse ? &row->server : &row->client;
	const struct wc_address *destination = reverse ? &row->client : &row->server;
	unsigned direction = reverse ? turned(row->direction) : row->direction, version;

	*record = begin(adding);
	set_times(record, adding, row);
	version = set_source(record, source) | set_destination(record, destination);
	if (version & WC_IPFIX_V6) { /* one of them may stand for the internet */
		version = WC_IPFIX_V6;
		record->version = 6;
	}
	record->protocol = row->protocol;
	record->source_port = reverse ? row->port : row->client_port;
	record->destination_port = reverse ? row->client_port : row->port;
	record->packets = way->packets;
	record->octets = way->ip_bytes;
	record->layer2_octets = way->bytes;
	record->flags = way->flags;
	if (row->other)
		return version;
	set_interface(record, direction, adding->interface);
	return version | direct(record, direction);
}

static int add_conversation(const struct adding *adding, const struct wc_conversation_row *row)
{
	struct wc_ipfix_record record;
	unsigned bits;
	int status = 0;

	if (adding->style->biflow) {
		bits = set_way(&record, adding, row, false);
		record.reverse_packets = row->reverse.packets;
		record.reverse_octets = row->reverse.ip_bytes;
		record.reverse_layer2_octets = row->reverse.bytes;
		return add(adding, bits | WC_IPFIX_BIFLOW, &record);
	}
	if (row->forward.packets) {
		bits = set_way(&record, adding, row, false);
		status = add(adding, bits, &record);
	}
	if (!status && row->reverse.packets) {
		bits = set_way(&record, adding, row, true);
		status = add(adding, bits, &record);
	}
	return status;
}

static int add_conversations(const struct adding *adding)
{
	int status = 0;

	for (size_t i = 0; i < adding->snapshot->conversation_rows && !status; i++)
		if (wc_heard_conversation(&adding->snapshot->conversations[i]))
			status = add_conversation(adding, &adding->snapshot->conversations[i]);
	return status;
}

/* A row of which only answers were heard has nothing to tell without our own elements. */
static int add_ports(const struct adding *adding)
{
	int status = 0;

	for (size_t i = 0; i < adding->snapshot->port_rows && !status; i++) {
		const struct wc_port_row *row = &adding->snapshot->ports[i];
		struct wc_ipfix_record record = begin(adding);

		if (!wc_heard_port(row) || (!row->delta.all.packets && !adding->style->private))
			continue;
		record.protocol = row->protocol;
		record.destination_port = row->port;
		set_counts(&record, &row->delta.all);
		record.new_connections = connections(row->delta.new);
		record.accepted = row->delta.accepted;
		record.refused = row->delta.refused;
		status = add(adding,
			     direct(&record, row->direction) | wc_ipfix_style_bits(adding->style),
			     &record);
	}
	return status;
}

static int add_keys(const struct adding *adding, const struct wc_key_row *rows, size_t count)
{
	int status = 0;

	for (size_t i = 0; i < count && !status; i++) {
		struct wc_ipfix_record record = begin(adding);

		if (!wc_heard_key(&rows[i]))
			continue;
		record.protocol = (uint8_t)rows[i].key;
		record.ethertype = rows[i].key;
		set_counts(&record, &rows[i].delta);
		status =
			add(adding,
			    direct(&record, rows[i].direction) | wc_ipfix_style_bits(adding->style),
			    &record);
	}
	return status;
}

static void set_host_way(struct wc_ipfix_record *record, const struct wc_host_way *way)
{
	set_counts(record, &(struct wc_counts){way->packets, way->bytes});
	record->new_connections = connections(way->new);
}

/* What a host sent has it as the source, what it received as the destination. */
static int add_host(const struct adding *adding, const struct wc_host_row *row)
{
	unsigned bits = wc_ipfix_style_bits(adding->style);
	struct wc_ipfix_record record;
	int status = 0;

	if (row->sent.packets) {
		record = begin(adding);
		set_host_way(&record, &row->sent);
		status = add(adding, bits | WC_IPFIX_SENT | set_source(&record, &row->address),
			     &record);
	}
	if (!status && row->received.packets) {
		record = begin(adding);
		set_host_way(&record, &row->received);
		status = add(adding,
			     bits | WC_IPFIX_RECEIVED | set_destination(&record, &row->address),
			     &record);
	}
	return status;
}

static int add_hosts(const struct adding *adding)
{
	int status = 0;

	for (size_t i = 0; i < adding->snapshot->host_rows && !status; i++)
		status = add_host(adding, &adding->snapshot->hosts[i]);
	return status;
}

static int add_scanners(const struct adding *adding)
{
	int status = 0;

	for (size_t i = 0; i < adding->snapshot->scanner_rows && !status; i++) {
		const struct wc_scanner_row *row = &adding->snapshot->scanners[i];
		struct wc_ipfix_record record = begin(adding);
		unsigned bits =
			set_source(&record, &row->address) | wc_ipfix_style_bits(adding->style);

		record.new_connections = connections(row->attempts);
		record.distinct_hosts = row->distinct_hosts;
		record.refused = row->refused;
		record.port_changes = row->port_changes;
		record.unanswered = row->unanswered;
		status = add(adding, bits, &record);
	}
	return status;
}

int wc_ipfix_rows_add(struct wc_ipfix_stream *stream, enum wc_ipfix_kind kind,
		      const struct wc_ipfix_style *style, const struct wc_snapshot *snapshot,
		      uint32_t interface, struct wc_messages *messages, struct wc_error *error)
{
	struct adding adding = {stream, kind, style, snapshot, interface, messages, error};

	switch (kind) {
	case WC_IPFIX_CONVERSATIONS:
		return add_conversations(&adding);
	case WC_IPFIX_PORTS:
		return add_ports(&adding);
	case WC_IPFIX_PROTOCOLS:
		return add_keys(&adding, snapshot->protocols, snapshot->protocol_rows);
	case WC_IPFIX_ETHERTYPES:
		return add_keys(&adding, snapshot->ethertypes, snapshot->ethertype_rows);
	case WC_IPFIX_HOSTS:
		return add_hosts(&adding);
	default:
		return add_scanners(&adding);
	}
}
