#include "live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter.h"
#include "filter_kernel.h"
#include "host.h"
#include "link.h"
#include "live_cooked.h"
#include "live_socket.h"
#include "live_tap.h"
#include "match.h"
#include "source.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

/* How long a worker may sleep. A tick costs some 50 us; the ring holds several of them. */
#define TICK_MS 20

/* How often what failed is tried again, and the kernel's 32-bit counters are read. */
#define LOOK_NS UINT64_C(1000000000)

/* The longest link header and its tags, which an MTU does not count. */
#define HEADERS_MAX (16 + 4 * WC_LINK_TAGS_MAX)

struct live {
	struct wc_source source;

	struct wc_live_tap tap;
	struct wc_live_socket *socket; /* NULL: never opened, because the interface is down */
	struct wc_live_setup setup;
	char name[IFNAMSIZ];
	struct wc_host *host;
	bool any;

	/* The interface that the socket is bound to, or was. */
	bool bound;
	unsigned index, serial, mtu;
	uint16_t type;

	uint64_t looked_ns, gone_since_ns; /* by the monotonic clock */
	uint64_t gone_ns, restarts;
	bool started;
	uint64_t closed_received, closed_lost; /* frames of sockets before this one */
	uint64_t missed, missed_seen;          /* our sum, and the interface's counter */
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* What the link says of itself, which may change while it is counted. */
static void note_link(struct live *live, const struct wc_host_link *link)
{
	live->index = link->index;
	live->serial = link->serial;
	live->type = link->type;
	live->mtu = link->mtu;
	live->tap.longest = link->mtu + HEADERS_MAX;
	memcpy(live->tap.own, link->own, sizeof(live->tap.own));
}

/* The same for "any", which carries whatever one of the links does. */
static void note_all(struct live *live)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(live->host, &count);

	live->mtu = 0;
	for (size_t i = 0; i < count; i++)
		if (links[i].mtu > live->mtu)
			live->mtu = links[i].mtu;
	live->tap.longest = live->mtu + HEADERS_MAX;
}

static void count_missed(struct live *live)
{
	uint64_t now;

	if (!live->bound || !wc_host_missed(live->index, &now))
		return;
	/* It falls when a driver starts anew, or one of all links is gone. */
	if (now > live->missed_seen)
		live->missed += now - live->missed_seen;
	live->missed_seen = now;
}

/* The kernel's counts of this socket and those before it. */
static void count(struct live *live, uint64_t *received, uint64_t *lost)
{
	*received = *lost = 0;
	if (live->socket)
		wc_live_socket_count(live->socket, received, lost);
	*received += live->closed_received;
	*lost += live->closed_lost;
}

/*
 * Frames that are still in the ring of a socket that is closed were received and
 * are lost: nobody will count them.
 */
static void close_socket(struct live *live)
{
	uint64_t received, lost;

	count(live, &received, &lost);
	live->closed_received = received;
	live->closed_lost = received - live->tap.handed - live->tap.refused;
	wc_live_socket_close(live->socket);
	live->socket = NULL;
}

static int open_socket(struct live *live, bool *down, struct wc_error *error)
{
	int failed = wc_live_socket_open(&live->socket, &live->setup, down, error);

	if (failed)
		return failed;
	free(live->tap.room);
	live->tap.room = NULL;
	if (wc_live_socket_marks(live->socket)) {
		live->tap.room = malloc(WC_LIVE_COOKED_MAX);
		if (!live->tap.room) {
			wc_live_socket_close(live->socket);
			live->socket = NULL;
			return wc_error_set(error, WC_FAILED,
					    "there is no memory to count interface %s", live->name);
		}
	}
	live->tap.link = wc_live_socket_link(live->socket);
	live->tap.filters_here = wc_live_socket_filters_here(live->socket);
	return WC_OK;
}

/*
 * Binds to the interface of the name, if there is one, on the old socket where
 * that fits. Returns 0 too if it is to be waited for.
 */
static int attach(struct live *live, struct wc_error *error)
{
	const struct wc_host_link *link = live->any ? NULL : wc_host_link(live->host, live->name);
	uint64_t now = now_ns();
	bool down = false;
	int failed;

	live->looked_ns = now;
	if (!live->any && !link)
		return WC_OK;
	if (live->socket && link && link->type != live->type)
		close_socket(live);
	failed = live->socket ? WC_OK : open_socket(live, &down, error);
	if (failed)
		return down ? WC_OK : failed;
	if (wc_live_socket_bind(live->socket, link ? link->index : 0))
		return wc_error_set(error, WC_FAILED, "interface %s cannot be counted: %s",
				    live->name, strerror(errno));
	if (link)
		note_link(live, link);
	else
		note_all(live);
	live->bound = true;
	live->gone_ns += now - live->gone_since_ns;
	live->restarts += live->started;
	live->started = true;
	if (!wc_host_missed(live->index, &live->missed_seen))
		live->missed_seen = 0;
	return WC_OK;
}

/* Once in a while: not for every batch. */
static void look(struct live *live)
{
	uint64_t now = now_ns(), received, lost;

	if (now - live->looked_ns < LOOK_NS)
		return;
	live->looked_ns = now;
	if (!live->bound)
		attach(live, NULL);
	count(live, &received, &lost);
}

static int run(struct wc_source *source, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	struct live *live = (struct live *)source;

	(void)error;
	look(live);
	return live->socket ? wc_live_tap_run(&live->tap, live->socket, budget, sink, user)
			    : WC_SOURCE_IDLE;
}

/*
 * Without a filter it is the kernel that says what was received. With one, a frame
 * in the ring is not received yet, because the filter may refuse it here: a count
 * that was told cannot be taken back.
 */
static void stats(struct wc_source *source, struct wc_source_stats *stats)
{
	struct live *live = (struct live *)source;
	const struct wc_live_tap *tap = &live->tap;
	uint64_t received, lost;

	count(live, &received, &lost);
	count_missed(live);
	*stats = (struct wc_source_stats){
		.received = tap->filter ? tap->handed + lost : received,
		.lost_kernel = lost,
		.lost_interface = live->missed,
		.pending = received - lost - tap->handed - tap->refused,
		.gone_ns = live->gone_ns + (live->bound ? 0 : now_ns() - live->gone_since_ns),
		.restarts = live->restarts,
		.merged = tap->merged,
	};
}

static void changed(struct wc_source *source, const struct wc_host *host)
{
	struct live *live = (struct live *)source;
	const struct wc_host_link *link;

	if (live->any) {
		note_all(live);
		return;
	}
	link = wc_host_link_at(host, live->index);
	if (live->bound && link && link->serial == live->serial) {
		note_link(live, link);
		return;
	}
	if (live->bound) {
		live->bound = false;
		live->gone_since_ns = now_ns();
	}
	attach(live, NULL);
}

static void describe(const struct wc_source *source, char *text, size_t size)
{
	const struct live *live = (const struct live *)source;
	int written;

	if (!live->socket) {
		snprintf(text, size, "interface: %s, which is down and waited for\nengine: pcap\n",
			 live->name);
		return;
	}
	written = snprintf(text, size,
			   "interface: %s, index %u, link type %s, MTU %u\nengine: pcap\n",
			   live->name, live->index, wc_link_name(live->tap.link), live->mtu);
	if (written > 0 && (size_t)written < size)
		wc_live_socket_describe(live->socket, text + written, size - (size_t)written);
}

static void close_live(struct wc_source *source)
{
	struct live *live = (struct live *)source;

	wc_live_socket_close(live->socket);
	free(live->tap.room);
	free(live);
}

static const struct wc_source_ops ops = {
	.name = "pcap",
	.run = run,
	.stats = stats,
	.changed = changed,
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

static unsigned loopback_of(const struct wc_host *host)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(host, &count);

	for (size_t i = 0; i < count; i++)
		if (links[i].flags & IFF_LOOPBACK)
			return links[i].index;
	return 0;
}

int wc_live_open(struct wc_source **source, const char *interface, const struct wc_options *options,
		 struct wc_filter *filter, struct wc_host *host, struct wc_error *error)
{
	bool any = strcmp(interface, "any") == 0;
	struct live *made;
	int failed;

	if (!any && !wc_host_link(host, interface))
		return no_such_interface(interface, host, error);
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_set(error, WC_FAILED, "there is no memory to count interface %s",
				    interface);
	made->source = (struct wc_source){&ops, TICK_MS, WC_LIVE_LAG_MS};
	snprintf(made->name, sizeof(made->name), "%s", interface);
	made->host = host;
	made->any = any;
	made->gone_since_ns = now_ns();
	made->tap.filter = filter;
	made->setup = (struct wc_live_setup){
		.interface = made->name,
		.snaplen = (uint32_t)options->snaplen,
		.fitting =
			options->match || options->no_match ? WC_MATCH_SNAPLEN : WC_KERNEL_FITTING,
		.buffer = options->buffer,
		.promiscuous = options->promiscuous,
		.loopback = loopback_of(host),
		.filter = filter,
	};
	failed = attach(made, error);
	if (failed) {
		close_live(&made->source);
		return failed;
	}
	made->gone_ns = 0;
	*source = &made->source;
	return WC_OK;
}
