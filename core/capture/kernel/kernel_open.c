#include <errno.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter_expression.h"
#include "host.h"
#include "kernel.h"
#include "kernel_parts.h"
#include "kernel_socket.h"
#include "layout.h"
#include "program.h"
#include "rules.h"

#define LAG_MS 60

/* True if they ask for any of what becomes a filter (filter.h). */
static bool has_filter(const struct wc_options *options)
{
	return !wc_expression_is_empty(options->filter) || options->exclude_local_sources ||
	       options->to.version;
}

int wc_kernel_check(const char *interface, const struct wc_options *options, struct wc_error *error)
{
	if (strcmp(interface, "any") == 0)
		return wc_error_set(error, WC_INVALID,
				    "counting in the kernel is for one interface, not for 'any'");
	if (options->match || options->no_match)
		return wc_error_set(
			error, WC_INVALID,
			"counting in the kernel does not look into the payload of frames");
	if (options->rate_mode == WC_RATE_NCS)
		return wc_error_set(error, WC_INVALID,
				    "counting in the kernel knows no times of frames, which mode "
				    "ncs goes by");
	if (has_filter(options) && options->attach != WC_ATTACH_SOCKET)
		return wc_error_set(error, WC_INVALID,
				    "counting at an interface by tcx or XDP takes no filter: "
				    "attach to socket instead");
	return WC_OK;
}

/* What this engine does not do, here. */
static int check(const char *interface, const struct wc_options *options, enum wc_link link,
		 struct wc_error *error)
{
	int failed = wc_kernel_check(interface, options, error);

	if (failed)
		return failed;
	if (link == WC_LINK_UNSUPPORTED)
		return wc_error_set(error, WC_FAILED,
				    "counting in the kernel is for Ethernet and IP, which "
				    "interface %s is not",
				    interface);
	return WC_OK;
}

static int load(struct wc_kernel *kernel, const struct wc_options *options, struct wc_error *error)
{
	struct wc_kernel_setup setup = {
		.rules = kernel->rules,
		.filter = kernel->filter,
		.attach = kernel->attach,
		.drop_echo = kernel->drop_echo,
		.link = kernel->link == WC_LINK_ETHERNET ? WC_KERNEL_ETHERNET : WC_KERNEL_RAW,
		.loopback = kernel->loopback,
	};
	int failed = wc_kernel_ops.prepare(&kernel->source, kernel->filter, error);

	if (!failed)
		failed = wc_kernel_program_open(&kernel->program, &setup, error);
	if (!failed)
		failed = wc_kernel_drain_open(&kernel->drain,
					      wc_kernel_program_maps(kernel->program), error);
	if (!failed)
		failed = wc_kernel_tell_local(kernel, error);
	if (!failed)
		failed = wc_kernel_socket_open(&kernel->socket, kernel->link, options->buffer,
					       error);
	if (failed)
		return failed;
	wc_kernel_go_by(kernel, &kernel->rules->served);
	if (kernel->attach != WC_ATTACH_TCX && wc_kernel_attach_socket(kernel))
		return wc_error_set(error, WC_FAILED,
				    "the program that counts cannot be attached to a socket: %s",
				    strerror(errno));
	return wc_kernel_attach(kernel, error);
}

int wc_kernel_open(struct wc_source **source, const char *interface, bool wait,
		   const struct wc_options *options, const struct wc_rules *rules,
		   struct wc_filter *filter, struct wc_host *host, struct wc_error *error)
{
	const struct wc_host_link *link = wc_host_link(host, interface);
	enum wc_link type = link ? wc_kernel_link_of(link->type) : WC_LINK_ETHERNET;
	struct wc_kernel *made;
	int failed = check(interface, options, type, error);

	if (failed)
		return failed;
	if (!link && !wait)
		return wc_error_set(error, WC_FAILED, "there is no interface '%s'; see ip-link(8)",
				    interface);
	made = calloc(1, sizeof(*made));
	if (!made)
		return wc_error_no_memory(error, "to count");
	made->source = (struct wc_source){
		.ops = &wc_kernel_ops,
		.tick_ms = wc_kernel_tick(filter, false),
		.lag_ms = LAG_MS,
		.gone = true,
		.gone_since_ns = wc_kernel_now(CLOCK_MONOTONIC),
	};
	snprintf(made->name, sizeof(made->name), "%s", interface);
	made->rules = rules;
	made->filter = filter;
	made->host = host;
	made->link = type;
	made->loopback = wc_host_loopback(host);
	made->promiscuous = options->promiscuous;
	made->attach = (enum wc_attach)options->attach;
	made->drop_echo = options->drop_echo;
	made->links = WC_KERNEL_LINKS_NONE;
	made->collected_wall_ns = (int64_t)wc_kernel_now(CLOCK_REALTIME);
	failed = load(made, options, error);
	if (failed) {
		wc_kernel_ops.close(&made->source);
		return failed;
	}
	made->gone_ns = 0;
	*source = &made->source;
	return WC_OK;
}
