#include "engine.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "census_plan.h"
#include "live.h"
#include "live_pcap.h"
#include "ring.h"
#include "source.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#ifdef WC_HAVE_KERNEL
#include "kernel.h"

static int check_kernel(const char *interface, const struct wc_options *options,
			struct wc_error *error)
{
	return wc_kernel_check(interface, options, error);
}

static int open_kernel(struct wc_source **source, const char *interface, bool wait,
		       const struct wc_options *options, const struct wc_census_plan *plan,
		       struct wc_host *host, struct wc_error *error)
{
	return wc_kernel_open(source, interface, wait, options, &plan->rules, plan->filter, host,
			      error);
}
#else
static int check_kernel(const char *interface, const struct wc_options *options,
			struct wc_error *error)
{
	(void)interface;
	(void)options;
	return wc_error_set(error, WC_INVALID,
			    "this program was built without the kernel engine (WC_KERNEL, which "
			    "needs clang, bpftool and libbpf)");
}

static int open_kernel(struct wc_source **source, const char *interface, bool wait,
		       const struct wc_options *options, const struct wc_census_plan *plan,
		       struct wc_host *host, struct wc_error *error)
{
	(void)source;
	(void)wait;
	(void)plan;
	(void)host;
	return check_kernel(interface, options, error);
}
#endif

/* What an interface can be counted by: auto takes the first that can do what is asked. */
enum kind { KERNEL, RING, PCAP, KINDS };

static const char *const names[KINDS] = {"kernel", "ring", "pcap"};

static int open_kind(enum kind kind, struct wc_source **source, const char *interface, bool wait,
		     const struct wc_options *options, const struct wc_census_plan *plan,
		     struct wc_host *host, struct wc_error *error)
{
	if (kind == KERNEL)
		return open_kernel(source, interface, wait, options, plan, host, error);
	return wc_live_open(source, kind == RING ? &wc_ring : &wc_live_pcap, interface, wait,
			    options, plan->filter, host, error);
}

/* Keeps why @kind was not taken. */
static void note(char instead[static WC_SOURCE_INSTEAD], enum kind kind,
		 const struct wc_error *error)
{
	size_t used = strlen(instead);

	snprintf(instead + used, WC_SOURCE_INSTEAD - used, "not engine %s: %s\n", names[kind],
		 error->text);
}

/* Who names a place to attach to is told that another engine counts, which has none. */
static void decline(struct wc_source *source, enum kind kind, const char *interface,
		    const struct wc_options *options, const struct wc_error *why)
{
	const struct wc_option *attach = wc_option_find("attach", UINT_MAX);
	char name[WC_OPTION_NAME + 2];

	if (options->attach == WC_ATTACH_SOCKET)
		return;
	snprintf(source->declined, sizeof(source->declined),
		 "%s: interface %s is counted by engine %s, and not at %s: %s",
		 wc_options_name(options, attach->name, name), interface, names[kind],
		 attach->choices[options->attach], why->text);
}

static int open_first(struct wc_source **source, const char *interface, bool wait,
		      const struct wc_options *options, const struct wc_census_plan *plan,
		      struct wc_host *host, struct wc_error *error)
{
	char instead[WC_SOURCE_INSTEAD] = "";
	struct wc_error why[KINDS];
	enum kind kind = 0;
	int failed;

	while ((failed = open_kind(kind, source, interface, wait, options, plan, host,
				   &why[kind]))) {
		note(instead, kind, &why[kind]);
		if (++kind == KINDS)
			return wc_error_set(error, failed, "%s", why[KINDS - 1].text);
	}
	memcpy((*source)->instead, instead, sizeof(instead));
	if (kind != KERNEL)
		decline(*source, kind, interface, options, &why[KERNEL]);
	return WC_OK;
}

int wc_engine_open(struct wc_source **source, const char *interface, bool wait,
		   const struct wc_options *options, const struct wc_census_plan *plan,
		   struct wc_host *host, struct wc_error *error)
{
	static const enum kind kinds[] = {[WC_ENGINE_AUTO] = KERNEL,
					  [WC_ENGINE_KERNEL] = KERNEL,
					  [WC_ENGINE_RING] = RING,
					  [WC_ENGINE_PCAP] = PCAP};

	if (options->engine == WC_ENGINE_AUTO && !options->drop_echo)
		return open_first(source, interface, wait, options, plan, host, error);
	return open_kind(kinds[options->engine], source, interface, wait, options, plan, host,
			 error);
}

int wc_engine_check(const struct wc_options *options, struct wc_error *error)
{
	const struct wc_texts *interfaces = &options->interface;
	int failed = WC_OK;

	/* Auto falls back on another one, but for drop_echo. */
	if (options->engine != WC_ENGINE_KERNEL &&
	    (options->engine != WC_ENGINE_AUTO || !options->drop_echo))
		return WC_OK;
	if (!interfaces->count)
		return check_kernel("", options, error);
	for (size_t i = 0; i < interfaces->count && !failed; i++)
		failed = check_kernel(interfaces->items[i], options, error);
	return failed;
}
