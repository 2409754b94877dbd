#include "kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter.h"
#include "host.h"
#include "kernel_parts.h"
#include "kernel_socket.h"
#include "link.h"
#include "local_set.h"
#include "program.h"
#include "rules.h"
#include "tables.h"

#define NS UINT64_C(1000000000)

/* How often what failed is tried again. */
#define LOOK_NS NS

/* Counters of 32 bits are read so often, in long intervals too. */
#define COLLECT_NS (10 * NS)

#define MEGABYTE 1000000

static void collect(struct wc_source *source, struct wc_tables *tables)
{
	struct wc_kernel *kernel = (struct wc_kernel *)source;
	struct wc_kernel_when when = {.first_ns = kernel->collected_wall_ns};
	struct wc_kernel_frames frames;

	kernel->collected_ns = wc_kernel_now(CLOCK_MONOTONIC);
	when.last_ns = kernel->collected_wall_ns = (int64_t)wc_kernel_now(CLOCK_REALTIME);
	when.now_s = (uint32_t)(wc_kernel_now(CLOCK_BOOTTIME) / NS);
	wc_kernel_drain_run(kernel->drain, tables, &when, &frames);
	kernel->frames.counted += frames.counted;
	kernel->frames.merged += frames.merged;
	kernel->tables = tables;
}

int wc_kernel_tell_local(struct wc_kernel *kernel, struct wc_error *error)
{
	const struct wc_kernel_maps *maps = wc_kernel_program_maps(kernel->program);
	struct wc_kernel_control *control = maps->control;
	uint32_t next = control->local ^ 1;
	int failed;

	kernel->local = wc_host_local(kernel->host);
	/* What came before goes by what was known then. */
	if (kernel->tables)
		collect(&kernel->source, kernel->tables);
	else
		wc_kernel_drain_wait();
	failed = wc_kernel_local_fill(&maps->locals[next], kernel->local, error);
	if (failed)
		return failed;
	__atomic_store_n(&control->local, next, __ATOMIC_RELEASE);
	/* What is kept beside a new row is of stamp 0. */
	__atomic_store_n(&control->stamp, control->stamp % UINT16_MAX + 1, __ATOMIC_RELEASE);
	return WC_OK;
}

void wc_kernel_go_by(struct wc_kernel *kernel, const struct wc_served *served)
{
	struct wc_kernel_control *control = wc_kernel_control_of(kernel);

	control->fold_internet = kernel->rules->fold_internet;
	control->scan_plain = kernel->rules->scan.mode == WC_SCAN_PLAIN;
	wc_kernel_drain_serve(kernel->drain, served);
}

/* Where the host's addresses are not what the program was told, tells them. */
static void follow_local(struct wc_kernel *kernel)
{
	if (wc_host_local(kernel->host) == kernel->local)
		return;
	kernel->local_trouble = (struct wc_error){""};
	wc_kernel_tell_local(kernel, &kernel->local_trouble);
	kernel->source.news++;
}

static void settle(struct wc_source *source, const struct wc_tables *tables)
{
	struct wc_kernel *kernel = (struct wc_kernel *)source;

	wc_kernel_go_by(kernel, &tables->conversations.served);
	follow_local(kernel);
}

/* What has changed since the last time, and what is due. */
static void look(struct wc_kernel *kernel)
{
	uint64_t now = wc_kernel_now(CLOCK_MONOTONIC);

	follow_local(kernel);
	if (kernel->source.gone && now - kernel->looked_ns >= LOOK_NS)
		wc_kernel_attach_again(kernel);
	if (kernel->tables && now - kernel->collected_ns >= COLLECT_NS)
		collect(&kernel->source, kernel->tables);
}

/* Of what lo sends, all comes again; a prefix hands it over before the program has looked. */
static bool comes_again(const struct wc_kernel *kernel, const struct wc_frame *frame)
{
	return frame->origin == WC_ORIGIN_SENT && kernel->index == kernel->loopback;
}

static bool is_refused(const struct wc_kernel *kernel, const struct wc_frame *frame)
{
	if (comes_again(kernel, frame))
		return true;
	if (!kernel->filter)
		return false;
	return kernel->filters_here ? !wc_filter_pass(kernel->filter, frame)
				    : !wc_filter_pass_tagged(kernel->filter, frame);
}

/* What the program has handed over goes to the decoder. */
static int run(struct wc_source *source, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	struct wc_kernel *kernel = (struct wc_kernel *)source;
	struct wc_frame frame;
	int taken = 0;

	(void)error;
	look(kernel);
	for (size_t i = 0; i < budget && wc_kernel_socket_read(kernel->socket, &frame); i++) {
		taken++;
		if (is_refused(kernel, &frame)) {
			kernel->refused++;
			continue;
		}
		kernel->handed++;
		kernel->large += frame.length > wc_kernel_control_of(kernel)->longest;
		sink(user, &frame);
	}
	return taken;
}

/*
 * What the program counted was received when that was collected, so that the tables
 * have as much. With a filter, a frame that waits in the socket is not received yet,
 * because the filter may refuse it here.
 */
static void stats(struct wc_source *source, struct wc_source_stats *stats)
{
	struct wc_kernel *kernel = (struct wc_kernel *)source;
	uint64_t received, lost;

	wc_kernel_socket_count(kernel->socket, &received, &lost);
	if (!source->gone)
		wc_missed_look(&kernel->missed, kernel->index);
	*stats = (struct wc_source_stats){
		.received = kernel->frames.counted +
			    (kernel->filter ? kernel->handed + lost : received - kernel->refused),
		.lost_kernel = lost,
		.lost_interface = kernel->missed.sum,
		.pending = received - lost - kernel->handed - kernel->refused,
		.gone_ns =
			kernel->gone_ns +
			(source->gone ? wc_kernel_now(CLOCK_MONOTONIC) - source->gone_since_ns : 0),
		.restarts = kernel->restarts,
		.merged = kernel->frames.merged + kernel->large,
	};
}

/* Where frames are counted, in words. */
static const char *place_of(const struct wc_kernel *kernel)
{
	switch (kernel->attach) {
	case WC_ATTACH_TCX:
		return "tcx";
	case WC_ATTACH_XDP:
		return "XDP";
	case WC_ATTACH_XDP_GENERIC:
		return "generic XDP";
	default:
		return "a socket filter";
	}
}

/* And what is sent, if it is counted elsewhere. */
static const char *sent_way_of(const struct wc_kernel *kernel)
{
	bool tcx = kernel->attach == WC_ATTACH_TCX;

	if (kernel->attach == WC_ATTACH_SOCKET)
		return kernel->filters_here || kernel->payload
			       ? "; frames are counted outside until a restart"
			       : "";
	if (kernel->links.received < 0)
		return "";
	if (kernel->at_socket)
		return ", and a socket for what is sent";
	if (kernel->links.sent < 0)
		return ", where what is sent comes in again";
	return tcx ? ", in and out" : ", and tcx for what is sent";
}

static void describe(const struct wc_source *source, char *text, size_t size)
{
	const struct wc_kernel *kernel = (const struct wc_kernel *)source;
	uint64_t bytes = wc_kernel_program_size(kernel->program);
	char where[1200];

	if (!source->gone)
		snprintf(where, sizeof(where), "%s, index %u, link type %s, MTU %u", kernel->name,
			 kernel->index, wc_link_name(kernel->link), kernel->mtu);
	else if (*kernel->trouble.text)
		snprintf(where, sizeof(where), "%s, which is tried again: %s", kernel->name,
			 kernel->trouble.text);
	else
		snprintf(where, sizeof(where), "%s, which is not there and waited for",
			 kernel->name);
	snprintf(text, size,
		 "interface: %s\nengine: kernel, by %s%s\nfilter: %s\n%s%s%s%s"
		 "promiscuous: %s\nmemory: %" PRIu64 " MB in the kernel\n",
		 where, place_of(kernel), sent_way_of(kernel),
		 kernel->filter ? wc_filter_text(kernel->filter) : "none",
		 kernel->drop_echo ? "echo requests: dropped\n" : "",
		 *kernel->local_trouble.text ? "trouble: " : "", kernel->local_trouble.text,
		 *kernel->local_trouble.text ? "\n" : "", kernel->promiscuous ? "yes" : "no",
		 (bytes + MEGABYTE - 1) / MEGABYTE);
}

static void close_kernel(struct wc_source *source)
{
	struct wc_kernel *kernel = (struct wc_kernel *)source;

	wc_kernel_links_close(&kernel->links);
	wc_kernel_socket_close(kernel->socket);
	wc_kernel_drain_free(kernel->drain);
	wc_kernel_program_free(kernel->program);
	wc_missed_forget(&kernel->missed);
	free(kernel);
}

const struct wc_source_ops wc_kernel_ops = {
	.name = "kernel",
	.run = run,
	.stats = stats,
	.collect = collect,
	.settle = settle,
	.changed = wc_kernel_changed,
	.prepare = wc_kernel_prepare,
	.refilter = wc_kernel_refilter,
	.describe = describe,
	.close = close_kernel,
};
