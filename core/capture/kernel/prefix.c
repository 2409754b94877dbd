#include "prefix.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "classic.h"
#include "filter.h"
#include "translate.h"
#include "wirecensus/error.h"

struct wc_kernel_prefix {
	int next; /* a map with the program that counts; empty when it is closed */
	int program;
};

static int refused(const struct wc_filter *filter, const char *reason, struct wc_error *error)
{
	if (!filter)
		return wc_error_set(error, WC_FAILED,
				    "nothing can be put in front of the kernel's counting: %s",
				    reason);
	return wc_error_set(error, WC_FAILED,
			    "the filter '%s' cannot run in front of the kernel's counting: %s",
			    wc_filter_text(filter), reason);
}

static int load(struct wc_kernel_prefix *prefix, const struct wc_filter *filter, uint32_t link,
		struct wc_error *error)
{
	struct sock_filter classic[WC_CLASSIC_MAX] = {
		BPF_STMT(BPF_RET | BPF_K, WC_CLASSIC_COUNT),
	};
	size_t count = filter ? wc_classic_compose(classic, filter, (enum wc_kernel_link)link) : 1;
	struct bpf_insn *code;

	if (count == 0)
		return refused(filter, "it is too long", error);
	code = calloc(WC_TRANSLATE_ROOM(count), sizeof(*code));
	if (!code)
		return refused(filter, strerror(ENOMEM), error);
	count = wc_translate(code, classic, count, WC_CLASSIC_COUNT, prefix->next);
	if (count == 0) {
		free(code);
		return refused(filter, "it has a loop, or asks for what is not known there", error);
	}
	prefix->program = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "wc_filter", "Dual BSD/GPL",
					code, count, NULL);
	free(code);
	return prefix->program < 0 ? refused(filter, strerror(errno), error) : WC_OK;
}

int wc_kernel_prefix_open(struct wc_kernel_prefix **prefix, const struct wc_filter *filter,
			  uint32_t link, int next, struct wc_error *error)
{
	struct wc_kernel_prefix *made = malloc(sizeof(*made));
	const uint32_t first = 0;
	int failed;

	if (!made)
		return refused(filter, strerror(ENOMEM), error);
	made->program = -1;
	made->next = bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "wc_next", sizeof(first), sizeof(next),
				    1, NULL);
	if (made->next < 0 || bpf_map_update_elem(made->next, &first, &next, BPF_ANY))
		failed = refused(filter, strerror(errno), error);
	else
		failed = load(made, filter, link, error);
	if (failed) {
		wc_kernel_prefix_free(made);
		return failed;
	}
	*prefix = made;
	return WC_OK;
}

void wc_kernel_prefix_free(struct wc_kernel_prefix *prefix)
{
	if (!prefix)
		return;
	if (prefix->program >= 0)
		close(prefix->program);
	if (prefix->next >= 0)
		close(prefix->next);
	free(prefix);
}

int wc_kernel_prefix_fd(const struct wc_kernel_prefix *prefix)
{
	return prefix->program;
}
