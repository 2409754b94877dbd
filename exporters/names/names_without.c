/* names.h in a build without c-ares: open refuses, and nothing else is ever called on a result. */
#include "names.h"

#include "wirecensus/error.h"

int wc_names_check(const struct wc_texts *servers, struct wc_error *error)
{
	(void)servers;
	return wc_error_set(error, WC_INVALID,
			    "reverse names are not in this build: leave the option names out, or "
			    "build with c-ares (WC_NAMES)");
}

int wc_names_open(struct wc_names **names, const struct wc_names_settings *settings,
		  struct wc_error *error)
{
	*names = NULL;
	return wc_names_check(settings->servers, error);
}

void wc_names_free(struct wc_names *names)
{
	(void)names;
}

void wc_names_ask(struct wc_names *names, const struct wc_address *address)
{
	(void)names;
	(void)address;
}

size_t wc_names_find(struct wc_names *names, const struct wc_address *address,
		     struct wc_name_list *list)
{
	(void)names;
	(void)address;
	list->count = 0;
	return 0;
}

bool wc_names_wait(struct wc_names *names, unsigned milliseconds)
{
	(void)names;
	(void)milliseconds;
	return true;
}

void wc_names_stats(struct wc_names *names, struct wc_names_stats *stats)
{
	(void)names;
	*stats = (struct wc_names_stats){0};
}
