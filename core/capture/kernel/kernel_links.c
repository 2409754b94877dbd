#include "kernel_links.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host.h"
#include "program.h"
#include "wirecensus/error.h"

/* Of enum bpf_attach_type, in linux/bpf.h since 6.6. */
#define TCX_INGRESS 46
#define TCX_EGRESS  47

static const char *const names[] = {
	[WC_ATTACH_TCX] = "tcx",
	[WC_ATTACH_XDP] = "XDP",
	[WC_ATTACH_XDP_GENERIC] = "generic XDP",
};

static int refused(int failure, enum wc_attach attach, const char *interface,
		   struct wc_error *error)
{
	const char *way = names[attach];
	struct utsname kernel = {.release = ""};

	uname(&kernel);
	if (failure == EPERM || failure == EACCES)
		return wc_error_set(error, WC_FAILED,
				    "counting at interface %s by %s needs the capability "
				    "CAP_NET_ADMIN, which is not there, or not any more: restart "
				    "as root, or attach to socket instead",
				    interface, way);
	if (attach == WC_ATTACH_TCX && failure == EINVAL)
		return wc_error_set(error, WC_FAILED,
				    "counting at interface %s by tcx needs Linux 6.6 or later, and "
				    "this is %s: attach to socket instead",
				    interface, kernel.release);
	if (attach == WC_ATTACH_XDP && (failure == EOPNOTSUPP || failure == EINVAL))
		return wc_error_set(error, WC_FAILED,
				    "the driver of interface %s has no XDP, or not with its MTU "
				    "and settings: attach to xdp-generic instead",
				    interface);
	if (failure == EBUSY)
		return wc_error_set(error, WC_FAILED,
				    "interface %s has another XDP program already, and there is "
				    "place for one: attach to tcx instead",
				    interface);
	return wc_error_set(error, WC_FAILED, "interface %s cannot be counted by %s: %s", interface,
			    way, strerror(failure));
}

/* Returns a descriptor, or a negative errno. */
static int join(const struct wc_kernel_program *program, enum wc_kernel_hook hook, unsigned index,
		int type, uint32_t flags)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);

	return bpf_link_create(wc_kernel_program_fd(program, hook), (int)index,
			       (enum bpf_attach_type)type, &options);
}

int wc_kernel_links_open(struct wc_kernel_links *links, const struct wc_kernel_program *program,
			 enum wc_attach attach, const struct wc_host_link *interface, bool *half,
			 struct wc_error *error)
{
	bool sends = !(interface->flags & IFF_LOOPBACK);
	unsigned index = interface->index;

	*half = false;
	*links = WC_KERNEL_LINKS_NONE;
	if (attach == WC_ATTACH_TCX)
		links->received = join(program, WC_KERNEL_AT_RECEIVED, index, TCX_INGRESS, 0);
	else
		links->received =
			join(program, WC_KERNEL_AT_XDP, index, BPF_XDP,
			     attach == WC_ATTACH_XDP ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE);
	if (links->received < 0)
		return refused(-links->received, attach, interface->name, error);
	if (sends)
		links->sent = join(program, WC_KERNEL_AT_SENT, index, TCX_EGRESS, 0);
	if (!sends || links->sent >= 0)
		return WC_OK;
	if (attach != WC_ATTACH_TCX && links->sent == -EINVAL) {
		*half = true;
		return WC_OK;
	}
	return refused(-links->sent, attach, interface->name, error);
}

void wc_kernel_links_close(struct wc_kernel_links *links)
{
	if (links->received >= 0)
		close(links->received);
	if (links->sent >= 0)
		close(links->sent);
	*links = WC_KERNEL_LINKS_NONE;
}
