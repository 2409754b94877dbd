#include "tls_identity.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
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
	const char *reason = gnutls_strerror(code);
	size_t length = strlen(reason);

	if (length && reason[length - 1] == '.') /* it goes on */
		length--;
	return wc_error_set(error, WC_FAILED,
			    "%s \"%s\" cannot be used: %.*s; it must be a PEM file that this user "
			    "may read",
			    option, path, (int)length, reason);
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

/* Returns 0 if there is a key in @path, or GnuTLS's code. */
static int try_key(const char *path)
{
	gnutls_x509_privkey_t key;
	gnutls_datum_t text;
	int code = gnutls_load_file(path, &text);

	if (code)
		return code;
	code = gnutls_x509_privkey_init(&key);
	if (!code) {
		code = gnutls_x509_privkey_import2(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);
		gnutls_x509_privkey_deinit(key);
	}
	gnutls_memset(text.data, 0, text.size);
	gnutls_free(text.data);
	return code;
}

/* Says which of the two it is. */
static int own_unusable(const struct wc_delivery_tls *settings, int code, struct wc_error *error)
{
	int of_key = try_key(settings->key);

	if (of_key)
		return unreadable(error, "key", settings->key, of_key);
	if (code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		return wc_error_set(
			error, WC_FAILED,
			"key \"%s\" is not that of certificate \"%s\": give both of one "
			"pair",
			settings->key, settings->certificate);
	return unreadable(error, "certificate", settings->certificate, code);
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
	return code < 0 ? own_unusable(settings, code, error) : WC_OK;
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
