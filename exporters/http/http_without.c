/*
 * http_without.c - a build without libmicrohttpd listens nowhere
 */
#include "http.h"

#include "wirecensus/error.h"

int wc_http_try(const struct wc_http_settings *settings, struct wc_error *error)
{
	(void)settings;
	return wc_error_set(error, WC_INVALID,
			    "http: this build was made without it: leave listen out, or build with "
			    "WC_HTTP");
}

int wc_http_open(struct wc_http **http, const struct wc_http_settings *settings,
		 struct wc_error *error)
{
	(void)http;
	return wc_http_try(settings, error);
}

/* There never is one: nothing of what follows is called. */

void wc_http_free(struct wc_http *http)
{
	(void)http;
}

int wc_http_start(struct wc_http *http, const struct wc_http_settings *settings,
		  const struct wc_http_show *show, struct wc_error *error)
{
	(void)http;
	(void)show;
	return wc_http_try(settings, error);
}

int wc_http_change(struct wc_http *http, const struct wc_http_settings *settings,
		   struct wc_error *error)
{
	(void)http;
	return wc_http_try(settings, error);
}

bool wc_http_stop(struct wc_http *http, uint64_t deadline_ns)
{
	(void)http;
	(void)deadline_ns;
	return true;
}

void wc_http_state(struct wc_http *http, struct wc_http_state *state)
{
	(void)http;
	*state = (struct wc_http_state){0};
}
