#include "hostnames.h"

#include <stdbool.h>
#include <stdlib.h>

#include "encode.h"
#include "names.h"
#include "output.h"
#include "stop.h"
#include "wirecensus/error.h"
#include "wirecensus/options.h"

#define LOOK_AT_SIGNALS 100 /* ms */

_Static_assert(WC_NAMING_MAX >= WC_NAMES_MAX, "an encoder takes all names of an address");

struct wc_hostnames {
	struct wc_names *names;
	struct wc_naming naming;
	struct wc_name_list found; /* the last look-up's */
	bool asks;
	bool told;       /* that nobody answers */
	uint64_t failed; /* questions without an answer, up to the last begin */
};

static size_t find(void *arg, const struct wc_address *address,
		   const char *names[static WC_NAMING_MAX])
{
	struct wc_hostnames *hostnames = arg;
	size_t count;

	if (hostnames->asks)
		wc_names_ask(hostnames->names, address);
	count = wc_names_find(hostnames->names, address, &hostnames->found);
	for (size_t i = 0; i < count; i++)
		names[i] = hostnames->found.name[i];
	return count;
}

int wc_hostnames_open(struct wc_hostnames **hostnames, const struct wc_texts *servers,
		      struct wc_error *error)
{
	const struct wc_names_settings settings = {.servers = servers};
	struct wc_hostnames *made = calloc(1, sizeof(*made));
	struct wc_error reason;
	int status;

	if (!made)
		return wc_error_no_memory(error, "for names");
	status = wc_names_open(&made->names, &settings, &reason);
	if (status) {
		free(made);
		return wc_error_set(error, status, "%s: %s",
				    servers->count ? "--name-server" : "--names", reason.text);
	}
	made->naming = (struct wc_naming){find, made};
	made->asks = true;
	*hostnames = made;
	return WC_OK;
}

void wc_hostnames_free(struct wc_hostnames *hostnames)
{
	if (!hostnames)
		return;
	wc_names_free(hostnames->names);
	free(hostnames);
}

const struct wc_naming *wc_hostnames_naming(const struct wc_hostnames *hostnames)
{
	return &hostnames->naming;
}

void wc_hostnames_begin(struct wc_hostnames *hostnames)
{
	struct wc_names_stats stats;

	wc_names_stats(hostnames->names, &stats);
	hostnames->failed = stats.silent + stats.turned;
	hostnames->asks = true;
}

/* Who waited in vain is told why there are no names, once for all files. */
static void tell_silence(struct wc_hostnames *hostnames)
{
	struct wc_error error;

	if (hostnames->told || wc_stop_asked())
		return;
	hostnames->told = true;
	wc_error_set(&error, WC_FAILED,
		     "no name server gave an answer: hosts are shown without names; name another "
		     "by --name-server");
	wc_output_complain(&error);
}

uint64_t wc_hostnames_settle(struct wc_hostnames *hostnames)
{
	struct wc_names_stats stats;
	uint64_t unanswered;
	unsigned waited = 0;

	while (waited < WC_HOSTNAMES_PATIENCE && !wc_stop_asked() &&
	       !wc_names_wait(hostnames->names, LOOK_AT_SIGNALS))
		waited += LOOK_AT_SIGNALS;
	hostnames->asks = false;
	wc_names_stats(hostnames->names, &stats);
	unanswered = stats.open + stats.silent + stats.turned - hostnames->failed;
	if (unanswered && !stats.answered)
		tell_silence(hostnames);
	return unanswered;
}
