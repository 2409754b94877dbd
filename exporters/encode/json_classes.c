#include "json_classes.h"

#include <netinet/in.h>

#include "encode.h"
#include "heard.h"
#include "json_row.h"
#include "rows.h"
#include "wirecensus/registry.h"
#include "wirecensus/snapshot.h"

static uint64_t count_ports(const struct wc_json *json)
{
	const struct wc_snapshot *snapshot = json->snapshot;
	uint64_t rows = 0;

	for (size_t i = 0; i < snapshot->port_rows; i++)
		rows += wc_heard_port(&snapshot->ports[i]);
	return rows;
}

static void add_port(struct wc_json *json, const struct wc_port_row *row)
{
	bool tcp = row->protocol == IPPROTO_TCP;

	wc_json_begin(json, "port");
	WC_JSON_WORD(json, "transport", tcp ? "tcp" : "udp");
	if (row->other) {
		WC_JSON_OTHER(json);
	} else {
		WC_JSON_NUMBER(json, "port", row->port);
		WC_JSON_STRING(json, "name",
			       wc_registry_port(json->context->registry, row->protocol, row->port));
	}
	wc_json_direction(json, row->direction);
	wc_json_counts(json, &row->delta.all);
	if (tcp) {
		WC_JSON_NUMBER(json, "new", row->delta.new);
		WC_JSON_NUMBER(json, "accepted", row->delta.accepted);
	}
	WC_JSON_NUMBER(json, "refused", row->delta.refused);
	wc_json_end(json);
}

static void add_ports(struct wc_json *json)
{
	for (size_t i = 0; i < json->snapshot->port_rows; i++)
		if (wc_heard_port(&json->snapshot->ports[i]))
			add_port(json, &json->snapshot->ports[i]);
}

static void add_protocol(struct wc_json *json, uint16_t key)
{
	WC_JSON_NUMBER(json, "protocol", key);
	WC_JSON_STRING(json, "name", wc_registry_protocol(json->context->registry, (uint8_t)key));
}

static void add_fragment(struct wc_json *json, uint16_t key)
{
	WC_JSON_NUMBER(json, "protocol", key);
}

static void add_ethertype(struct wc_json *json, uint16_t key)
{
	WC_JSON_NUMBER(json, "ethertype", key);
	WC_JSON_STRING(json, "name", wc_registry_ethertype(json->context->registry, key));
}

/* The tables of one shape. */
struct table {
	unsigned kind; /* its bit */
	const char *type;
	const struct wc_key_row *rows;
	size_t count;
	void (*add_key)(struct wc_json *json, uint16_t key);
};

#define TABLES 3

static void list_tables(const struct wc_json *json, struct table tables[static TABLES])
{
	const struct wc_snapshot *snapshot = json->snapshot;

	tables[0] = (struct table){WC_ROWS_PROTOCOL, "protocol", snapshot->protocols,
				   snapshot->protocol_rows, add_protocol};
	tables[1] = (struct table){WC_ROWS_FRAGMENT, "fragment", snapshot->fragments,
				   snapshot->fragment_rows, add_fragment};
	tables[2] = (struct table){WC_ROWS_ETHERTYPE, "ethertype", snapshot->ethertypes,
				   snapshot->ethertype_rows, add_ethertype};
}

static uint64_t count_keys(const struct wc_json *json)
{
	struct table tables[TABLES];
	uint64_t rows = 0;

	list_tables(json, tables);
	for (size_t t = 0; t < TABLES; t++)
		for (size_t i = 0; json->kinds & tables[t].kind && i < tables[t].count; i++)
			rows += wc_heard_key(&tables[t].rows[i]);
	return rows;
}

static void add_table(struct wc_json *json, const struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct wc_key_row *row = &table->rows[i];

		if (!wc_heard_key(row))
			continue;
		wc_json_begin(json, table->type);
		if (row->other)
			WC_JSON_OTHER(json);
		else
			table->add_key(json, row->key);
		wc_json_direction(json, row->direction);
		wc_json_counts(json, &row->delta);
		wc_json_end(json);
	}
}

static void add_keys(struct wc_json *json)
{
	struct table tables[TABLES];

	list_tables(json, tables);
	for (size_t i = 0; i < TABLES; i++)
		if (json->kinds & tables[i].kind)
			add_table(json, &tables[i]);
}

static const struct class
{
	unsigned kind; /* its bit */
	const char *type;
	enum wc_class class;
} classes[] = {
	{WC_ROWS_LLC, "llc", WC_CLASS_LLC},
	{WC_ROWS_MALFORMED, "malformed", WC_CLASS_MALFORMED},
	{WC_ROWS_UNSUPPORTED, "unsupported", WC_CLASS_UNSUPPORTED},
};

#define CLASSES (sizeof(classes) / sizeof(*classes))

/* Returns what was counted in the class, or NULL when it is nothing, or not to be written. */
static const struct wc_counts *counts_of(const struct wc_json *json, const struct class *class)
{
	const struct wc_counts *counts = &json->snapshot->delta.classes[class->class];

	return (json->kinds & class->kind) && wc_heard_counts(counts) ? counts : NULL;
}

static uint64_t count_classes(const struct wc_json *json)
{
	uint64_t rows = 0;

	for (size_t i = 0; i < CLASSES; i++)
		rows += counts_of(json, &classes[i]) != NULL;
	return rows;
}

static void add_classes(struct wc_json *json)
{
	for (size_t i = 0; i < CLASSES; i++) {
		const struct wc_counts *counts = counts_of(json, &classes[i]);

		if (!counts)
			continue;
		wc_json_begin(json, classes[i].type);
		wc_json_counts(json, counts);
		wc_json_end(json);
	}
}

const struct wc_json_kind wc_json_ports = {WC_ROWS_PORT, count_ports, add_ports};
const struct wc_json_kind wc_json_keys = {WC_ROWS_PROTOCOL | WC_ROWS_FRAGMENT | WC_ROWS_ETHERTYPE,
					  count_keys, add_keys};
const struct wc_json_kind wc_json_classes = {WC_ROWS_LLC | WC_ROWS_MALFORMED | WC_ROWS_UNSUPPORTED,
					     count_classes, add_classes};
