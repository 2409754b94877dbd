#include "json.h"

#include <netinet/in.h>
#include <stdbool.h>

#include "buffer.h"
#include "escape.h"
#include "timestamp.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

struct writer {
	struct wc_buffer *out;
	const struct wc_context *context;
	const struct wc_snapshot *snapshot;
	struct wc_buffer common; /* what all rows share, from "time" to "end" */
	uint64_t row, rows;
};

#define LITERAL(writer, text) wc_buffer_add((writer)->out, text, sizeof(text) - 1)

/* Adds one more field: its name is known when this is compiled. */
#define FIELD(writer, name)          LITERAL(writer, ",\"" name "\":")
#define NUMBER(writer, name, number) (FIELD(writer, name), wc_buffer_number((writer)->out, number))
#define SECONDS(writer, name, ns)    (FIELD(writer, name), wc_buffer_seconds((writer)->out, ns))
#define STRING(writer, name, text)   (FIELD(writer, name), add_string((writer)->out, text))

static void add_string(struct wc_buffer *out, const char *text)
{
	if (text)
		wc_escape_json(out, text);
	else
		wc_buffer_text(out, "null");
}

static void add_time(struct wc_buffer *out, const char *name, int64_t ns)
{
	wc_buffer_format(out, ",\"%s\":", name);
	if (ns == WC_TIME_UNKNOWN) {
		wc_buffer_text(out, "null");
		return;
	}
	wc_buffer_text(out, "\"");
	wc_timestamp_utc(out, ns);
	wc_buffer_text(out, "\"");
}

static void prepare_common(struct writer *writer)
{
	const struct wc_snapshot *snapshot = writer->snapshot;
	struct wc_buffer *common = &writer->common;

	add_time(common, "time", snapshot->end_ns);
	wc_buffer_text(common, ",\"host\":");
	add_string(common, writer->context->host);
	wc_buffer_text(common, ",\"instance\":");
	add_string(common, writer->context->instance);
	wc_buffer_text(common, ",\"capture\":");
	add_string(common, snapshot->capture);
	wc_buffer_text(common, ",\"observer\":");
	add_string(common, snapshot->observer);
	wc_buffer_text(common, ",\"interval\":");
	wc_buffer_number(common, snapshot->interval);
	add_time(common, "start", snapshot->start_ns);
	add_time(common, "end", snapshot->end_ns);
}

static void begin(struct writer *writer, const char *type)
{
	LITERAL(writer, "{\"schema\":1,\"type\":\"");
	wc_buffer_text(writer->out, type);
	LITERAL(writer, "\"");
	wc_buffer_add(writer->out, writer->common.data, writer->common.length);
	NUMBER(writer, "row", ++writer->row);
	NUMBER(writer, "rows", writer->rows);
}

static void end(struct writer *writer)
{
	LITERAL(writer, "}\n");
}

static void add_counts(struct writer *writer, const struct wc_counts *counts)
{
	NUMBER(writer, "packets", counts->packets);
	NUMBER(writer, "bytes", counts->bytes);
}

static void add_direction(struct writer *writer, uint8_t direction)
{
	FIELD(writer, "direction");
	LITERAL(writer, "\"");
	wc_buffer_text(writer->out, wc_direction_name(direction));
	LITERAL(writer, "\"");
}

static bool port_counted(const struct wc_port_row *row)
{
	return row->delta.all.packets || row->delta.all.bytes || row->delta.new ||
	       row->delta.accepted || row->delta.refused;
}

static bool key_counted(const struct wc_key_row *row)
{
	return row->delta.packets || row->delta.bytes;
}

static void add_port(struct writer *writer, const struct wc_port_row *row)
{
	bool tcp = row->protocol == IPPROTO_TCP;

	begin(writer, "port");
	if (tcp)
		LITERAL(writer, ",\"transport\":\"tcp\"");
	else
		LITERAL(writer, ",\"transport\":\"udp\"");
	if (row->other) {
		LITERAL(writer, ",\"other\":true");
	} else {
		NUMBER(writer, "port", row->port);
		STRING(writer, "name",
		       wc_registry_port(writer->context->registry, row->protocol, row->port));
	}
	add_direction(writer, row->direction);
	add_counts(writer, &row->delta.all);
	if (tcp) {
		NUMBER(writer, "new", row->delta.new);
		NUMBER(writer, "accepted", row->delta.accepted);
	}
	NUMBER(writer, "refused", row->delta.refused);
	end(writer);
}

static void add_protocol_key(struct writer *writer, const struct wc_key_row *row)
{
	NUMBER(writer, "protocol", row->key);
	STRING(writer, "name", wc_registry_protocol(writer->context->registry, (uint8_t)row->key));
}

static void add_fragment_key(struct writer *writer, const struct wc_key_row *row)
{
	NUMBER(writer, "protocol", row->key);
}

static void add_ethertype_key(struct writer *writer, const struct wc_key_row *row)
{
	NUMBER(writer, "ethertype", row->key);
	STRING(writer, "name", wc_registry_ethertype(writer->context->registry, row->key));
}

/* The tables of one shape: protocols, fragments, ethertypes. */
struct kind {
	const char *type;
	const struct wc_key_row *rows;
	size_t count;
	void (*add_key)(struct writer *writer, const struct wc_key_row *row);
};

#define KINDS 3

static void list_kinds(const struct wc_snapshot *snapshot, struct kind kinds[static KINDS])
{
	kinds[0] = (struct kind){"protocol", snapshot->protocols, snapshot->protocol_rows,
				 add_protocol_key};
	kinds[1] = (struct kind){"fragment", snapshot->fragments, snapshot->fragment_rows,
				 add_fragment_key};
	kinds[2] = (struct kind){"ethertype", snapshot->ethertypes, snapshot->ethertype_rows,
				 add_ethertype_key};
}

static void add_kind(struct writer *writer, const struct kind *kind)
{
	for (size_t i = 0; i < kind->count; i++) {
		const struct wc_key_row *row = &kind->rows[i];

		if (!key_counted(row))
			continue;
		begin(writer, kind->type);
		if (row->other)
			LITERAL(writer, ",\"other\":true");
		else
			kind->add_key(writer, row);
		add_direction(writer, row->direction);
		add_counts(writer, &row->delta);
		end(writer);
	}
}

/* The classes that have one row and no key. */
static const struct {
	const char *type;
	enum wc_class class;
} singles[] = {
	{"llc", WC_CLASS_LLC},
	{"malformed", WC_CLASS_MALFORMED},
	{"unsupported", WC_CLASS_UNSUPPORTED},
};

#define SINGLES (sizeof(singles) / sizeof(*singles))

static void add_singles(struct writer *writer)
{
	for (size_t i = 0; i < SINGLES; i++) {
		const struct wc_counts *counts = &writer->snapshot->delta.classes[singles[i].class];

		if (!counts->packets && !counts->bytes)
			continue;
		begin(writer, singles[i].type);
		add_counts(writer, counts);
		end(writer);
	}
}

static void add_offload(struct writer *writer, enum wc_offload offload)
{
	static const char *const words[] = {[WC_OFFLOAD_NO] = "false",
					    [WC_OFFLOAD_YES] = "true",
					    [WC_OFFLOAD_UNKNOWN] = "null"};

	FIELD(writer, "offload");
	wc_buffer_text(writer->out, words[offload]);
}

static void add_total(struct writer *writer)
{
	const struct wc_snapshot *snapshot = writer->snapshot;
	const struct wc_totals *delta = &snapshot->delta;
	struct wc_counts sum = wc_totals_sum(delta);

	begin(writer, "total");
	NUMBER(writer, "frames", delta->frames);
	add_counts(writer, &sum);
	NUMBER(writer, "malformed", delta->classes[WC_CLASS_MALFORMED].packets);
	NUMBER(writer, "unsupported", delta->classes[WC_CLASS_UNSUPPORTED].packets);
	NUMBER(writer, "llc", delta->classes[WC_CLASS_LLC].packets);
	NUMBER(writer, "received", delta->received);
	NUMBER(writer, "pending", snapshot->pending);
	NUMBER(writer, "lost", delta->lost_kernel);
	NUMBER(writer, "lost_kernel", delta->lost_kernel);
	NUMBER(writer, "lost_interface", delta->lost_interface);
	SECONDS(writer, "gone_seconds", (int64_t)delta->gone_ns);
	NUMBER(writer, "restarts", delta->restarts);
	add_offload(writer, snapshot->offload);
	SECONDS(writer, "clock_step", snapshot->clock_step_ns);
	FIELD(writer, "complete");
	wc_buffer_text(writer->out, snapshot->complete ? "true" : "false");
	for (int i = 0; i < WC_DIRECTIONS; i++) {
		const char *name = wc_direction_name((enum wc_direction)i);

		wc_buffer_format(writer->out, ",\"%s_packets\":", name);
		wc_buffer_number(writer->out, delta->directions[i].packets);
		wc_buffer_format(writer->out, ",\"%s_bytes\":", name);
		wc_buffer_number(writer->out, delta->directions[i].bytes);
	}
	end(writer);
}

static uint64_t count_rows(const struct wc_snapshot *snapshot)
{
	struct kind kinds[KINDS];
	uint64_t rows = 1;

	for (size_t i = 0; i < snapshot->port_rows; i++)
		rows += port_counted(&snapshot->ports[i]);
	list_kinds(snapshot, kinds);
	for (size_t k = 0; k < KINDS; k++)
		for (size_t i = 0; i < kinds[k].count; i++)
			rows += key_counted(&kinds[k].rows[i]);
	for (size_t i = 0; i < SINGLES; i++) {
		const struct wc_counts *counts = &snapshot->delta.classes[singles[i].class];

		rows += counts->packets || counts->bytes;
	}
	return rows;
}

static void add_rows(struct writer *writer)
{
	const struct wc_snapshot *snapshot = writer->snapshot;
	struct kind kinds[KINDS];

	add_total(writer);
	for (size_t i = 0; i < snapshot->port_rows; i++)
		if (port_counted(&snapshot->ports[i]))
			add_port(writer, &snapshot->ports[i]);
	list_kinds(snapshot, kinds);
	for (size_t i = 0; i < KINDS; i++)
		add_kind(writer, &kinds[i]);
	add_singles(writer);
}

void wc_json_encode(struct wc_buffer *buffer, const struct wc_context *context,
		    const struct wc_snapshot *snapshot)
{
	struct writer writer = {.out = buffer,
				.context = context,
				.snapshot = snapshot,
				.rows = count_rows(snapshot)};

	prepare_common(&writer);
	if (writer.common.failed)
		buffer->failed = true;
	else
		add_rows(&writer);
	wc_buffer_free(&writer.common);
}
