/* The part of channel.h that is TLS, in a build without GnuTLS: refused from the start. */
#include <unistd.h>

#include "channel.h"
#include "wirecensus/error.h"

int wc_tls_identity_new(struct wc_tls_identity **identity, const struct wc_delivery_tls *settings,
			const char *host, struct wc_error *error)
{
	(void)settings;
	*identity = NULL;
	return wc_error_set(
		error, WC_INVALID,
		"TLS to \"%s\" is not in this build: use tcp:// or relp://, or build with GnuTLS "
		"(WC_TLS)",
		host);
}

void wc_tls_identity_free(struct wc_tls_identity *identity)
{
	(void)identity;
}

struct wc_channel *wc_channel_tls(int fd, struct wc_tls_identity *identity, struct wc_error *error)
{
	(void)identity;
	close(fd);
	wc_error_set(error, WC_INVALID, "TLS is not in this build");
	return NULL;
}
