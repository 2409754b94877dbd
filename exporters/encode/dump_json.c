#include "dump_json.h"

#include "json_classes.h"
#include "json_flows.h"
#include "json_row.h"
#include "json_total.h"
#include "rows.h"
#include "since_start.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

/* What is kept since the start. */
#define KINDS_TOTAL                                                                                \
	(WC_ROWS_ALL & ~(unsigned)(WC_ROWS_CONVERSATION | WC_ROWS_HOST | WC_ROWS_SCANNER))

static const struct wc_json_kind *const kinds[] = {
	&wc_json_total,
	&wc_json_ports,
	&wc_json_keys,
	&wc_json_classes,
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static uint64_t count_users(const struct wc_snapshot *snapshot)
{
	uint64_t users = 0;

	for (size_t i = 0; i < snapshot->host_rows; i++)
		users += !snapshot->hosts[i].other;
	return users;
}

static void add_head(struct wc_json *json, const struct wc_dump_facts *facts)
{
	wc_json_begin(json, "dump");
	WC_JSON_WORD(json, "version", WC_VERSION);
	WC_JSON_DECIMAL(json, "hits_per_minute", facts->hits.per_minute);
	WC_JSON_DECIMAL(json, "bytes_per_second", facts->hits.bytes_per_second);
	WC_JSON_NUMBER(json, "users", count_users(facts->snapshot));
	WC_JSON_STRING(json, "filter", facts->options->filter);
	WC_JSON_STRING(json, "match", facts->options->match);
	WC_JSON_STRING(json, "no_match", facts->options->no_match);
	wc_json_end(json);
}

/* What follows is of @snapshot, with its own start and end. */
static void turn_to(struct wc_json *json, const struct wc_snapshot *snapshot)
{
	wc_buffer_clear(&json->common);
	json->snapshot = snapshot;
	wc_json_prepare(json);
	if (json->common.failed)
		json->out->failed = true;
}

static void add_all(struct wc_json *json, const struct wc_snapshot *since_start,
		    const struct wc_dump_facts *facts)
{
	json->rows = 1 + facts->snapshot->host_rows;
	turn_to(json, since_start);
	for (size_t i = 0; i < KINDS; i++)
		json->rows += kinds[i]->count(json);
	add_head(json, facts);
	for (size_t i = 0; i < KINDS; i++)
		kinds[i]->add(json);
	turn_to(json, facts->snapshot);
	for (size_t i = 0; i < facts->snapshot->host_rows && !json->out->failed; i++)
		wc_json_host_add(json, &facts->snapshot->hosts[i]);
	wc_buffer_free(&json->common);
}

void wc_dump_json_encode(struct wc_buffer *buffer, const struct wc_context *context,
			 const struct wc_dump_facts *facts)
{
	struct wc_json json = {.out = buffer, .context = context, .kinds = KINDS_TOTAL};
	struct wc_snapshot *since_start;

	if (wc_since_start_make(&since_start, facts->snapshot, facts->started_ns, NULL)) {
		buffer->failed = true;
		return;
	}
	add_all(&json, since_start, facts);
	wc_since_start_free(since_start);
}
