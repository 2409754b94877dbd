/*
 * metrics_totals.c - what there is one of in each capture: classes, directions, losses, tables
 */
#include <stddef.h>

#include "metrics.h"
#include "metrics_parts.h"
#include "metrics_writer.h"
#include "wirecensus/snapshot.h"

static const struct wc_snapshot nothing;

/* The last interval, or one in which nothing was. */
static const struct wc_snapshot *last_of(const struct wc_metrics_capture *capture)
{
	return capture->last ? capture->last : &nothing;
}

static void begin_capture(struct wc_metrics_writer *writer,
			  const struct wc_metrics_capture *capture)
{
	wc_metrics_unlabel(writer);
	wc_metrics_label(writer, "capture", capture->name);
}

/* ---- one number of each capture ---- */

#define TOTAL(field) offsetof(struct wc_snapshot, total.field)

static const struct {
	struct wc_metric metric;
	size_t offset; /* of a uint64_t in struct wc_snapshot */
} numbers[] = {
	{{"wirecensus_intervals", WC_METRIC_COUNTER, NULL, "Intervals that have ended."},
	 offsetof(struct wc_snapshot, interval)},
	{{"wirecensus_received_frames", WC_METRIC_COUNTER, NULL,
	  "Frames that the kernel received for the capture, those that it lost included."},
	 TOTAL(received)},
	{{"wirecensus_frames", WC_METRIC_COUNTER, NULL,
	  "Frames that were handed over and looked at."},
	 TOTAL(frames)},
	{{"wirecensus_pending_frames", WC_METRIC_GAUGE, NULL,
	  "Frames received and not yet counted at the end of the interval."},
	 offsetof(struct wc_snapshot, pending)},
	{{"wirecensus_rejected_packets", WC_METRIC_COUNTER, NULL,
	  "Packets that match or no_match left out."},
	 TOTAL(rejected.packets)},
	{{"wirecensus_rejected_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of packets that match or no_match left out."},
	 TOTAL(rejected.bytes)},
	{{"wirecensus_merged_frames", WC_METRIC_COUNTER, NULL,
	  "Frames that offload made of several packets, of which it is not known how many."},
	 TOTAL(merged)},
	{{"wirecensus_restarts", WC_METRIC_COUNTER, NULL,
	  "How often the source of frames was opened again."},
	 TOTAL(restarts)},
};

static void add_numbers(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	for (size_t n = 0; n < sizeof(numbers) / sizeof(*numbers); n++) {
		wc_metrics_begin(writer, &numbers[n].metric);
		for (size_t i = 0; i < facts->capture_count; i++) {
			const char *last = (const char *)last_of(&facts->captures[i]);

			begin_capture(writer, &facts->captures[i]);
			wc_metrics_add(writer,
				       *(const uint64_t *)(const void *)(last + numbers[n].offset),
				       facts->started_ns);
		}
	}
}

/* ---- packets and bytes by a label ---- */

static const char *class_name(size_t number)
{
	return wc_class_name((unsigned)number);
}

static const char *direction_name(size_t number)
{
	return wc_direction_name((enum wc_direction)number);
}

/* The counts of internet_in and internet_out stand one behind the other. */
_Static_assert(offsetof(struct wc_totals, internet_out) ==
		       offsetof(struct wc_totals, internet_in) + sizeof(struct wc_counts),
	       "internet_in and internet_out are taken as an array");

static const struct split {
	struct wc_metric packets, bytes;
	const char *label;
	const char *(*name)(size_t number);
	size_t count;
	size_t offset; /* of an array of struct wc_counts in struct wc_snapshot */
} splits[] = {
	{{"wirecensus_packets", WC_METRIC_COUNTER, NULL,
	  "Packets by class: each is in exactly one."},
	 {"wirecensus_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of frames on the wire by class, link headers included."},
	 "class",
	 class_name,
	 WC_CLASSES,
	 TOTAL(classes)},
	{{"wirecensus_direction_packets", WC_METRIC_COUNTER, NULL,
	  "Packets by direction, seen from the addresses of this host."},
	 {"wirecensus_direction_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of frames by direction, seen from the addresses of this host."},
	 "direction",
	 direction_name,
	 WC_DIRECTIONS,
	 TOTAL(directions)},
	{{"wirecensus_internet_packets", WC_METRIC_COUNTER, NULL,
	  "Packets that crossed the border of the local networks."},
	 {"wirecensus_internet_bytes", WC_METRIC_COUNTER, "bytes",
	  "Bytes of frames that crossed the border of the local networks."},
	 "direction",
	 direction_name,
	 2,
	 TOTAL(internet_in)},
};

static void add_half(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts,
		     const struct split *split, bool bytes)
{
	wc_metrics_begin(writer, bytes ? &split->bytes : &split->packets);
	for (size_t i = 0; i < facts->capture_count; i++) {
		const struct wc_counts *counts =
			(const void *)((const char *)last_of(&facts->captures[i]) + split->offset);

		for (size_t n = 0; n < split->count; n++) {
			begin_capture(writer, &facts->captures[i]);
			wc_metrics_label(writer, split->label, split->name(n));
			wc_metrics_add(writer, bytes ? counts[n].bytes : counts[n].packets,
				       facts->started_ns);
		}
	}
}

/* ---- losses ---- */

static void add_losses(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric lost = {
		"wirecensus_lost_frames", WC_METRIC_COUNTER, NULL,
		"Frames that were not counted, by reason: the kernel had no buffer, or the "
		"interface missed them."};
	static const struct wc_metric gone = {"wirecensus_interface_gone_seconds",
					      WC_METRIC_COUNTER, "seconds",
					      "How long the interface was not there."};

	wc_metrics_begin(writer, &lost);
	for (size_t i = 0; i < facts->capture_count; i++) {
		const struct wc_totals *total = &last_of(&facts->captures[i])->total;

		begin_capture(writer, &facts->captures[i]);
		wc_metrics_label(writer, "reason", "kernel");
		wc_metrics_add(writer, total->lost_kernel, facts->started_ns);
		begin_capture(writer, &facts->captures[i]);
		wc_metrics_label(writer, "reason", "interface");
		wc_metrics_add(writer, total->lost_interface, facts->started_ns);
	}
	wc_metrics_begin(writer, &gone);
	for (size_t i = 0; i < facts->capture_count; i++) {
		begin_capture(writer, &facts->captures[i]);
		wc_metrics_add_seconds(writer, (int64_t)last_of(&facts->captures[i])->total.gone_ns,
				       facts->started_ns);
	}
}

/* ---- how it stands ---- */

static void add_captures(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric info = {"wirecensus_capture", WC_METRIC_INFO, NULL,
					      "The captures, their interfaces and engines."};
	static const struct wc_metric present = {
		"wirecensus_interface_present", WC_METRIC_GAUGE, NULL,
		"1 while the interface is there and counted, 0 while it is waited for."};

	wc_metrics_begin(writer, &info);
	for (size_t i = 0; i < facts->capture_count; i++) {
		begin_capture(writer, &facts->captures[i]);
		wc_metrics_label(writer, "interface", facts->captures[i].interface);
		wc_metrics_label(writer, "engine", facts->captures[i].engine);
		wc_metrics_add(writer, 1, 0);
	}
	wc_metrics_begin(writer, &present);
	for (size_t i = 0; i < facts->capture_count; i++) {
		begin_capture(writer, &facts->captures[i]);
		wc_metrics_add(writer, facts->captures[i].present, 0);
	}
}

/* The last interval: when it ended, and what the clock did meanwhile. */
static void add_clock(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric end = {"wirecensus_interval_end_timestamp_seconds",
					     WC_METRIC_GAUGE, "seconds",
					     "When the last interval ended, since 1970."};
	static const struct wc_metric step = {
		"wirecensus_clock_step_seconds", WC_METRIC_GAUGE, "seconds",
		"What the wall clock was moved by during the last interval."};

	wc_metrics_begin(writer, &end);
	for (size_t i = 0; i < facts->capture_count; i++) {
		begin_capture(writer, &facts->captures[i]);
		if (facts->captures[i].last)
			wc_metrics_add_seconds(writer, facts->captures[i].last->end_ns, 0);
	}
	wc_metrics_begin(writer, &step);
	for (size_t i = 0; i < facts->capture_count; i++) {
		begin_capture(writer, &facts->captures[i]);
		wc_metrics_add_seconds(writer, last_of(&facts->captures[i])->clock_step_ns, 0);
	}
}

static void add_size(struct wc_metrics_writer *writer, const struct wc_metrics_capture *capture,
		     const char *table, uint64_t rows)
{
	begin_capture(writer, capture);
	wc_metrics_label(writer, "table", table);
	wc_metrics_add(writer, rows, 0);
}

static void add_sizes(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	static const struct wc_metric rows = {"wirecensus_table_rows", WC_METRIC_GAUGE, NULL,
					      "Rows of each table at the end of the interval."};
	static const struct wc_metric most = {"wirecensus_table_rows_max", WC_METRIC_GAUGE, NULL,
					      "Rows that each table has room for."};

	wc_metrics_begin(writer, &rows);
	for (size_t i = 0; i < facts->capture_count; i++) {
		const struct wc_metrics_capture *capture = &facts->captures[i];
		const struct wc_snapshot *last = last_of(capture);

		add_size(writer, capture, "ports", last->port_rows);
		add_size(writer, capture, "protocols", last->protocol_rows);
		add_size(writer, capture, "fragments", last->fragment_rows);
		add_size(writer, capture, "ethertypes", last->ethertype_rows);
		add_size(writer, capture, "conversations", last->conversation_rows);
		add_size(writer, capture, "hosts", last->host_rows);
		add_size(writer, capture, "scanners", last->scanner_rows);
	}
	wc_metrics_begin(writer, &most);
	for (size_t i = 0; i < facts->capture_count; i++) {
		add_size(writer, &facts->captures[i], "conversations",
			 facts->captures[i].conversations);
		add_size(writer, &facts->captures[i], "hosts", facts->captures[i].hosts);
	}
}

void wc_metrics_totals(struct wc_metrics_writer *writer, const struct wc_metrics_facts *facts)
{
	add_captures(writer, facts);
	add_clock(writer, facts);
	add_numbers(writer, facts);
	for (size_t i = 0; i < sizeof(splits) / sizeof(*splits); i++) {
		add_half(writer, facts, &splits[i], false);
		add_half(writer, facts, &splits[i], true);
	}
	add_losses(writer, facts);
	add_sizes(writer, facts);
}
