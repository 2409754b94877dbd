#include "totals.h"

#include <stdint.h>

#include "report.h"
#include "wirecensus/snapshot.h"

#define NS_PER_MS 1000000

/* What tells whether frames were lost: received = counted + lost-kernel + pending. */
static const struct {
	const char *type;
	const char *what;
	size_t offset; /* in struct wc_totals */
	uint64_t divisor;
} losses[] = {
	{"packets", "received", offsetof(struct wc_totals, received), 1},
	{"packets", "counted", offsetof(struct wc_totals, frames), 1},
	{"packets", "lost-kernel", offsetof(struct wc_totals, lost_kernel), 1},
	{"packets", "lost-interface", offsetof(struct wc_totals, lost_interface), 1},
	{"total_time_in_ms", "gone", offsetof(struct wc_totals, gone_ns), NS_PER_MS},
	{"total_events", "restarts", offsetof(struct wc_totals, restarts), 1},
};

static size_t emit_counts(const char *what, const struct wc_counts *counts, wc_value_sink *sink,
			  void *user)
{
	sink(user, &(struct wc_value){"packets", what, counts->packets, false});
	sink(user, &(struct wc_value){"total_bytes", what, counts->bytes, false});
	return 2;
}

static size_t emit_totals(const struct wc_totals *totals, unsigned directions, wc_value_sink *sink,
			  void *user)
{
	size_t count = 0;

	for (int c = 0; c < WC_CLASSES; c++)
		count += emit_counts(wc_class_name((unsigned)c), &totals->classes[c], sink, user);
	count += emit_counts("rejected", &totals->rejected, sink, user);
	for (int d = 0; d < WC_DIRECTIONS; d++)
		if (directions & 1u << d)
			count += emit_counts(wc_direction_name((enum wc_direction)d),
					     &totals->directions[d], sink, user);
	return count;
}

static size_t emit_loss(const struct wc_snapshot *snapshot, wc_value_sink *sink, void *user)
{
	const char *totals = (const char *)&snapshot->total;
	size_t count = sizeof(losses) / sizeof(*losses);

	for (size_t i = 0; i < count; i++) {
		uint64_t number = *(const uint64_t *)(totals + losses[i].offset);

		sink(user, &(struct wc_value){losses[i].type, losses[i].what,
					      number / losses[i].divisor, false});
	}
	sink(user, &(struct wc_value){"queue_length", "pending", snapshot->pending, true});
	return count + 1;
}

static size_t emit_internet(const struct wc_totals *totals, wc_value_sink *sink, void *user)
{
	return emit_counts("internet-in", &totals->internet_in, sink, user) +
	       emit_counts("internet-out", &totals->internet_out, sink, user);
}

/* How many rows there are, `other`, which comes last, left out. */
static size_t conversations_of(const struct wc_snapshot *snapshot)
{
	size_t rows = snapshot->conversation_rows;

	return rows && snapshot->conversations[rows - 1].other ? rows - 1 : rows;
}

static size_t hosts_of(const struct wc_snapshot *snapshot)
{
	size_t rows = snapshot->host_rows;

	return rows && snapshot->hosts[rows - 1].other ? rows - 1 : rows;
}

static size_t emit_level(const char *what, size_t level, wc_value_sink *sink, void *user)
{
	sink(user, &(struct wc_value){"count", what, level, true});
	return 1;
}

size_t wc_totals_emit(const struct wc_snapshot *snapshot, const struct wc_report *report,
		      wc_value_sink *sink, void *user)
{
	size_t count = 0;

	if (report->totals)
		count += emit_totals(&snapshot->total, report->directions, sink, user);
	if (report->internet)
		count += emit_internet(&snapshot->total, sink, user);
	if (report->conversations)
		count += emit_level("conversations", conversations_of(snapshot), sink, user);
	if (report->hosts)
		count += emit_level("hosts", hosts_of(snapshot), sink, user);
	if (report->scanners)
		count += emit_level("scanners", snapshot->scanner_rows, sink, user);
	if (report->loss)
		count += emit_loss(snapshot, sink, user);
	return count;
}
