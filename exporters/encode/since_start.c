#include "since_start.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "wirecensus/error.h"
#include "wirecensus/snapshot.h"

/* A view and the rows that it points to. */
struct view {
	struct wc_snapshot snapshot; /* the first: it is what the caller sees */
	struct wc_port_row *ports;
	struct wc_key_row *keys[3];
};

/* Copies @count items of @size; one more is asked for, as none at all is no reason to fail. */
static void *copy(const void *items, size_t count, size_t size)
{
	void *made = calloc(count + 1, size);

	if (made && count)
		memcpy(made, items, count * size);
	return made;
}

static bool take_ports(struct view *view)
{
	struct wc_snapshot *snapshot = &view->snapshot;

	view->ports = copy(snapshot->ports, snapshot->port_rows, sizeof(*view->ports));
	if (!view->ports)
		return false;
	for (size_t i = 0; i < snapshot->port_rows; i++)
		view->ports[i].delta = view->ports[i].total;
	snapshot->ports = view->ports;
	return true;
}

static bool take_keys(struct wc_key_row **own, const struct wc_key_row **rows, size_t count)
{
	*own = copy(*rows, count, sizeof(**own));
	if (!*own)
		return false;
	for (size_t i = 0; i < count; i++)
		(*own)[i].delta = (*own)[i].total;
	*rows = *own;
	return true;
}

int wc_since_start_make(struct wc_snapshot **made, const struct wc_snapshot *snapshot,
			int64_t start_ns, struct wc_error *error)
{
	struct view *view = calloc(1, sizeof(*view));
	struct wc_snapshot *seen = view ? &view->snapshot : NULL;

	*made = NULL;
	if (view) {
		const struct wc_totals *total = &snapshot->total;

		*seen = *snapshot;
		seen->delta = *total;
		seen->start_ns = start_ns;
		if (start_ns != WC_TIME_UNKNOWN && seen->end_ns > start_ns)
			seen->length_ns = (uint64_t)(seen->end_ns - start_ns);
		seen->clock_step_ns = 0;
		seen->complete = !total->lost_kernel && !total->lost_interface && !total->gone_ns;
		seen->conversation_rows = seen->host_rows = seen->scanner_rows = 0;
	}
	if (view && take_ports(view) &&
	    take_keys(&view->keys[0], &seen->protocols, seen->protocol_rows) &&
	    take_keys(&view->keys[1], &seen->fragments, seen->fragment_rows) &&
	    take_keys(&view->keys[2], &seen->ethertypes, seen->ethertype_rows)) {
		*made = seen;
		return WC_OK;
	}
	wc_since_start_free(seen);
	return wc_error_no_memory(error, "to show what was counted since the start");
}

void wc_since_start_free(struct wc_snapshot *seen)
{
	struct view *view = (struct view *)seen;

	if (!view)
		return;
	free(view->ports);
	for (size_t i = 0; i < sizeof(view->keys) / sizeof(*view->keys); i++)
		free(view->keys[i]);
	free(view);
}
