#include "engine.h"

#include "census_plan.h"
#include "live.h"
#include "source.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#ifdef WC_HAVE_KERNEL
#include "kernel.h"

static int open_kernel(struct wc_source **source, const char *interface, bool wait,
		       const struct wc_options *options, const struct wc_census_plan *plan,
		       struct wc_host *host, struct wc_error *error)
{
	return wc_kernel_open(source, interface, wait, options, &plan->rules, plan->filter, host,
			      error);
}
#else
static int open_kernel(struct wc_source **source, const char *interface, bool wait,
		       const struct wc_options *options, const struct wc_census_plan *plan,
		       struct wc_host *host, struct wc_error *error)
{
	(void)source;
	(void)interface;
	(void)wait;
	(void)options;
	(void)plan;
	(void)host;
	return wc_error_set(error, WC_INVALID,
			    "this program was built without the kernel engine (WC_KERNEL, which "
			    "needs clang, bpftool and libbpf)");
}
#endif

int wc_engine_open(struct wc_source **source, const char *interface, bool wait,
		   const struct wc_options *options, const struct wc_census_plan *plan,
		   struct wc_host *host, struct wc_error *error)
{
	struct wc_error instead = {""};
	int failed;

	if (options->engine == WC_ENGINE_KERNEL)
		return open_kernel(source, interface, wait, options, plan, host, error);
	if (options->engine == WC_ENGINE_AUTO &&
	    !open_kernel(source, interface, wait, options, plan, host, &instead))
		return WC_OK;
	failed = wc_live_open(source, interface, wait, options, plan->filter, host, error);
	if (!failed)
		(*source)->instead = instead;
	return failed;
}
