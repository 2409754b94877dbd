/*
 * The filter: in front of the program, or outside of it where that cannot be.
 */
#include <errno.h>
#include <string.h>

#include "filter.h"
#include "kernel_parts.h"
#include "kernel_socket.h"
#include "layout.h"
#include "program.h"

/* How long a worker may sleep: what is handed over fills a socket's buffer, slowly or fast. */
#define TICK_MS      200
#define TICK_BUSY_MS 20

#define DLT_ETHERNET 1 /* of pcap-linktype(7) */
#define DLT_RAW      101

unsigned wc_kernel_tick(const struct wc_filter *filter, bool payload)
{
	return filter || payload ? TICK_BUSY_MS : TICK_MS;
}

int wc_kernel_prepare(struct wc_source *source, struct wc_filter *filter, struct wc_error *error)
{
	const struct wc_kernel *kernel = (const struct wc_kernel *)source;
	int dlt = kernel->link == WC_LINK_ETHERNET ? DLT_ETHERNET : DLT_RAW;

	return filter ? wc_filter_prepare_live(filter, kernel->link, dlt, error) : WC_OK;
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
static int place_filter(struct wc_kernel *kernel, struct wc_filter *filter, bool payload,
			bool *filters_here, struct wc_error *error)
{
	struct wc_kernel_control *control = wc_kernel_control_of(kernel);
	uint32_t before = control->hand_over;

	if (kernel->attach != WC_ATTACH_SOCKET)
		return wc_error_set(error, WC_FAILED,
				    "counting at an interface by tcx or XDP takes no filter: "
				    "attach to socket instead, and restart");
	*filters_here = wc_kernel_program_refilter(kernel->program, filter, NULL) != WC_OK;
	if (*filters_here)
		wc_kernel_program_refilter(kernel->program, NULL, NULL);
	if (payload || *filters_here)
		control->hand_over = true;
	if (wc_kernel_attach_socket(kernel)) {
		control->hand_over = before;
		return wc_error_set(error, WC_FAILED, "the filter cannot be changed: %s",
				    strerror(errno));
	}
	control->hand_over = payload || *filters_here;
	return WC_OK;
}

/*
 * What waits in the socket was received before, and no more than that is taken: there may be
 * no end of it. If the program hands all over now, or did, none of it was filtered.
 */
static void count_before(struct wc_kernel *kernel, bool handed_over, wc_sink *sink, void *user)
{
	uint64_t received, lost, pending;

	wc_kernel_socket_count(kernel->socket, &received, &lost);
	pending = received - lost - kernel->handed - kernel->refused;
	kernel->filters_here = kernel->filters_here || handed_over;
	kernel->source.ops->run(&kernel->source, pending, sink, user, NULL);
}

int wc_kernel_refilter(struct wc_source *source, const struct wc_source_rule *rule, wc_sink *sink,
		       void *user, struct wc_error *error)
{
	struct wc_kernel *kernel = (struct wc_kernel *)source;
	bool filters_here = kernel->filters_here;
	bool same = same_text(rule->filter, kernel->filter) && rule->payload == kernel->payload;
	int failed = same ? WC_OK
			  : place_filter(kernel, rule->filter, rule->payload, &filters_here, error);

	if (failed)
		return failed;
	count_before(kernel, filters_here, sink, user);
	kernel->filter = rule->filter;
	kernel->filters_here = filters_here;
	kernel->payload = rule->payload;
	source->tick_ms = wc_kernel_tick(rule->filter, rule->payload);
	source->news++;
	return WC_OK;
}

static void read_as(struct wc_kernel *kernel, enum wc_link type)
{
	kernel->link = type;
	wc_kernel_control_of(kernel)->link =
		type == WC_LINK_ETHERNET ? WC_KERNEL_ETHERNET : WC_KERNEL_RAW;
	wc_kernel_socket_set_link(kernel->socket, type);
}

int wc_kernel_turn(struct wc_kernel *kernel, enum wc_link type, struct wc_error *error)
{
	enum wc_link before = kernel->link;
	int failed;

	read_as(kernel, type);
	if (!kernel->filter)
		return WC_OK;
	failed = wc_kernel_prepare(&kernel->source, kernel->filter, error);
	if (!failed)
		failed = place_filter(kernel, kernel->filter, kernel->payload,
				      &kernel->filters_here, error);
	if (failed)
		read_as(kernel, before);
	return failed;
}
