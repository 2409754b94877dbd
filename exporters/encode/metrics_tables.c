/*
 * metrics_tables.c - ports, protocols, fragments, ethertypes and conversations
 */
#include <netinet/in.h>
#include <stdio.h>

#include "encode.h"
#include "metrics.h"
#include "metrics_parts.h"
#include "metrics_rows.h"
#include "metrics_writer.h"
#include "wirecensus/registry.h"
#include "wirecensus/shown_tables.h"
#include "wirecensus/snapshot.h"

/* What a bounded table's remainder has in place of each key. */
#define OTHER "other"

/* A name that is known, or nothing: a label without a value is as if it were not there. */
static void add_name(struct wc_metrics_writer *writer, const char *name)
{
	if (name)
		wc_metrics_label(writer, "name", name);
}

static void label_port(struct wc_metrics_writer *writer, const struct wc_registry *registry,
		       const struct wc_metrics_row *row, uint8_t protocol)
{
	wc_metrics_label(writer, "transport", protocol == IPPROTO_TCP ? "tcp" : "udp");
	if (row->other) {
		wc_metrics_label(writer, "port", OTHER);
		return;
	}
	wc_metrics_label_number(writer, "port", row->key);
	add_name(writer, wc_registry_port(registry, protocol, row->key));
}

static void label_tcp(struct wc_metrics_writer *writer, const struct wc_registry *registry,
		      const struct wc_metrics_row *row)
{
	label_port(writer, registry, row, IPPROTO_TCP);
}

static void label_udp(struct wc_metrics_writer *writer, const struct wc_registry *registry,
		      const struct wc_metrics_row *row)
{
	label_port(writer, registry, row, IPPROTO_UDP);
}

static void label_protocol(struct wc_metrics_writer *writer, const struct wc_registry *registry,
			   const struct wc_metrics_row *row)
{
	if (row->other) {
		wc_metrics_label(writer, "protocol", OTHER);
		return;
	}
	wc_metrics_label_number(writer, "protocol", row->key);
	add_name(writer, wc_registry_protocol(registry, (uint8_t)row->key));
}

static void label_ethertype(struct wc_metrics_writer *writer, const struct wc_registry *registry,
			    const struct wc_metrics_row *row)
{
	char text[8];

	snprintf(text, sizeof(text), row->other ? OTHER : "0x%04x", row->key);
	wc_metrics_label(writer, "ethertype", text);
	if (!row->other)
		add_name(writer, wc_registry_ethertype(registry, row->key));
}

typedef void labeller(struct wc_metrics_writer *writer, const struct wc_registry *registry,
		      const struct wc_metrics_row *row);

static labeller *const labellers[WC_SHOWN_TABLES] = {
	[WC_SHOWN_TCP] = label_tcp,
	[WC_SHOWN_UDP] = label_udp,
	[WC_SHOWN_PROTOCOL] = label_protocol,
	[WC_SHOWN_FRAGMENT] = label_protocol,
	[WC_SHOWN_ETHERTYPE] = label_ethertype,
};

#define PORTS (1u << WC_SHOWN_TCP | 1u << WC_SHOWN_UDP)

/* One counter of the rows of some tables. */
static const struct column {
	struct wc_metric metric;
	unsigned tables; /* bits */
	enum wc_shown_counter counter;
} columns[] = {
	{{"wirecensus_port_packets", WC_METRIC_COUNTER, NULL,
	  "Packets by destination port; those of ports without series are in port=other."},
	 PORTS,
	 WC_SHOWN_PACKETS},
	{{"wirecensus_port_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of frames by destination port."},
	 PORTS,
	 WC_SHOWN_BYTES},
	{{"wirecensus_port_new", WC_METRIC_COUNTER, NULL,
	  "Attempts to connect to a TCP port: SYN, retransmissions included."},
	 1u << WC_SHOWN_TCP,
	 WC_SHOWN_NEW},
	{{"wirecensus_port_accepted", WC_METRIC_COUNTER, NULL,
	  "Attempts that the TCP port answered with SYN-ACK, with the direction of the attempt."},
	 1u << WC_SHOWN_TCP,
	 WC_SHOWN_ACCEPTED},
	{{"wirecensus_port_refused", WC_METRIC_COUNTER, NULL,
	  "Attempts answered with RST, or for UDP with port unreachable."},
	 PORTS,
	 WC_SHOWN_REFUSED},
	{{"wirecensus_protocol_packets", WC_METRIC_COUNTER, NULL,
	  "Packets by IP protocol, other than TCP and UDP."},
	 1u << WC_SHOWN_PROTOCOL,
	 WC_SHOWN_PACKETS},
	{{"wirecensus_protocol_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of frames by IP protocol, other than TCP and UDP."},
	 1u << WC_SHOWN_PROTOCOL,
	 WC_SHOWN_BYTES},
	{{"wirecensus_fragment_packets", WC_METRIC_COUNTER, NULL,
	  "Fragments of TCP and UDP behind the first, which have no port."},
	 1u << WC_SHOWN_FRAGMENT,
	 WC_SHOWN_PACKETS},
	{{"wirecensus_fragment_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of fragments of TCP and UDP behind the first."},
	 1u << WC_SHOWN_FRAGMENT,
	 WC_SHOWN_BYTES},
	{{"wirecensus_ethertype_packets", WC_METRIC_COUNTER, NULL,
	  "Frames that are not IP, by ethertype."},
	 1u << WC_SHOWN_ETHERTYPE,
	 WC_SHOWN_PACKETS},
	{{"wirecensus_ethertype_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of frames that are not IP, by ethertype."},
	 1u << WC_SHOWN_ETHERTYPE,
	 WC_SHOWN_BYTES},
};

static void add_table(struct wc_metrics_writer *writer, const struct wc_registry *registry,
		      const struct wc_metrics_capture *capture, enum wc_shown_table table,
		      enum wc_shown_counter counter)
{
	const struct wc_metrics_rows *rows = capture->rows;

	for (size_t i = 0; i < rows->counts[table]; i++) {
		const struct wc_metrics_row *row = &rows->rows[table][i];

		wc_metrics_unlabel(writer);
		wc_metrics_label(writer, "capture", capture->name);
		labellers[table](writer, registry, row);
		wc_metrics_label(writer, "direction",
				 wc_direction_name((enum wc_direction)row->direction));
		wc_metrics_add(writer, row->values[counter], row->since_ns);
	}
}

/* ---- conversations ---- */

static void label_peer(struct wc_metrics_writer *writer, const char *name,
		       const struct wc_address *address)
{
	char text[WC_ADDRESS_TEXT];

	wc_metrics_label(writer, name,
			 address->version ? wc_address_format(address, text) : "internet");
}

static void add_talk(struct wc_metrics_writer *writer, const struct wc_metrics_capture *capture,
		     const struct wc_metrics_conversation *talk, bool reverse, bool bytes)
{
	const struct wc_counts *counts = reverse ? &talk->reverse : &talk->forward;

	wc_metrics_unlabel(writer);
	wc_metrics_label(writer, "capture", capture->name);
	label_peer(writer, "client", &talk->client);
	if (capture->rows->five_tuple)
		wc_metrics_label_number(writer, "client_port", talk->client_port);
	label_peer(writer, "server", &talk->server);
	wc_metrics_label(writer, "transport", talk->protocol == IPPROTO_TCP ? "tcp" : "udp");
	wc_metrics_label_number(writer, "port", talk->port);
	wc_metrics_label(writer, "way", reverse ? "reverse" : "forward");
	wc_metrics_add(writer, bytes ? counts->bytes : counts->packets, talk->since_ns);
}

static void add_other_talks(struct wc_metrics_writer *writer,
			    const struct wc_metrics_capture *capture, bool bytes)
{
	static const char *const keys[] = {"client", "server", "transport", "port", "way"};
	const struct wc_metrics_rows *rows = capture->rows;

	wc_metrics_unlabel(writer);
	wc_metrics_label(writer, "capture", capture->name);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		wc_metrics_label(writer, keys[i], OTHER);
	wc_metrics_add(writer,
		       bytes ? rows->other_conversations.bytes : rows->other_conversations.packets,
		       rows->since_ns);
}

static void add_talks(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts,
		      bool bytes)
{
	static const struct wc_metric metrics[] = {
		{"wirecensus_conversation_packets", WC_METRIC_COUNTER, NULL,
		 "Packets between two addresses, from client to server and back."},
		{"wirecensus_conversation_bytes", WC_METRIC_COUNTER, "bytes",
		 "Bytes of frames between two addresses, from client to server and back."},
	};

	wc_metrics_begin(writer, &metrics[bytes]);
	for (size_t i = 0; i < facts->capture_count; i++) {
		const struct wc_metrics_capture *capture = &facts->captures[i];
		const struct wc_metrics_rows *rows = capture->rows;

		if (!rows->has_conversations)
			continue;
		for (size_t j = 0; j < rows->conversation_count; j++) {
			add_talk(writer, capture, &rows->conversations[j], false, bytes);
			add_talk(writer, capture, &rows->conversations[j], true, bytes);
		}
		add_other_talks(writer, capture, bytes);
	}
}

void wc_metrics_tables(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	for (size_t c = 0; c < sizeof(columns) / sizeof(*columns); c++) {
		wc_metrics_begin(writer, &columns[c].metric);
		for (size_t i = 0; i < facts->capture_count; i++)
			for (enum wc_shown_table table = 0; table < WC_SHOWN_TABLES; table++)
				if (columns[c].tables & 1u << table)
					add_table(writer, facts->context->registry,
						  &facts->captures[i], table, columns[c].counter);
	}
	add_talks(writer, facts, false);
	add_talks(writer, facts, true);
}
