/*
 * The interface: attached to when it is there, and again when it comes back.
 */
#include <errno.h>
#include <net/if_arp.h>
#include <string.h>

#include "host.h"
#include "kernel_parts.h"
#include "kernel_socket.h"
#include "layout.h"
#include "link.h"
#include "program.h"

#define NS UINT64_C(1000000000)

#define HEADERS_MAX (14 + 4 * WC_LINK_TAGS_MAX) /* which an MTU does not count */

uint64_t wc_kernel_now(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS + (uint64_t)now.tv_nsec;
}

struct wc_kernel_control *wc_kernel_control_of(const struct wc_kernel *kernel)
{
	return wc_kernel_program_maps(kernel->program)->control;
}

enum wc_link wc_kernel_link_of(unsigned type)
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

static void note_link(struct wc_kernel *kernel, const struct wc_host_link *link)
{
	struct wc_kernel_control *control = wc_kernel_control_of(kernel);
	uint64_t own = 0;

	kernel->index = link->index;
	kernel->serial = link->serial;
	kernel->mtu = link->mtu;
	memcpy(&own, link->own, sizeof(link->own));
	control->own = own;
	control->longest = link->mtu + HEADERS_MAX;
}

static int join(struct wc_kernel *kernel, const struct wc_host_link *link, struct wc_error *error)
{
	int failed = WC_OK;

	kernel->at_socket = kernel->attach == WC_ATTACH_SOCKET;
	if (!kernel->at_socket)
		failed = wc_kernel_links_open(&kernel->links, kernel->program, kernel->attach, link,
					      &kernel->at_socket, error);
	if (failed)
		return failed;
	/* Bound last: nothing is counted of an interface that cannot be counted whole. */
	if ((kernel->promiscuous && wc_kernel_socket_widen(kernel->socket, link->index)) ||
	    (kernel->at_socket && wc_kernel_socket_bind(kernel->socket, link->index)))
		return wc_error_set(error, WC_FAILED, "interface %s cannot be counted: %s",
				    kernel->name, strerror(errno));
	return WC_OK;
}

/* Before Linux 6.8 it is net.core.optmem_max, 20 KB, that a socket has for a program. */
int wc_kernel_attach_socket(struct wc_kernel *kernel)
{
	int whole = wc_kernel_program_fd(kernel->program, WC_KERNEL_AT_SOCKET);
	int brief = wc_kernel_program_fd(kernel->program, WC_KERNEL_AT_SOCKET_SHORT);
	int failed = wc_kernel_socket_attach(kernel->socket, whole);

	return failed && errno == ENOMEM ? wc_kernel_socket_attach(kernel->socket, brief) : failed;
}

int wc_kernel_attach(struct wc_kernel *kernel, struct wc_error *error)
{
	const struct wc_host_link *link = wc_host_link(kernel->host, kernel->name);
	uint64_t now = wc_kernel_now(CLOCK_MONOTONIC);
	enum wc_link type;
	int failed;

	kernel->looked_ns = now;
	if (!link)
		return WC_OK;
	type = wc_kernel_link_of(link->type);
	if (type == WC_LINK_UNSUPPORTED)
		return wc_error_set(error, WC_FAILED,
				    "interface %s has come with a type of link that is not counted "
				    "in the kernel: set engine to ring, and restart",
				    kernel->name);
	failed = type == kernel->link ? WC_OK : wc_kernel_turn(kernel, type, error);
	if (failed)
		return failed;
	note_link(kernel, link);
	failed = join(kernel, link, error);
	if (failed) {
		wc_kernel_links_close(&kernel->links);
		return failed;
	}
	kernel->source.gone = false;
	kernel->source.news++;
	kernel->gone_ns += now - kernel->source.gone_since_ns;
	kernel->restarts += kernel->started;
	kernel->started = true;
	wc_missed_forget(&kernel->missed);
	wc_missed_look(&kernel->missed, kernel->index);
	return WC_OK;
}

void wc_kernel_attach_again(struct wc_kernel *kernel)
{
	struct wc_error trouble = {""};

	wc_kernel_attach(kernel, &trouble);
	if (strcmp(trouble.text, kernel->trouble.text) != 0)
		kernel->source.news++;
	kernel->trouble = trouble;
}

void wc_kernel_changed(struct wc_source *source, const struct wc_host *host)
{
	struct wc_kernel *kernel = (struct wc_kernel *)source;
	const struct wc_host_link *link = wc_host_link_at(host, kernel->index);

	if (!source->gone && link && link->serial == kernel->serial &&
	    wc_kernel_link_of(link->type) == kernel->link) {
		note_link(kernel, link);
		source->news++;
		return;
	}
	if (!source->gone) {
		wc_kernel_links_close(&kernel->links);
		wc_kernel_socket_silence(kernel->socket);
		source->gone = true;
		source->gone_since_ns = wc_kernel_now(CLOCK_MONOTONIC);
		source->news++;
	}
	wc_kernel_attach_again(kernel);
}
