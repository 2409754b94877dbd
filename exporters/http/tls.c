#include "tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

#include "web_config.h"
#include "wirecensus/error.h"

static gnutls_datum_t datum(const struct wc_web_file *file)
{
	return (gnutls_datum_t){(unsigned char *)file->text, (unsigned)strlen(file->text)};
}

static int refuse(const struct wc_web_file *file, const char *what, int code,
		  struct wc_error *error)
{
	return wc_error_set(error, WC_INVALID, "web_config: %s is no %s that can be used: %s",
			    file->path, what, gnutls_strerror(code));
}

int wc_tls_try(const struct wc_web_config *config, struct wc_error *error)
{
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t certificate = datum(&config->certificate), key = datum(&config->key);
	int status = WC_OK, code;

	if (gnutls_certificate_allocate_credentials(&credentials))
		return wc_error_set(error, WC_FAILED, "there is no memory left for TLS");
	code = gnutls_certificate_set_x509_key_mem(credentials, &certificate, &key,
						   GNUTLS_X509_FMT_PEM);
	if (code < 0)
		status = refuse(&config->certificate, "certificate with its key", code, error);
	if (!status && config->client_ca.text) {
		gnutls_datum_t ca = datum(&config->client_ca);

		code = gnutls_certificate_set_x509_trust_mem(credentials, &ca, GNUTLS_X509_FMT_PEM);
		if (code <= 0)
			status = refuse(&config->client_ca, "certificate of an authority",
					code ? code : GNUTLS_E_NO_CERTIFICATE_FOUND, error);
	}
	gnutls_certificate_free_credentials(credentials);
	return status;
}

const char *wc_tls_priorities(const struct wc_web_config *config,
			      char text[static WC_TLS_PRIORITIES])
{
	int length = snprintf(text, WC_TLS_PRIORITIES, "NORMAL:-VERS-ALL");

	for (unsigned minor = config->min_version; minor <= config->max_version; minor++)
		length += snprintf(text + length, WC_TLS_PRIORITIES - (size_t)length,
				   ":+VERS-TLS1.%u", minor);
	return text;
}

/* True if the certificate of the client's is one of the authority's, for a client, and valid. */
static bool verify(gnutls_session_t session)
{
	gnutls_typed_vdata_st purpose = {
		.type = GNUTLS_DT_KEY_PURPOSE_OID,
		.data = (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT,
	};
	unsigned found = 0;

	return gnutls_certificate_verify_peers(session, &purpose, 1, &found) >= 0 && !found;
}

bool wc_tls_accepts(const struct wc_web_config *config, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info;
	unsigned count = 0;

	if (config->clients == WC_WEB_CLIENTS_ANY)
		return true;
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	if (!info || !info->tls_session)
		return false;
	if (!gnutls_certificate_get_peers(info->tls_session, &count) || !count)
		return config->clients == WC_WEB_CLIENTS_IF_GIVEN;
	return verify(info->tls_session);
}
