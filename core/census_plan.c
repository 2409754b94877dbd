#include "census_plan.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "filter.h"
#include "match.h"
#include "packet.h"
#include "wirecensus/error.h"

/* Where a bound is not given: what a live table may take, and what a file may need. */
#define ROWS_LIVE 65536
#define ROWS_FILE (4 << 20)

static uint32_t bound(uint64_t given, bool live)
{
	return given != WC_ROWS_FITTING ? (uint32_t)given : live ? ROWS_LIVE : ROWS_FILE;
}

/*
 * A file is read once and then shown: no row frees its slot, and what is learned
 * of ports takes effect with the next frame.
 */
static int fill_rules(struct wc_rules *rules, const struct wc_options *options, bool live,
		      struct wc_error *error)
{
	rules->conversations = bound(options->conversations, live);
	rules->hosts = bound(options->hosts, live);
	rules->file = !live;
	rules->rate_mode = (enum wc_rate_mode)options->rate_mode;
	rules->rates_by_frame = !live || rules->rate_mode == WC_RATE_NCS;
	rules->scan.mode = (enum wc_scan_mode)options->scanner_mode;
	rules->scan.threshold = (uint32_t)options->scanner_threshold;
	rules->idle_s = live ? (uint32_t)options->idle : 0;
	rules->five_tuple = options->five_tuple;
	rules->fold_internet = options->fold_internet;
	rules->served.at_once = !live;
	for (size_t i = 0; i < options->serve.count; i++)
		wc_served_add(&rules->served,
			      options->serve.items[i].protocol == WC_PROTOCOL_TCP ? WC_SERVED_TCP
										  : WC_SERVED_UDP,
			      options->serve.items[i].port);
	if (getrandom(&rules->seed, sizeof(rules->seed), 0) != sizeof(rules->seed))
		return wc_error_set(error, WC_FAILED,
				    "the system has no random numbers for the tables: %s",
				    strerror(errno));
	return WC_OK;
}

int wc_census_plan_attach(const struct wc_options *options, struct wc_error *error)
{
	char name[WC_OPTION_NAME + 2], other[WC_OPTION_NAME + 2];
	bool xdp = options->attach == WC_ATTACH_XDP || options->attach == WC_ATTACH_XDP_GENERIC;

	if (options->attach != WC_ATTACH_SOCKET && options->engine != WC_ENGINE_KERNEL &&
	    options->engine != WC_ENGINE_AUTO)
		return wc_error_set(error, WC_INVALID,
				    "%s is for the kernel engine: leave it out, or set %s to "
				    "kernel",
				    wc_options_name(options, "attach", name),
				    wc_options_name(options, "engine", other));
	if (options->drop_echo && !xdp)
		return wc_error_set(error, WC_INVALID,
				    "%s works by XDP alone: set %s to xdp or xdp-generic",
				    wc_options_name(options, "drop_echo", name),
				    wc_options_name(options, "attach", other));
	return WC_OK;
}

int wc_census_plan_make(struct wc_census_plan *plan, const struct wc_options *options, bool live,
			struct wc_error *error)
{
	int status;

	*plan = (struct wc_census_plan){0};
	status = wc_census_plan_attach(options, error);
	if (!status)
		status = fill_rules(&plan->rules, options, live, error);
	for (size_t i = 0; !status && i < options->scanner_ignore.count; i++)
		status = wc_networks_add(&plan->never, &options->scanner_ignore.items[i], error);
	if (!status)
		status = wc_filter_open(&plan->filter, options, error);
	if (!status)
		status = wc_match_open(&plan->match, options, error);
	if (status)
		wc_census_plan_free(plan);
	return status;
}

void wc_census_plan_free(struct wc_census_plan *plan)
{
	wc_match_free(plan->match);
	wc_filter_free(plan->filter);
	wc_networks_free(&plan->never);
	*plan = (struct wc_census_plan){0};
}
