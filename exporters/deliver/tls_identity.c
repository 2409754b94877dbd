#include "tls_identity.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "delivery.h"
#include "wirecensus/error.h"

/* Behind what the system's policy says. */
static const char versions[] = "-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

struct wc_tls_identity {
	gnutls_certificate_credentials_t credentials;
	char *peer;
	bool numeric; /* the peer is an address: no server name is sent (RFC 6066 3) */
};

static int unreadable(struct wc_error *error, const char *option, const char *path, int code)
{
	return wc_error_set(
		error, WC_FAILED,
		"%s \"%s\" cannot be used: %s; it must be a PEM file that this user may "
		"read",
		option, path, gnutls_strerror(code));
}

static int load_trust(struct wc_tls_identity *identity, const char *ca, struct wc_error *error)
{
	int count;

	if (ca) {
		count = gnutls_certificate_set_x509_trust_file(identity->credentials, ca,
							       GNUTLS_X509_FMT_PEM);
		if (count > 0)
			return WC_OK;
		return unreadable(error, "ca", ca, count ? count : GNUTLS_E_NO_CERTIFICATE_FOUND);
	}
	if (gnutls_certificate_set_x509_system_trust(identity->credentials) > 0)
		return WC_OK;
	return wc_error_set(error, WC_FAILED,
			    "the system has no list of authorities to trust: install "
			    "ca-certificates, or give the option ca");
}

static int load_own(struct wc_tls_identity *identity, const struct wc_delivery_tls *settings,
		    struct wc_error *error)
{
	int code;

	if (!settings->certificate != !settings->key)
		return wc_error_set(error, WC_INVALID,
				    "certificate and key belong together: give both or none");
	if (!settings->certificate)
		return WC_OK;
	code = gnutls_certificate_set_x509_key_file(identity->credentials, settings->certificate,
						    settings->key, GNUTLS_X509_FMT_PEM);
	return code < 0 ? unreadable(error, "certificate", settings->certificate, code) : WC_OK;
}

static bool is_numeric(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

int wc_tls_identity_new(struct wc_tls_identity **identity, const struct wc_delivery_tls *settings,
			const char *host, struct wc_error *error)
{
	struct wc_tls_identity *made = calloc(1, sizeof(*made));
	int status;

	*identity = NULL;
	if (made)
		made->peer = strdup(settings->peer ? settings->peer : host);
	if (!made || !made->peer || gnutls_certificate_allocate_credentials(&made->credentials)) {
		wc_tls_identity_free(made);
		return wc_error_set(error, WC_FAILED, "no memory for TLS");
	}
	made->numeric = is_numeric(made->peer);
	status = load_trust(made, settings->ca, error);
	if (!status)
		status = load_own(made, settings, error);
	if (status) {
		wc_tls_identity_free(made);
		return status;
	}
	*identity = made;
	return WC_OK;
}

void wc_tls_identity_free(struct wc_tls_identity *identity)
{
	if (!identity)
		return;
	if (identity->credentials)
		gnutls_certificate_free_credentials(identity->credentials);
	free(identity->peer);
	free(identity);
}

int wc_tls_identity_apply(struct wc_tls_identity *identity, gnutls_session_t *session)
{
	int code = gnutls_init(session, GNUTLS_CLIENT | GNUTLS_NONBLOCK);

	if (code)
		return code;
	code = gnutls_set_default_priority_append(*session, versions, NULL, 0);
	if (!code)
		code = gnutls_credentials_set(*session, GNUTLS_CRD_CERTIFICATE,
					      identity->credentials);
	if (!code && !identity->numeric)
		code = gnutls_server_name_set(*session, GNUTLS_NAME_DNS, identity->peer,
					      strlen(identity->peer));
	/* The handshake's time is limited by who calls it. */
	gnutls_handshake_set_timeout(*session, 0);
	gnutls_session_set_verify_cert(*session, identity->peer, 0);
	if (code)
		gnutls_deinit(*session);
	return code;
}
