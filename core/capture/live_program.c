#include "live_program.h"

#include <errno.h>
#include <linux/filter.h>
#include <pcap/dlt.h>
#include <string.h>
#include <sys/socket.h>

#include "filter.h"
#include "filter_kernel.h"
#include "live_socket.h"
#include "wirecensus/error.h"

/* As files number the link types that a socket can have. */
static int dlt_of(enum wc_link link)
{
	return link == WC_LINK_SLL ? DLT_LINUX_SLL : link == WC_LINK_RAW ? DLT_RAW : DLT_EN10MB;
}

int wc_live_program_prepare(enum wc_link link, const struct wc_live_setup *setup,
			    struct wc_error *error)
{
	return setup->filter ? wc_filter_prepare_live(setup->filter, link, dlt_of(link), error)
			     : WC_OK;
}

static bool attach(int fd, const struct wc_kernel_plan *plan)
{
	struct sock_filter code[WC_KERNEL_MAX];
	struct sock_fprog program = {wc_kernel_program(code, plan), code};

	if (program.len == 0) {
		errno = EMSGSIZE;
		return false;
	}
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) == 0;
}

/* What the kernel does not take, such as a loop (protochain), is done here. */
int wc_live_program_install(struct wc_live_program *program, int fd, enum wc_link link,
			    const struct wc_live_setup *setup, struct wc_error *error)
{
	struct wc_kernel_plan plan = {
		.link = link,
		.cooked = link == WC_LINK_SLL,
		.loopback = setup->loopback,
		.snaplen = setup->snaplen,
		.fitting = setup->fitting,
		.filter = setup->filter,
	};
	bool taken = attach(fd, &plan);
	int refusal = errno;

	if (!taken) {
		plan.here = setup->filter != NULL;
		taken = plan.here && attach(fd, &plan);
	}
	if (!taken)
		return wc_error_set(
			error, WC_FAILED,
			"the kernel takes no filter for interface %s: %s; it must be built with "
			"socket filters",
			setup->interface, strerror(errno));
	*program = (struct wc_live_program){plan.here, refusal};
	return WC_OK;
}
