/*
 * tls_identity.h - a session with what an identity knows (channel.h makes and frees it)
 */
#ifndef WC_TLS_IDENTITY_H
#define WC_TLS_IDENTITY_H

#include <gnutls/gnutls.h>

struct wc_tls_identity; /* channel.h */

/*
 * Makes a client's session that verifies its peer within the handshake. Returns 0,
 * or GnuTLS's code and no session. The caller frees it with gnutls_deinit(), before
 * the identity.
 */
int wc_tls_identity_apply(struct wc_tls_identity *identity, gnutls_session_t *session);

#endif /* WC_TLS_IDENTITY_H */
