#include "columns.h"
#include "journal.h"
#include "wirecensus/snapshot.h"

#define COUNTOF(array) (sizeof(array) / sizeof(*(array)))

/* COLUMN(struct, field, "name", KIND, RULE, most) */
#define COLUMN(row, field, text, as, by, limit)                                                    \
	{                                                                                          \
		.name = (text), .offset = offsetof(struct row, field), .kind = WC_COLUMN_##as,     \
		.rule = WC_COLUMN_##by, .most = (limit)                                            \
	}

/* In the order in which a snapshot's rows are sorted. */
static const struct wc_column port_columns[] = {
	COLUMN(wc_port_row, protocol, "protocol", BYTE, KEY, UINT8_MAX),
	COLUMN(wc_port_row, other, "other", FLAG, KEY, 1),
	COLUMN(wc_port_row, port, "port", WORD, KEY, UINT16_MAX),
	COLUMN(wc_port_row, direction, "direction", BYTE, KEY, WC_DIRECTIONS - 1),
	COLUMN(wc_port_row, delta.all.packets, "packets", COUNT, ADD, 0),
	COLUMN(wc_port_row, delta.all.bytes, "bytes", COUNT, ADD, 0),
	COLUMN(wc_port_row, delta.new, "new", COUNT, ADD, 0),
	COLUMN(wc_port_row, delta.accepted, "accepted", COUNT, ADD, 0),
	COLUMN(wc_port_row, delta.refused, "refused", COUNT, ADD, 0),
};

static const struct wc_column key_columns[] = {
	COLUMN(wc_key_row, other, "other", FLAG, KEY, 1),
	COLUMN(wc_key_row, key, "key", WORD, KEY, UINT16_MAX),
	COLUMN(wc_key_row, direction, "direction", BYTE, KEY, WC_DIRECTIONS - 1),
	COLUMN(wc_key_row, delta.packets, "packets", COUNT, ADD, 0),
	COLUMN(wc_key_row, delta.bytes, "bytes", COUNT, ADD, 0),
};

static const struct wc_column conversation_columns[] = {
	COLUMN(wc_conversation_row, client, "client", ADDRESS, KEY, 0),
	COLUMN(wc_conversation_row, server, "server", ADDRESS, KEY, 0),
	COLUMN(wc_conversation_row, protocol, "protocol", BYTE, KEY, UINT8_MAX),
	COLUMN(wc_conversation_row, port, "port", WORD, KEY, UINT16_MAX),
	COLUMN(wc_conversation_row, client_port, "client_port", WORD, KEY, UINT16_MAX),
	COLUMN(wc_conversation_row, other, "other", FLAG, KEY, 1),
	COLUMN(wc_conversation_row, direction, "direction", BYTE, KEEP, WC_DIRECTIONS - 1),
	COLUMN(wc_conversation_row, scope, "scope", BYTE, KEEP, WC_SCOPE_INTERNET),
	COLUMN(wc_conversation_row, forward.packets, "packets", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, forward.bytes, "bytes", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, forward.ip_bytes, "ip_bytes", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, forward.new, "new", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, forward.flags, "flags", BYTE, OR, UINT8_MAX),
	COLUMN(wc_conversation_row, reverse.packets, "reverse_packets", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, reverse.bytes, "reverse_bytes", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, reverse.ip_bytes, "reverse_ip_bytes", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, reverse.new, "reverse_new", COUNT, ADD, 0),
	COLUMN(wc_conversation_row, reverse.flags, "reverse_flags", BYTE, OR, UINT8_MAX),
	COLUMN(wc_conversation_row, first_seen_ns, "first_seen_ns", TIME, FIRST, 0),
	COLUMN(wc_conversation_row, last_seen_ns, "last_seen_ns", TIME, LAST, 0),
};

static const struct wc_column host_columns[] = {
	COLUMN(wc_host_row, address, "address", ADDRESS, KEY, 0),
	COLUMN(wc_host_row, other, "other", FLAG, KEY, 1),
	COLUMN(wc_host_row, sent.packets, "sent_packets", COUNT, ADD, 0),
	COLUMN(wc_host_row, sent.bytes, "sent_bytes", COUNT, ADD, 0),
	COLUMN(wc_host_row, sent.new, "sent_new", COUNT, ADD, 0),
	COLUMN(wc_host_row, received.packets, "received_packets", COUNT, ADD, 0),
	COLUMN(wc_host_row, received.bytes, "received_bytes", COUNT, ADD, 0),
	COLUMN(wc_host_row, received.new, "received_new", COUNT, ADD, 0),
	COLUMN(wc_host_row, rates_known, "rates_known", FLAG, LATEST, 1),
	COLUMN(wc_host_row, packets_per_hour, "packets_per_hour", RATE, LATEST, 0),
	COLUMN(wc_host_row, connections_per_hour, "connections_per_hour", RATE, LATEST, 0),
	COLUMN(wc_host_row, bytes_per_hour, "bytes_per_hour", RATE, LATEST, 0),
	COLUMN(wc_host_row, first_seen_ns, "first_seen_ns", TIME, FIRST, 0),
	COLUMN(wc_host_row, last_seen_ns, "last_seen_ns", TIME, LAST, 0),
};

/* Each tells of the last hour, so that a later one stands for those before. */
static const struct wc_column scanner_columns[] = {
	COLUMN(wc_scanner_row, address, "address", ADDRESS, KEY, 0),
	COLUMN(wc_scanner_row, attempts, "attempts", COUNT, LATEST, 0),
	COLUMN(wc_scanner_row, port_changes, "port_changes", COUNT, LATEST, 0),
	COLUMN(wc_scanner_row, distinct_ports, "distinct_ports", COUNT, LATEST, 0),
	COLUMN(wc_scanner_row, distinct_hosts, "distinct_hosts", COUNT, LATEST, 0),
	COLUMN(wc_scanner_row, refused, "refused", COUNT, LATEST, 0),
	COLUMN(wc_scanner_row, unanswered, "unanswered", COUNT, LATEST, 0),
	COLUMN(wc_scanner_row, first_seen_ns, "first_seen_ns", TIME, FIRST, 0),
	COLUMN(wc_scanner_row, plain, "plain", FLAG, LATEST, 1),
};

#define COUNTS(field, text)                                                                        \
	COLUMN(wc_snapshot, delta.field.packets, text "_packets", COUNT, ADD, 0),                  \
		COLUMN(wc_snapshot, delta.field.bytes, text "_bytes", COUNT, ADD, 0)

const struct wc_column wc_snapshot_columns[] = {
	COLUMN(wc_snapshot, interval, "number", COUNT, LATEST, 0),
	COLUMN(wc_snapshot, start_ns, "start_ns", TIME, FIRST, 0),
	COLUMN(wc_snapshot, end_ns, "end_ns", TIME, LATEST, 0),
	COLUMN(wc_snapshot, pending, "pending", COUNT, LATEST, 0),
	COLUMN(wc_snapshot, offload, "offload", OFFLOAD, OR, WC_OFFLOAD_UNKNOWN),
	COLUMN(wc_snapshot, complete, "complete", FLAG, AND, 1),
	COLUMN(wc_snapshot, five_tuple, "five_tuple", FLAG, LATEST, 1),
	COLUMN(wc_snapshot, length_ns, "length_ns", COUNT, ADD, 0),
	COLUMN(wc_snapshot, clock_step_ns, "clock_step_ns", NUMBER, ADD, 0),
	COLUMN(wc_snapshot, delta.received, "received", COUNT, ADD, 0),
	COLUMN(wc_snapshot, delta.lost_kernel, "lost_kernel", COUNT, ADD, 0),
	COLUMN(wc_snapshot, delta.lost_interface, "lost_interface", COUNT, ADD, 0),
	COLUMN(wc_snapshot, delta.gone_ns, "gone_ns", COUNT, ADD, 0),
	COLUMN(wc_snapshot, delta.restarts, "restarts", COUNT, ADD, 0),
	COLUMN(wc_snapshot, delta.frames, "frames", COUNT, ADD, 0),
	COUNTS(rejected, "rejected"),
	COUNTS(classes[WC_CLASS_TCP], "tcp"),
	COUNTS(classes[WC_CLASS_UDP], "udp"),
	COUNTS(classes[WC_CLASS_PROTOCOL], "protocol"),
	COUNTS(classes[WC_CLASS_FRAGMENT], "fragment"),
	COUNTS(classes[WC_CLASS_ETHERTYPE], "ethertype"),
	COUNTS(classes[WC_CLASS_LLC], "llc"),
	COUNTS(classes[WC_CLASS_MALFORMED], "malformed"),
	COUNTS(classes[WC_CLASS_UNSUPPORTED], "unsupported"),
	COUNTS(directions[WC_DIRECTION_IN], "in"),
	COUNTS(directions[WC_DIRECTION_OUT], "out"),
	COUNTS(directions[WC_DIRECTION_LOCAL], "local"),
	COUNTS(directions[WC_DIRECTION_TRANSIT], "transit"),
	COUNTS(internet_in, "internet_in"),
	COUNTS(internet_out, "internet_out"),
	COLUMN(wc_snapshot, delta.merged, "merged", COUNT, ADD, 0),
};

const size_t wc_snapshot_column_count = COUNTOF(wc_snapshot_columns);
const size_t wc_snapshot_first_count = 7;

/* A table keeps a row as long as it has a total; only what was heard is worth its space. */
static bool port_heard(const void *row)
{
	const struct wc_port_counts *delta = &((const struct wc_port_row *)row)->delta;

	return delta->all.packets || delta->all.bytes || delta->new || delta->accepted ||
	       delta->refused;
}

static bool key_heard(const void *row)
{
	const struct wc_counts *delta = &((const struct wc_key_row *)row)->delta;

	return delta->packets || delta->bytes;
}

static bool conversation_heard(const void *row)
{
	const struct wc_conversation_row *heard = row;

	return heard->forward.packets || heard->reverse.packets;
}

static bool host_heard(const void *row)
{
	const struct wc_host_row *heard = row;

	return heard->sent.packets || heard->received.packets;
}

#define TABLE(text, bit, row, list, list_length, list_columns, in_order, is_heard)                 \
	{                                                                                          \
		.name = (text), .kind = WC_JOURNAL_##bit, .size = sizeof(struct row),              \
		.rows = offsetof(struct wc_snapshot, list),                                        \
		.length = offsetof(struct wc_snapshot, list_length), .columns = (list_columns),    \
		.count = COUNTOF(list_columns), .sorted = (in_order), .heard = (is_heard)          \
	}

const struct wc_row_table wc_row_tables[WC_ROW_TABLES] = {
	TABLE("port", PORTS, wc_port_row, ports, port_rows, port_columns, true, port_heard),
	TABLE("protocol", PROTOCOLS, wc_key_row, protocols, protocol_rows, key_columns, true,
	      key_heard),
	TABLE("fragment", FRAGMENTS, wc_key_row, fragments, fragment_rows, key_columns, true,
	      key_heard),
	TABLE("ethertype", ETHERTYPES, wc_key_row, ethertypes, ethertype_rows, key_columns, true,
	      key_heard),
	TABLE("conversation", CONVERSATIONS, wc_conversation_row, conversations, conversation_rows,
	      conversation_columns, false, conversation_heard),
	TABLE("host", HOSTS, wc_host_row, hosts, host_rows, host_columns, false, host_heard),
	TABLE("scanner", SCANNERS, wc_scanner_row, scanners, scanner_rows, scanner_columns, false,
	      NULL),
};
