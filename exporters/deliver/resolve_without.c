/* resolve.h in a build without c-ares: start refuses, and nothing else is ever called. */
#include "resolve.h"
#include "wirecensus/error.h"

int wc_resolve_start(struct wc_resolve **resolve, const char *host, const char *port,
		     struct wc_error *error)
{
	(void)port;
	*resolve = NULL;
	return wc_error_set(error, WC_INVALID,
			    "the name \"%s\" cannot be looked up in this build: give a numeric "
			    "address, or build with c-ares (WC_NAMES)",
			    host);
}

int wc_resolve_work(struct wc_resolve *resolve, struct wc_resolved *resolved,
		    struct wc_error *error)
{
	(void)resolve;
	resolved->count = 0;
	return wc_error_set(error, WC_FAILED, "nothing is being looked up");
}

size_t wc_resolve_wait(struct wc_resolve *resolve, struct pollfd *fds, int *milliseconds)
{
	(void)resolve;
	(void)fds;
	*milliseconds = -1;
	return 0;
}

void wc_resolve_free(struct wc_resolve *resolve)
{
	(void)resolve;
}
