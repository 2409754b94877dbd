#include "kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drain.h"
#include "filter.h"
#include "host.h"
#include "kernel_socket.h"
#include "link.h"
#include "local_set.h"
#include "program.h"
#include "rules.h"
#include "source.h"
#include "tables.h"
#include "wirecensus/options.h"

#define NS UINT64_C(1000000000)

/* How long a worker may sleep: what is handed over fills a socket's buffer, slowly or fast. */
#define TICK_MS      200
#define TICK_BUSY_MS 20
#define LAG_MS       60

/* How often what failed is tried again. */
#define LOOK_NS NS

/* Counters of 32 bits are read so often, in long intervals too. */
#define COLLECT_NS (10 * NS)

#define HEADERS_MAX (14 + 4 * WC_LINK_TAGS_MAX) /* which an MTU does not count */

#define MEGABYTE 1000000

struct kernel {
	struct wc_source source;

	struct wc_kernel_program *program;
	struct wc_kernel_drain *drain;
	struct wc_kernel_socket *socket;
	const struct wc_rules *rules;
	struct wc_filter *filter; /* NULL: none */
	struct wc_host *host;
	char name[IFNAMSIZ];
	bool promiscuous;
	enum wc_link link;

	/* What the program goes by. */
	const struct wc_local *local; /* of the host */
	struct wc_tables *tables;     /* NULL before the first collection */
	bool filters_here;            /* all of the filter: the program hands all frames over */
	bool payload;                 /* as above, for frames are looked into */

	/* The interface that the socket is bound to, or was. */
	unsigned index, serial, mtu;
	bool started;
	uint64_t gone_ns, restarts;
	uint64_t missed, missed_seen; /* our sum, and the interface's counter */
	struct wc_error trouble;      /* why an interface that is there is not counted */

	uint64_t looked_ns, collected_ns; /* by the monotonic clock */
	int64_t collected_wall_ns;
	struct wc_kernel_frames frames;  /* counted by the program */
	uint64_t handed, refused, large; /* handed over, and counted, refused, or merged */
};

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS + (uint64_t)now.tv_nsec;
}

static struct wc_kernel_control *control_of(const struct kernel *kernel)
{
	return wc_kernel_program_maps(kernel->program)->control;
}

/* Returns WC_LINK_UNSUPPORTED for a type of link that this engine does not count. */
static enum wc_link link_of(unsigned type)
{
	switch (type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return WC_LINK_ETHERNET;
	case ARPHRD_NONE:
		return WC_LINK_RAW;
	default:
		return WC_LINK_UNSUPPORTED;
	}
}

static void note_link(struct kernel *kernel, const struct wc_host_link *link)
{
	kernel->index = link->index;
	kernel->serial = link->serial;
	kernel->mtu = link->mtu;
	control_of(kernel)->longest = link->mtu + HEADERS_MAX;
}

/* Binds to the interface of the name, if there is one. Returns 0, too if it is to be waited for. */
static int attach(struct kernel *kernel, struct wc_error *error)
{
	const struct wc_host_link *link = wc_host_link(kernel->host, kernel->name);
	uint64_t now = now_ns(CLOCK_MONOTONIC);

	kernel->looked_ns = now;
	if (!link)
		return WC_OK;
	if (link_of(link->type) != kernel->link)
		return wc_error_set(error, WC_FAILED,
				    "interface %s has come back with another type of link, which "
				    "needs a restart",
				    kernel->name);
	note_link(kernel, link);
	if (wc_kernel_socket_bind(kernel->socket, link->index, kernel->promiscuous))
		return wc_error_set(error, WC_FAILED, "interface %s cannot be counted: %s",
				    kernel->name, strerror(errno));
	kernel->source.gone = false;
	kernel->source.news++;
	kernel->gone_ns += now - kernel->source.gone_since_ns;
	kernel->restarts += kernel->started;
	kernel->started = true;
	if (!wc_host_missed(kernel->index, &kernel->missed_seen))
		kernel->missed_seen = 0;
	return WC_OK;
}

static void attach_again(struct kernel *kernel)
{
	struct wc_error trouble = {""};

	attach(kernel, &trouble);
	if (strcmp(trouble.text, kernel->trouble.text) != 0)
		kernel->source.news++;
	kernel->trouble = trouble;
}

static void changed(struct wc_source *source, const struct wc_host *host)
{
	struct kernel *kernel = (struct kernel *)source;
	const struct wc_host_link *link = wc_host_link_at(host, kernel->index);

	if (!source->gone && link && link->serial == kernel->serial) {
		note_link(kernel, link);
		source->news++;
		return;
	}
	if (!source->gone) {
		source->gone = true;
		source->gone_since_ns = now_ns(CLOCK_MONOTONIC);
		source->news++;
	}
	attach_again(kernel);
}

/* Tells the program the host's addresses, in the set that it does not look at. */
static int tell_local(struct kernel *kernel, struct wc_error *error)
{
	const struct wc_kernel_maps *maps = wc_kernel_program_maps(kernel->program);
	struct wc_kernel_control *control = maps->control;
	uint32_t next = control->local ^ 1;
	int failed;

	kernel->local = wc_host_local(kernel->host);
	wc_kernel_drain_wait();
	failed = wc_kernel_local_fill(&maps->locals[next], kernel->local, error);
	if (failed)
		return failed;
	__atomic_store_n(&control->local, next, __ATOMIC_RELEASE);
	/* What is kept beside a new row is of stamp 0. */
	__atomic_store_n(&control->stamp, control->stamp % UINT16_MAX + 1, __ATOMIC_RELEASE);
	return WC_OK;
}

static void go_by(struct kernel *kernel, const struct wc_served *served)
{
	struct wc_kernel_control *control = control_of(kernel);

	control->fold_internet = kernel->rules->fold_internet;
	control->scan_plain = kernel->rules->scan.mode == WC_SCAN_PLAIN;
	wc_kernel_drain_serve(kernel->drain, served);
}

static void settle(struct wc_source *source, const struct wc_tables *tables)
{
	struct kernel *kernel = (struct kernel *)source;

	go_by(kernel, &tables->conversations.served);
	if (wc_host_local(kernel->host) != kernel->local)
		tell_local(kernel, &kernel->trouble);
}

static void collect(struct wc_source *source, struct wc_tables *tables)
{
	struct kernel *kernel = (struct kernel *)source;
	struct wc_kernel_when when = {.first_ns = kernel->collected_wall_ns};
	struct wc_kernel_frames frames;

	kernel->collected_ns = now_ns(CLOCK_MONOTONIC);
	when.last_ns = kernel->collected_wall_ns = (int64_t)now_ns(CLOCK_REALTIME);
	when.now_s = (uint32_t)(now_ns(CLOCK_BOOTTIME) / NS);
	wc_kernel_drain_run(kernel->drain, tables, &when, &frames);
	kernel->frames.counted += frames.counted;
	kernel->frames.merged += frames.merged;
	kernel->tables = tables;
}

/* What has changed since the last time, and what is due. */
static void look(struct kernel *kernel)
{
	uint64_t now = now_ns(CLOCK_MONOTONIC);

	if (wc_host_local(kernel->host) != kernel->local)
		tell_local(kernel, &kernel->trouble);
	if (kernel->source.gone && now - kernel->looked_ns >= LOOK_NS)
		attach_again(kernel);
	if (kernel->tables && now - kernel->collected_ns >= COLLECT_NS)
		collect(&kernel->source, kernel->tables);
}

static bool is_refused(const struct kernel *kernel, const struct wc_frame *frame)
{
	if (!kernel->filter)
		return false;
	return kernel->filters_here ? !wc_filter_pass(kernel->filter, frame)
				    : !wc_filter_pass_tagged(kernel->filter, frame);
}

/* What the program has handed over goes to the decoder. */
static int run(struct wc_source *source, size_t budget, wc_sink *sink, void *user,
	       struct wc_error *error)
{
	struct kernel *kernel = (struct kernel *)source;
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
		kernel->large += frame.length > control_of(kernel)->longest;
		sink(user, &frame);
	}
	return taken;
}

static void count_missed(struct kernel *kernel)
{
	uint64_t now;

	if (kernel->source.gone || !wc_host_missed(kernel->index, &now))
		return;
	if (now > kernel->missed_seen) /* it falls when a driver starts anew */
		kernel->missed += now - kernel->missed_seen;
	kernel->missed_seen = now;
}

/*
 * What the program counted was received when that was collected, so that the tables
 * have as much. With a filter, a frame that waits in the socket is not received yet,
 * because the filter may refuse it here.
 */
static void stats(struct wc_source *source, struct wc_source_stats *stats)
{
	struct kernel *kernel = (struct kernel *)source;
	uint64_t received, lost;

	wc_kernel_socket_count(kernel->socket, &received, &lost);
	count_missed(kernel);
	*stats = (struct wc_source_stats){
		.received = kernel->frames.counted +
			    (kernel->filter ? kernel->handed + lost : received - kernel->refused),
		.lost_kernel = lost,
		.lost_interface = kernel->missed,
		.pending = received - lost - kernel->handed - kernel->refused,
		.gone_ns = kernel->gone_ns +
			   (source->gone ? now_ns(CLOCK_MONOTONIC) - source->gone_since_ns : 0),
		.restarts = kernel->restarts,
		.merged = kernel->frames.merged + kernel->large,
	};
}

static unsigned tick_of(const struct wc_filter *filter, bool payload)
{
	return filter || payload ? TICK_BUSY_MS : TICK_MS;
}

static int prepare(struct wc_source *source, struct wc_filter *filter, struct wc_error *error)
{
	const struct kernel *kernel = (const struct kernel *)source;

	return filter ? wc_filter_prepare_live(filter, kernel->link,
					       kernel->link == WC_LINK_ETHERNET ? 1 : 101, error)
		      : WC_OK;
}

static bool same_text(const struct wc_filter *one, const struct wc_filter *other)
{
	if (!one || !other)
		return one == other;
	return strcmp(wc_filter_text(one), wc_filter_text(other)) == 0;
}

/*
 * Puts @filter in front of the program. Where that cannot be, as there is no privilege
 * any more or the kernel refuses it, the program hands all frames over.
 */
static int place_filter(struct kernel *kernel, struct wc_filter *filter, bool payload,
			bool *filters_here, struct wc_error *error)
{
	*filters_here = wc_kernel_program_refilter(kernel->program, filter, NULL) != WC_OK;
	if (*filters_here)
		wc_kernel_program_refilter(kernel->program, NULL, NULL);
	if (payload || *filters_here)
		control_of(kernel)->hand_over = true;
	if (wc_kernel_socket_attach(kernel->socket, wc_kernel_program_fd(kernel->program)))
		return wc_error_set(error, WC_FAILED, "the filter cannot be changed: %s",
				    strerror(errno));
	control_of(kernel)->hand_over = payload || *filters_here;
	return WC_OK;
}

static int refilter(struct wc_source *source, const struct wc_source_rule *rule, wc_sink *sink,
		    void *user, struct wc_error *error)
{
	struct kernel *kernel = (struct kernel *)source;
	bool filters_here = kernel->filters_here;
	int failed = WC_OK;

	if (!same_text(rule->filter, kernel->filter) || rule->payload != kernel->payload)
		failed = place_filter(kernel, rule->filter, rule->payload, &filters_here, error);
	if (failed)
		return failed;
	while (run(source, SIZE_MAX, sink, user, NULL) > 0)
		;
	kernel->filter = rule->filter;
	kernel->filters_here = filters_here;
	kernel->payload = rule->payload;
	source->tick_ms = tick_of(rule->filter, rule->payload);
	source->news++;
	return WC_OK;
}

static void describe(const struct wc_source *source, char *text, size_t size)
{
	const struct kernel *kernel = (const struct kernel *)source;
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
		 "interface: %s\nengine: kernel, by a socket filter%s\nfilter: %s\n"
		 "promiscuous: %s\nmemory: %" PRIu64 " MB in the kernel\n",
		 where,
		 kernel->filters_here || kernel->payload
			 ? "; frames are counted outside until a restart"
			 : "",
		 kernel->filter ? wc_filter_text(kernel->filter) : "none",
		 kernel->promiscuous ? "yes" : "no", (bytes + MEGABYTE - 1) / MEGABYTE);
}

static void close_kernel(struct wc_source *source)
{
	struct kernel *kernel = (struct kernel *)source;

	wc_kernel_socket_close(kernel->socket);
	wc_kernel_drain_free(kernel->drain);
	wc_kernel_program_free(kernel->program);
	free(kernel);
}

static const struct wc_source_ops ops = {
	.name = "kernel",
	.run = run,
	.stats = stats,
	.collect = collect,
	.settle = settle,
	.changed = changed,
	.prepare = prepare,
	.refilter = refilter,
	.describe = describe,
	.close = close_kernel,
};

static unsigned loopback_of(const struct wc_host *host)
{
	size_t count;
	const struct wc_host_link *links = wc_host_links(host, &count);

	for (size_t i = 0; i < count; i++)
		if (links[i].flags & IFF_LOOPBACK)
			return links[i].index;
	return 0;
}

/* What this engine does not do, whatever the interface. */
static int check(const char *interface, const struct wc_options *options, enum wc_link link,
		 struct wc_error *error)
{
	if (strcmp(interface, "any") == 0)
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel is for one interface, not for 'any'");
	if (options->match || options->no_match)
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel does not look into frames, as match "
				    "and no_match ask for");
	if (options->rate_mode == WC_RATE_NCS)
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel knows no times of frames, which mode "
				    "ncs goes by");
	if (link == WC_LINK_UNSUPPORTED)
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel is for Ethernet and IP, which "
				    "interface %s is not",
				    interface);
	return WC_OK;
}

static int load(struct kernel *kernel, const struct wc_options *options, struct wc_error *error)
{
	struct wc_kernel_setup setup = {
		.rules = kernel->rules,
		.filter = kernel->filter,
		.link = kernel->link == WC_LINK_ETHERNET ? WC_KERNEL_ETHERNET : WC_KERNEL_RAW,
		.loopback = loopback_of(kernel->host),
	};
	int failed = prepare(&kernel->source, kernel->filter, error);

	if (!failed)
		failed = wc_kernel_program_open(&kernel->program, &setup, error);
	if (!failed)
		failed = wc_kernel_drain_open(&kernel->drain,
					      wc_kernel_program_maps(kernel->program), error);
	if (!failed)
		failed = tell_local(kernel, error);
	if (!failed)
		failed = wc_kernel_socket_open(&kernel->socket, kernel->link, options->buffer,
					       error);
	if (failed)
		return failed;
	go_by(kernel, &kernel->rules->served);
	if (wc_kernel_socket_attach(kernel->socket, wc_kernel_program_fd(kernel->program)))
		return wc_error_set(error, WC_FAILED,
				    "the program that counts cannot be attached to a socket: %s",
				    strerror(errno));
	return attach(kernel, error);
}

int wc_kernel_open(struct wc_source **source, const char *interface, bool wait,
		   const struct wc_options *options, const struct wc_rules *rules,
		   struct wc_filter *filter, struct wc_host *host, struct wc_error *error)
{
	const struct wc_host_link *link = wc_host_link(host, interface);
	enum wc_link type = link ? link_of(link->type) : WC_LINK_ETHERNET;
	struct kernel *made;
	int failed = check(interface, options, type, error);

	if (failed)
		return failed;
	if (!link && !wait)
		return wc_error_set(error, WC_FAILED, "there is no interface '%s'; see ip-link(8)",
				    interface);
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_set(error, WC_FAILED, "there is not enough memory to count");
	made->source = (struct wc_source){
		.ops = &ops,
		.tick_ms = tick_of(filter, false),
		.lag_ms = LAG_MS,
		.gone = true,
		.gone_since_ns = now_ns(CLOCK_MONOTONIC),
	};
	snprintf(made->name, sizeof(made->name), "%s", interface);
	made->rules = rules;
	made->filter = filter;
	made->host = host;
	made->link = type;
	made->promiscuous = options->promiscuous;
	made->collected_wall_ns = (int64_t)now_ns(CLOCK_REALTIME);
	failed = load(made, options, error);
	if (failed) {
		close_kernel(&made->source);
		return failed;
	}
	made->gone_ns = 0;
	*source = &made->source;
	return WC_OK;
}
