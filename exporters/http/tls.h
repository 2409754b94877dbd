/*
 * tls.h - the parts of TLS that the library leaves to its users
 *
 * tls_without.c stands in for it in a build without GnuTLS.
 */
#ifndef WC_HTTP_TLS_H
#define WC_HTTP_TLS_H

#include <stdbool.h>

struct MHD_Connection; /* microhttpd.h */
struct wc_error;       /* wirecensus/error.h */
struct wc_web_config;

/* Room for wc_tls_priorities(). */
#define WC_TLS_PRIORITIES 128

/*
 * Can the certificate and key of @config be used? Returns 0, or WC_INVALID with @error filled
 * in, which names the file.
 */
int wc_tls_try(const struct wc_web_config *config, struct wc_error *error);

/* Writes what GnuTLS is told of versions. Returns @text. */
const char *wc_tls_priorities(const struct wc_web_config *config,
			      char text[static WC_TLS_PRIORITIES]);

/* True if the client has shown what @config asks for. */
bool wc_tls_accepts(const struct wc_web_config *config, struct MHD_Connection *connection);

#endif /* WC_HTTP_TLS_H */
