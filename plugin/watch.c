#include "watch.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "report.h"
#include "wirecensus/address.h"
#include "wirecensus/snapshot.h"

#define NS_PER_S 1e9

/* How many scanners one text names. */
#define NAMED 3

static uint64_t lost_of(const struct wc_totals *delta)
{
	return delta->lost_kernel + delta->lost_interface;
}

/* Frames of the interval: what the interface itself missed is not in received. */
static uint64_t frames_of(const struct wc_totals *delta)
{
	return delta->received + delta->lost_interface;
}

static bool is_lossy(const struct wc_totals *delta, uint64_t percent)
{
	return (double)lost_of(delta) * 100 > (double)percent * (double)frames_of(delta);
}

static bool look_for_loss(struct wc_watch *watch, const struct wc_report *report,
			  const struct wc_snapshot *snapshot, struct wc_event *event)
{
	const struct wc_totals *delta = &snapshot->delta;
	bool lossy = is_lossy(delta, report->notify_loss);

	if (lossy == watch->lossy)
		return false;
	watch->lossy = lossy;
	event->type = "packets";
	event->what =
		delta->lost_kernel || !delta->lost_interface ? "lost-kernel" : "lost-interface";
	event->severity = lossy ? WC_SEVERITY_WARNING : WC_SEVERITY_OKAY;
	if (lossy)
		snprintf(event->text, sizeof(event->text),
			 "%s lost %" PRIu64 " of %" PRIu64 " frames, more than %" PRIu64
			 " %%: a larger Buffer or a narrower Filter helps",
			 snapshot->observer, lost_of(delta), frames_of(delta), report->notify_loss);
	else
		snprintf(event->text, sizeof(event->text),
			 "%s loses no more than %" PRIu64 " %% of its frames again",
			 snapshot->observer, report->notify_loss);
	return true;
}

/* Back means that it was there for all of an interval, so that flapping is one failure. */
static bool look_for_interface(struct wc_watch *watch, const struct wc_snapshot *snapshot,
			       struct wc_event *event)
{
	bool gone = snapshot->delta.gone_ns != 0;

	if (gone == watch->gone)
		return false;
	watch->gone = gone;
	event->type = "total_time_in_ms";
	event->what = "gone";
	event->severity = gone ? WC_SEVERITY_FAILURE : WC_SEVERITY_OKAY;
	if (gone)
		snprintf(event->text, sizeof(event->text),
			 "%s is gone: it is counted again as soon as it is back",
			 snapshot->observer);
	else
		snprintf(event->text, sizeof(event->text),
			 "%s is back, and counted; it was gone for %.1f s since the start",
			 snapshot->observer, (double)snapshot->total.gone_ns / NS_PER_S);
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct wc_address *a = left, *b = right;

	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return (a->low > b->low) - (a->low < b->low);
}

/* Whoever forges addresses can make many scanners: therefore sorted. */
static bool was_scanning(const struct wc_watch *watch, const struct wc_address *address)
{
	return watch->scanner_count &&
	       bsearch(address, watch->scanners, watch->scanner_count, sizeof(*address), compare);
}

static void remember_scanners(struct wc_watch *watch, const struct wc_snapshot *snapshot)
{
	size_t count = snapshot->scanner_rows;
	struct wc_address *scanners = calloc(count + 1, sizeof(*scanners));

	/* Without memory, they are told again. */
	if (!scanners)
		count = 0;
	for (size_t i = 0; i < count; i++)
		scanners[i] = snapshot->scanners[i].address;
	if (count)
		qsort(scanners, count, sizeof(*scanners), compare);
	free(watch->scanners);
	watch->scanners = scanners;
	watch->scanner_count = count;
}

/* Names the first scanners that were none in the last snapshot, and returns how many there are. */
static size_t list_newcomers(const struct wc_watch *watch, const struct wc_snapshot *snapshot,
			     char *list, size_t size)
{
	size_t newcomers = 0, used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < snapshot->scanner_rows; i++) {
		const struct wc_scanner_row *row = &snapshot->scanners[i];
		char address[WC_ADDRESS_TEXT];

		if (was_scanning(watch, &row->address) || newcomers++ >= NAMED)
			continue;
		used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "",
					 wc_address_format(&row->address, address));
	}
	return newcomers;
}

static bool look_for_scanners(struct wc_watch *watch, const struct wc_snapshot *snapshot,
			      struct wc_event *event)
{
	char list[NAMED * (WC_ADDRESS_TEXT + 2)];
	size_t newcomers = list_newcomers(watch, snapshot, list, sizeof(list));

	remember_scanners(watch, snapshot);
	if (!newcomers)
		return false;
	event->type = "count";
	event->what = "scanners";
	event->severity = WC_SEVERITY_WARNING;
	if (newcomers > NAMED)
		snprintf(event->text, sizeof(event->text), "%s: scanning: %s and %zu more",
			 snapshot->observer, list, newcomers - NAMED);
	else
		snprintf(event->text, sizeof(event->text), "%s: scanning: %s", snapshot->observer,
			 list);
	return true;
}

size_t wc_watch_look(struct wc_watch *watch, const struct wc_report *report,
		     const struct wc_snapshot *snapshot,
		     struct wc_event events[static WC_WATCH_EVENTS])
{
	size_t count = 0;

	count += look_for_loss(watch, report, snapshot, &events[count]);
	if (report->notify_interface)
		count += look_for_interface(watch, snapshot, &events[count]);
	if (report->notify_scanners)
		count += look_for_scanners(watch, snapshot, &events[count]);
	return count;
}

void wc_watch_free(struct wc_watch *watch)
{
	free(watch->scanners);
	*watch = (struct wc_watch){0};
}
