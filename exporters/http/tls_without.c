/*
 * tls_without.c - a build without GnuTLS answers without encryption only
 */
#include "tls.h"

#include "web_config.h"
#include "wirecensus/error.h"

int wc_tls_try(const struct wc_web_config *config, struct wc_error *error)
{
	(void)config;
	return wc_error_set(error, WC_INVALID,
			    "web_config: this build was made without TLS: leave tls_server_config "
			    "out, or build with WC_TLS");
}

const char *wc_tls_priorities(const struct wc_web_config *config,
			      char text[static WC_TLS_PRIORITIES])
{
	(void)config;
	text[0] = '\0';
	return text;
}

bool wc_tls_accepts(const struct wc_web_config *config, struct MHD_Connection *connection)
{
	(void)config;
	(void)connection;
	return true;
}
