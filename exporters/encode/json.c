#include "json.h"

#include <stddef.h>

#include "json_classes.h"
#include "json_flows.h"
#include "json_row.h"
#include "json_total.h"
#include "rows.h"

/* In the order in which their rows are written. */
static const struct wc_json_kind *const kinds[] = {
	&wc_json_total,         &wc_json_ports, &wc_json_keys,     &wc_json_classes,
	&wc_json_conversations, &wc_json_hosts, &wc_json_scanners,
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static void encode(struct wc_json *json)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i]->kinds & json->kinds)
			json->rows += kinds[i]->count(json);
	wc_json_prepare(json);
	if (json->common.failed)
		json->out->failed = true;
	for (size_t i = 0; i < KINDS && !json->out->failed; i++)
		if (kinds[i]->kinds & json->kinds)
			kinds[i]->add(json);
	wc_buffer_free(&json->common);
}

void wc_json_encode_rows(struct wc_buffer *buffer, const struct wc_context *context,
			 const struct wc_snapshot *snapshot, unsigned rows)
{
	struct wc_json json = {
		.out = buffer, .context = context, .snapshot = snapshot, .kinds = rows};

	encode(&json);
}

void wc_json_encode_cut(struct wc_buffer *buffer, const struct wc_context *context,
			const struct wc_snapshot *snapshot, const struct wc_json_cutting *cutting)
{
	struct wc_json json = {
		.out = buffer,
		.context = context,
		.snapshot = snapshot,
		.kinds = cutting->selection->kinds,
		.cutting = cutting,
	};

	encode(&json);
}

void wc_json_encode(struct wc_buffer *buffer, const struct wc_context *context,
		    const struct wc_snapshot *snapshot)
{
	wc_json_encode_rows(buffer, context, snapshot, WC_ROWS_ALL);
}
