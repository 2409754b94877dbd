#include "live_refilter.h"

#include <time.h>

#include "filter_kernel.h"
#include "live_socket.h"
#include "live_tap.h"
#include "match.h"
#include "wirecensus/error.h"

/* The kernel withholds a frame for 20 ms at most; a loaded machine may take longer. */
#define LOOK_MS   2
#define LOOKS_MAX 1000 /* without a frame between them */
#define NS_PER_MS 1000000

uint32_t wc_live_fitting(const struct wc_source_rule *rule)
{
	return rule->payload ? WC_MATCH_SNAPLEN : WC_KERNEL_FITTING;
}

/*
 * Hands over exactly the frames that are in the ring by now: later ones have passed
 * the new program. Returns false when the kernel keeps them.
 */
static bool hand_over(struct wc_live_tap *tap, struct wc_live_socket *socket, wc_sink *sink,
		      void *user)
{
	uint64_t left = wc_live_tap_pending(tap, socket);

	for (int looks = 0; left && looks < LOOKS_MAX; looks++) {
		size_t taken = wc_live_tap_read(tap, socket, left, sink, user);

		left -= taken;
		if (taken)
			looks = 0;
		else
			nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * NS_PER_MS}, NULL);
	}
	return left == 0;
}

int wc_live_refilter(struct wc_live_tap *tap, struct wc_live_setup *setup,
		     struct wc_live_socket *socket, const struct wc_source_rule *rule,
		     wc_sink *sink, void *user, struct wc_error *error)
{
	struct wc_live_setup next = *setup;
	int failed;

	next.filter = rule->filter;
	next.fitting = wc_live_fitting(rule);
	failed = socket ? wc_live_socket_refilter(socket, &next, error) : WC_OK;
	if (failed)
		return failed;
	if (socket && !hand_over(tap, socket, sink, user)) {
		wc_live_socket_refilter(socket, setup, NULL);
		return wc_error_set(error, WC_FAILED,
				    "the filter of interface %s stays as it was, since the kernel "
				    "keeps back frames that have passed it; try again",
				    setup->interface);
	}
	if (socket)
		tap->filters_here = wc_live_socket_filters_here(socket);
	tap->filter = next.filter;
	*setup = next;
	return WC_OK;
}
