#include "interval.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "wirecensus/snapshot.h"

struct shared {
	struct wc_interval interval; /* first: what is handed out */
	atomic_uint holders;
};

struct wc_interval *wc_interval_new(size_t room)
{
	struct shared *shared = calloc(1, sizeof(*shared));

	if (!shared)
		return NULL;
	shared->interval.snapshots = calloc(room + 1, sizeof(struct wc_snapshot *));
	if (!shared->interval.snapshots) {
		free(shared);
		return NULL;
	}
	shared->interval.bytes = sizeof(*shared);
	atomic_init(&shared->holders, 1);
	return &shared->interval;
}

static size_t size_of(const struct wc_snapshot *snapshot)
{
	return sizeof(*snapshot) + snapshot->port_rows * sizeof(*snapshot->ports) +
	       (snapshot->protocol_rows + snapshot->fragment_rows + snapshot->ethertype_rows) *
		       sizeof(*snapshot->protocols) +
	       snapshot->conversation_rows * sizeof(*snapshot->conversations) +
	       snapshot->host_rows * sizeof(*snapshot->hosts) +
	       snapshot->scanner_rows * sizeof(*snapshot->scanners);
}

void wc_interval_add(struct wc_interval *interval, struct wc_snapshot *snapshot)
{
	interval->snapshots[interval->count++] = snapshot;
	interval->bytes += size_of(snapshot);
}

struct wc_interval *wc_interval_hold(struct wc_interval *interval)
{
	struct shared *shared = (struct shared *)interval;

	atomic_fetch_add_explicit(&shared->holders, 1, memory_order_relaxed);
	return interval;
}

void wc_interval_drop(struct wc_interval *interval)
{
	struct shared *shared = (struct shared *)interval;

	if (!shared || atomic_fetch_sub_explicit(&shared->holders, 1, memory_order_acq_rel) > 1)
		return;
	for (size_t i = 0; i < interval->count; i++)
		wc_snapshot_free(interval->snapshots[i]);
	free(interval->snapshots);
	free(shared);
}
