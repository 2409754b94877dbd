#include "rows.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "rows_cut.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"
#include "wirecensus/snapshot.h"

/* In the order of their bits. */
static const char *const names[] = {
	"total",     "port",        "protocol",     "fragment", "ethertype", "llc",
	"malformed", "unsupported", "conversation", "host",     "scanner",   "loss",
};

#define NAMES (sizeof(names) / sizeof(*names))

unsigned wc_rows_kind(const char *name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (!strcmp(name, names[i]))
			return 1U << i;
	return 0;
}

const char *wc_rows_name(unsigned index)
{
	return index < NAMES ? names[index] : NULL;
}

int wc_rows_kinds(unsigned *kinds, const struct wc_texts *texts, struct wc_error *error)
{
	unsigned found = 0;

	for (size_t i = 0; i < texts->count; i++) {
		unsigned kind = wc_rows_kind(texts->items[i]);

		if (!kind)
			return wc_error_set(
				error, WC_INVALID,
				"no rows are called %s: use total, port, protocol, fragment, "
				"ethertype, llc, malformed, unsupported, conversation, host, "
				"scanner or loss",
				texts->items[i]);
		found |= kind;
	}
	*kinds = found;
	return 0;
}

/* A snapshot, and the lists that were made for it. */
struct selected {
	struct wc_snapshot snapshot; /* the first: it is what the caller sees */
	void *ports, *protocols, *ethertypes, *conversations, *hosts;
};

/* Removes lists that were not asked for. */
static void choose(struct wc_snapshot *snapshot, unsigned kinds)
{
	snapshot->port_rows = kinds & WC_ROWS_PORT ? snapshot->port_rows : 0;
	snapshot->protocol_rows = kinds & WC_ROWS_PROTOCOL ? snapshot->protocol_rows : 0;
	snapshot->fragment_rows = kinds & WC_ROWS_FRAGMENT ? snapshot->fragment_rows : 0;
	snapshot->ethertype_rows = kinds & WC_ROWS_ETHERTYPE ? snapshot->ethertype_rows : 0;
	snapshot->conversation_rows =
		kinds & WC_ROWS_CONVERSATION ? snapshot->conversation_rows : 0;
	snapshot->host_rows = kinds & WC_ROWS_HOST ? snapshot->host_rows : 0;
	snapshot->scanner_rows = kinds & WC_ROWS_SCANNER ? snapshot->scanner_rows : 0;
}

static bool cut_all(struct selected *selected, uint64_t top)
{
	struct wc_snapshot *snapshot = &selected->snapshot;

	return wc_rows_cut(&wc_rows_ports, snapshot->ports, &snapshot->port_rows, top,
			   &selected->ports) &&
	       wc_rows_cut(&wc_rows_keys, snapshot->protocols, &snapshot->protocol_rows, top,
			   &selected->protocols) &&
	       wc_rows_cut(&wc_rows_keys, snapshot->ethertypes, &snapshot->ethertype_rows, top,
			   &selected->ethertypes) &&
	       wc_rows_cut(&wc_rows_conversations, snapshot->conversations,
			   &snapshot->conversation_rows, top, &selected->conversations) &&
	       wc_rows_cut(&wc_rows_hosts, snapshot->hosts, &snapshot->host_rows, top,
			   &selected->hosts);
}

static void point_at_cuts(struct selected *selected)
{
	struct wc_snapshot *snapshot = &selected->snapshot;

	if (selected->ports)
		snapshot->ports = selected->ports;
	if (selected->protocols)
		snapshot->protocols = selected->protocols;
	if (selected->ethertypes)
		snapshot->ethertypes = selected->ethertypes;
	if (selected->conversations)
		snapshot->conversations = selected->conversations;
	if (selected->hosts)
		snapshot->hosts = selected->hosts;
}

int wc_rows_select(struct wc_snapshot **out, const struct wc_snapshot *snapshot,
		   const struct wc_selection *selection, struct wc_error *error)
{
	struct selected *selected = calloc(1, sizeof(*selected));

	*out = NULL;
	if (!selected)
		return wc_error_no_memory(error, "to choose rows");
	selected->snapshot = *snapshot;
	choose(&selected->snapshot, selection->kinds);
	if (selection->top != WC_TOP_ALL && !cut_all(selected, selection->top)) {
		wc_rows_free(&selected->snapshot);
		return wc_error_no_memory(error, "to choose rows");
	}
	point_at_cuts(selected);
	*out = &selected->snapshot;
	return 0;
}

void wc_rows_free(struct wc_snapshot *snapshot)
{
	struct selected *selected = (struct selected *)snapshot;

	if (!selected)
		return;
	free(selected->ports);
	free(selected->protocols);
	free(selected->ethertypes);
	free(selected->conversations);
	free(selected->hosts);
	free(selected);
}
