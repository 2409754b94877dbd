#include "json_row.h"

#include "encode.h"
#include "escape.h"
#include "json.h"
#include "timestamp.h"
#include "wirecensus/snapshot.h"

void wc_json_string(struct wc_buffer *out, const char *text)
{
	if (text)
		wc_escape_json(out, text);
	else
		wc_buffer_text(out, "null");
}

void wc_json_time(struct wc_buffer *out, int64_t ns)
{
	if (ns == WC_TIME_UNKNOWN) {
		wc_buffer_text(out, "null");
		return;
	}
	wc_buffer_text(out, "\"");
	wc_timestamp_utc(out, ns);
	wc_buffer_text(out, "\"");
}

void wc_json_prepare(struct wc_json *json)
{
	const struct wc_snapshot *snapshot = json->snapshot;
	struct wc_json common = {.out = &json->common};

	WC_JSON_TIME(&common, "time", snapshot->end_ns);
	WC_JSON_STRING(&common, "host", json->context->host);
	WC_JSON_STRING(&common, "instance", json->context->instance);
	WC_JSON_STRING(&common, "capture", snapshot->capture);
	WC_JSON_STRING(&common, "observer", snapshot->observer);
	WC_JSON_NUMBER(&common, "interval", snapshot->interval);
	WC_JSON_TIME(&common, "start", snapshot->start_ns);
	WC_JSON_TIME(&common, "end", snapshot->end_ns);
}

void wc_json_begin(struct wc_json *json, const char *type)
{
	WC_JSON_LITERAL(json, "{\"schema\":1,\"type\":\"");
	wc_buffer_text(json->out, type);
	WC_JSON_LITERAL(json, "\"");
	wc_buffer_add(json->out, json->common.data, json->common.length);
	WC_JSON_NUMBER(json, "row", ++json->row);
	WC_JSON_NUMBER(json, "rows", json->rows);
}

void wc_json_end(struct wc_json *json)
{
	WC_JSON_LITERAL(json, "}\n");
	if (json->cutting)
		json->cutting->row(json->cutting->arg);
}

void wc_json_counts(struct wc_json *json, const struct wc_counts *counts)
{
	WC_JSON_NUMBER(json, "packets", counts->packets);
	WC_JSON_NUMBER(json, "bytes", counts->bytes);
}

void wc_json_direction(struct wc_json *json, uint8_t direction)
{
	WC_JSON_WORD(json, "direction", wc_direction_name(direction));
}
