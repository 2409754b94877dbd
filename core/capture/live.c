#include "live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "host.h"
#include "link.h"
#include "live_attach.h"
#include "live_refilter.h"
#include "live_socket.h"
#include "live_tap.h"
#include "source.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* How long a worker may sleep. A tick costs some 50 us; the ring holds several of them. */
#define TICK_MS 20

/* How often what failed is tried again, and the kernel's 32-bit counters are read. */
#define LOOK_NS UINT64_C(1000000000)

/* The same later on, when nobody is there to be told but who asks for the state. */
static void attach_again(struct wc_live *live)
{
	struct wc_error trouble = {""};

	wc_live_attach(live, &trouble);
	if (strcmp(trouble.text, live->trouble.text) != 0)
		live->source.news++;
	live->trouble = trouble;
}

/* Once in a while: not for every batch. */
static void look(struct wc_live *live)
{
	struct wc_live_counts counts;
	uint64_t now = wc_live_now();

	if (now - live->looked_ns < LOOK_NS)
		return;
	live->looked_ns = now;
	if (live->source.gone)
		attach_again(live);
	wc_live_tap_count(&live->tap, live->socket, &counts);
	live->source.news += counts.full != live->full;
	live->full = counts.full;
}

static int run(struct wc_source *source, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	struct wc_live *live = (struct wc_live *)source;

	(void)error;
	look(live);
	return live->socket ? wc_live_tap_run(&live->tap, live->socket, budget, sink, user)
			    : WC_SOURCE_IDLE;
}

/*
 * Without a filter it is the kernel that says what was received, less what a filter
 * before refused here. With one, a frame in the ring is not received yet, because the
 * filter may refuse it here: a count that was told cannot be taken back.
 */
static void stats(struct wc_source *source, struct wc_source_stats *stats)
{
	struct wc_live *live = (struct wc_live *)source;
	const struct wc_live_tap *tap = &live->tap;
	struct wc_live_counts counts;

	wc_live_tap_count(tap, live->socket, &counts);
	if (!source->gone)
		wc_missed_look(&live->missed, live->index);
	*stats = (struct wc_source_stats){
		.received =
			tap->filter ? tap->handed + counts.lost : counts.received - tap->refused,
		.lost_kernel = counts.lost,
		.lost_interface = live->missed.sum,
		.pending = counts.received - counts.lost - tap->handed - tap->refused,
		.taken = tap->handed + tap->refused,
		.gone_ns =
			live->gone_ns + (source->gone ? wc_live_now() - source->gone_since_ns : 0),
		.restarts = live->restarts,
		.merged = tap->merged,
	};
}

static void changed(struct wc_source *source, const struct wc_host *host)
{
	struct wc_live *live = (struct wc_live *)source;
	const struct wc_host_link *link;

	if (live->any) {
		wc_live_note_all(live);
		wc_missed_look(&live->missed, 0);
		return;
	}
	link = wc_host_link_at(host, live->index);
	if (!source->gone && link && link->serial == live->serial && link->type == live->type) {
		wc_live_note_link(live, link);
		source->news++;
		return;
	}
	if (!source->gone) {
		source->gone = true;
		source->gone_since_ns = wc_live_now();
		source->news++;
		wc_live_socket_silence(live->socket);
	}
	attach_again(live);
}

static int prepare(struct wc_source *source, struct wc_filter *filter, struct wc_error *error)
{
	const struct wc_live *live = (const struct wc_live *)source;
	struct wc_live_setup setup = live->setup;

	setup.filter = filter;
	return live->socket ? wc_live_socket_prepare(live->socket, &setup, error) : WC_OK;
}

static int refilter(struct wc_source *source, const struct wc_source_rule *rule, wc_sink *sink,
		    void *user, struct wc_error *error)
{
	struct wc_live *live = (struct wc_live *)source;
	int failed =
		wc_live_refilter(&live->tap, &live->setup, live->socket, rule, sink, user, error);

	source->news += !failed;
	return failed;
}

static int describe_link(const struct wc_live *live, char *text, size_t size)
{
	bool there = wc_host_link(live->host, live->name) != NULL;
	char state[WC_ERROR_SIZE + 64];

	if (!live->source.gone)
		snprintf(state, sizeof(state), ", index %u, link type %s, MTU %u", live->index,
			 wc_link_name(live->tap.link), live->mtu);
	else if (there && *live->trouble.text)
		snprintf(state, sizeof(state), ", which is tried again: %s", live->trouble.text);
	else
		snprintf(state, sizeof(state), ", which is %s and waited for",
			 there ? "down" : "not there");
	return snprintf(text, size, "interface: %s%s\nengine: %s\n", live->name, state,
			live->setup.kind->name);
}

static void describe(const struct wc_source *source, char *text, size_t size)
{
	const struct wc_live *live = (const struct wc_live *)source;
	int written = describe_link(live, text, size);

	if (live->socket && written > 0 && (size_t)written < size)
		wc_live_socket_describe(live->socket, text + written, size - (size_t)written);
}

static void close_live(struct wc_source *source)
{
	struct wc_live *live = (struct wc_live *)source;

	wc_live_socket_close(live->socket);
	wc_missed_forget(&live->missed);
	free(live->tap.room);
	free(live);
}

/* Of all kinds of readers, but for their name. */
static const struct wc_source_ops ops = {
	.run = run,
	.stats = stats,
	.changed = changed,
	.prepare = prepare,
	.refilter = refilter,
	.describe = describe,
	.close = close_live,
};

static int no_such_interface(const char *interface, const struct wc_host *host,
			     struct wc_error *error)
{
	size_t count, used = 0;
	const struct wc_host_link *links = wc_host_links(host, &count);
	char names[512] = "";

	for (size_t i = 0; i < count && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
					 links[i].name);
	return wc_error_set(error, WC_FAILED,
			    "there is no interface '%s'; there are: %s%s, and 'any'", interface,
			    names, used < sizeof(names) ? "" : " ...");
}

static void fill_setup(struct wc_live *live, const struct wc_live_kind *kind,
		       const struct wc_options *options, struct wc_filter *filter)
{
	const struct wc_source_rule rule = {filter, options->match || options->no_match};

	live->setup = (struct wc_live_setup){
		.kind = kind,
		.interface = live->name,
		.snaplen = (uint32_t)options->snaplen,
		.fitting = wc_live_fitting(&rule),
		.buffer = options->buffer,
		.promiscuous = options->promiscuous,
		.loopback = wc_host_loopback(live->host),
		.filter = filter,
	};
}

int wc_live_open(struct wc_source **source, const struct wc_live_kind *kind, const char *interface,
		 bool wait, const struct wc_options *options, struct wc_filter *filter,
		 struct wc_host *host, struct wc_error *error)
{
	bool any = strcmp(interface, "any") == 0;
	struct wc_live *made;
	int failed;

	if (!any && !wait && !wc_host_link(host, interface))
		return no_such_interface(interface, host, error);
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_set(error, WC_FAILED, "there is no memory to count interface %s",
				    interface);
	made->ops = ops;
	made->ops.name = kind->name;
	made->source = (struct wc_source){
		.ops = &made->ops,
		.tick_ms = TICK_MS,
		.lag_ms = kind->lag_ms,
		.gone = true,
		.gone_since_ns = wc_live_now(),
	};
	snprintf(made->name, sizeof(made->name), "%s", interface);
	made->host = host;
	made->any = any;
	made->tap.filter = filter;
	fill_setup(made, kind, options, filter);
	failed = wc_live_attach(made, error);
	if (!failed && !made->socket)
		failed = wc_live_open_spare(made, error);
	if (!failed && made->socket && made->source.gone)
		failed = wc_live_attach(made, error);
	if (failed) {
		close_live(&made->source);
		return failed;
	}
	made->gone_ns = 0;
	*source = &made->source;
	return WC_OK;
}
