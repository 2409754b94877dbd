#include "json_total.h"

#include <stdbool.h>
#include <stddef.h>

#include "heard.h"
#include "json.h"
#include "json_row.h"
#include "rows.h"
#include "wirecensus/snapshot.h"

static void add_offload(struct wc_json *json, enum wc_offload offload)
{
	static const char *const words[] = {[WC_OFFLOAD_NO] = "false",
					    [WC_OFFLOAD_YES] = "true",
					    [WC_OFFLOAD_UNKNOWN] = "null"};

	WC_JSON_FIELD(json, "offload");
	wc_buffer_text(json->out, words[offload]);
}

/* What was received and what of it is missing. */
static void add_losses(struct wc_json *json)
{
	const struct wc_snapshot *snapshot = json->snapshot;
	const struct wc_totals *delta = &snapshot->delta;

	WC_JSON_NUMBER(json, "received", delta->received);
	WC_JSON_NUMBER(json, "pending", snapshot->pending);
	WC_JSON_NUMBER(json, "lost", delta->lost_kernel);
	WC_JSON_NUMBER(json, "lost_kernel", delta->lost_kernel);
	WC_JSON_NUMBER(json, "lost_interface", delta->lost_interface);
	WC_JSON_SECONDS(json, "gone_seconds", (int64_t)delta->gone_ns);
	WC_JSON_NUMBER(json, "restarts", delta->restarts);
	add_offload(json, snapshot->offload);
	WC_JSON_SECONDS(json, "clock_step", snapshot->clock_step_ns);
	WC_JSON_FIELD(json, "complete");
	wc_buffer_text(json->out, snapshot->complete ? "true" : "false");
}

static void add_directions(struct wc_json *json)
{
	const struct wc_counts *directions = json->snapshot->delta.directions;

	for (int i = 0; i < WC_DIRECTIONS; i++) {
		const char *name = wc_direction_name((enum wc_direction)i);

		wc_buffer_format(json->out, ",\"%s_packets\":", name);
		wc_buffer_number(json->out, directions[i].packets);
		wc_buffer_format(json->out, ",\"%s_bytes\":", name);
		wc_buffer_number(json->out, directions[i].bytes);
	}
}

/* Of rows that were cut away it is not known how many there were. */
static bool is_known(const struct wc_json *json, unsigned kind, uint64_t number)
{
	const struct wc_selection *cut = json->cutting ? json->cutting->selection : NULL;

	return !cut || ((cut->kinds & kind) && (cut->top == WC_TOP_ALL || number < cut->top));
}

/* The numbers of conversations and of hosts. */
static void add_numbers(struct wc_json *json)
{
	uint64_t conversations = wc_heard_conversations(json->snapshot);
	uint64_t hosts = wc_heard_hosts(json->snapshot);

	if (is_known(json, WC_ROWS_CONVERSATION, conversations))
		WC_JSON_NUMBER(json, "conversations", conversations);
	else
		WC_JSON_NULL(json, "conversations");
	if (is_known(json, WC_ROWS_HOST, hosts))
		WC_JSON_NUMBER(json, "hosts", hosts);
	else
		WC_JSON_NULL(json, "hosts");
}

static void add(struct wc_json *json)
{
	const struct wc_totals *delta = &json->snapshot->delta;
	struct wc_counts sum = wc_totals_sum(delta);

	wc_json_begin(json, "total");
	WC_JSON_NUMBER(json, "frames", delta->frames);
	wc_json_counts(json, &sum);
	WC_JSON_NUMBER(json, "malformed", delta->classes[WC_CLASS_MALFORMED].packets);
	WC_JSON_NUMBER(json, "unsupported", delta->classes[WC_CLASS_UNSUPPORTED].packets);
	WC_JSON_NUMBER(json, "llc", delta->classes[WC_CLASS_LLC].packets);
	WC_JSON_NUMBER(json, "rejected", delta->rejected.packets);
	WC_JSON_NUMBER(json, "rejected_bytes", delta->rejected.bytes);
	add_losses(json);
	add_directions(json);
	WC_JSON_NUMBER(json, "internet_in_packets", delta->internet_in.packets);
	WC_JSON_NUMBER(json, "internet_in_bytes", delta->internet_in.bytes);
	WC_JSON_NUMBER(json, "internet_out_packets", delta->internet_out.packets);
	WC_JSON_NUMBER(json, "internet_out_bytes", delta->internet_out.bytes);
	add_numbers(json);
	wc_json_end(json);
}

static uint64_t count(const struct wc_json *json)
{
	(void)json;
	return 1;
}

const struct wc_json_kind wc_json_total = {WC_ROWS_TOTAL, count, add};
