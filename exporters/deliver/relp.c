/*
 * RELP by librelp, whose calls block: over a line. It tells nothing of single
 * acknowledgements; a call that succeeds only says that no more than a window of
 * messages is without one. So the last window counts as unconfirmed.
 */
#include <stddef.h> /* librelp.h needs it */

#include <librelp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "channel.h"
#include "delivery.h"
#include "kinds.h"
#include "line.h"
#include "lined.h"
#include "place.h"
#include "wirecensus/error.h"

#define NS_PER_SECOND UINT64_C(1000000000)
#define WINDOW        128   /* librelp's own */
#define LONGEST       65536 /* half of what a librelp server takes by default */

/* Without it, librelp would agree to anonymous key exchange, which trusts anybody. */
static char versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-ANON-DH:-ANON-ECDH";

static const char system_list[] = "/etc/ssl/certs/ca-certificates.crt";

struct settings {
	char *host, *port;
	unsigned patience_s;
	bool tls;
	char *ca, *certificate, *key, *peer; /* when TLS */
};

struct session {
	relpEngine_t *engine;
	relpClt_t *client;
	char reason[256]; /* what librelp said */
};

static void quiet(char *format, ...)
{
	(void)format;
}

static void heard(void *arg, char *object, char *message, relpRetVal code)
{
	struct session *session = arg;

	(void)object;
	(void)code;
	/* The first of several says most. */
	if (session && message && !*session->reason)
		snprintf(session->reason, sizeof(session->reason), "%s", message);
}

static void disconnect(void *connection)
{
	struct session *session = connection;

	if (session->client)
		relpEngineCltDestruct(session->engine, &session->client);
	if (session->engine)
		relpEngineDestruct(&session->engine);
	free(session);
}

static int failed(const struct session *session, relpRetVal code, struct wc_error *error)
{
	const char *reason = session->reason;
	char number[32];

	snprintf(number, sizeof(number), "librelp's error %d", code);
	if (code >= RELP_RET_ERR_TLS_SETUP && code <= RELP_RET_ERR_TLS)
		return wc_error_set(
			error, WC_FAILED,
			"the collector's certificate or ours is not accepted: %s; check "
			"the options ca, peer, certificate and key",
			*reason ? reason : number);
	return wc_error_set(error, WC_FAILED, "RELP failed: %s; check that the collector listens",
			    *reason ? reason : number);
}

static relpRetVal set_tls(relpClt_t *client, const struct settings *settings)
{
	relpRetVal code = relpCltEnableTLS(client);

	if (!code)
		code = relpCltSetGnuTLSPriString(client, versions);
	if (!code)
		code = relpCltSetCACert(client, settings->ca);
	if (!code)
		code = relpCltSetOwnCert(client, settings->certificate);
	if (!code)
		code = relpCltSetPrivKey(client, settings->key);
	if (!code)
		code = relpCltSetAuthMode(client, (char[]){"name"});
	if (!code)
		code = relpCltAddPermittedPeer(client, settings->peer);
	return code;
}

static relpRetVal set_up(struct session *session, const struct settings *settings)
{
	relpRetVal code = relpEngineConstruct(&session->engine);

	if (!code)
		code = relpEngineSetDbgprint(session->engine, quiet);
	if (!code)
		code = relpEngineSetOnErr(session->engine, heard);
	if (!code)
		code = relpEngineSetOnAuthErr(session->engine, heard);
	if (!code)
		code = relpEngineSetEnableCmd(session->engine, (unsigned char *)"syslog",
					      eRelpCmdState_Required);
	if (!code && settings->tls)
		code = relpEngineSetTLSLibByName(session->engine, "gnutls");
	if (!code)
		code = relpEngineCltConstruct(session->engine, &session->client);
	if (!code)
		code = relpCltSetUsrPtr(session->client, session);
	if (!code)
		code = relpCltSetTimeout(session->client, settings->patience_s);
	if (!code)
		code = relpCltSetConnTimeout(session->client, (int)settings->patience_s);
	return code || !settings->tls ? code : set_tls(session->client, settings);
}

/* librelp tries one address only: the first of the name, and then the first of IPv4. */
static relpRetVal try_addresses(struct session *session, const struct settings *settings)
{
	unsigned char *host = (unsigned char *)settings->host;
	unsigned char *port = (unsigned char *)settings->port;

	if (!relpCltConnect(session->client, AF_UNSPEC, port, host))
		return RELP_RET_OK;
	session->reason[0] = '\0';
	return relpCltConnect(session->client, AF_INET, port, host);
}

static void *connect_session(const void *arg, struct wc_error *error)
{
	const struct settings *settings = arg;
	struct session *session = calloc(1, sizeof(*session));
	relpRetVal code;

	if (!session) {
		wc_error_set(error, WC_FAILED, "no memory for RELP");
		return NULL;
	}
	code = set_up(session, settings);
	if (!code)
		code = try_addresses(session, settings);
	if (!code)
		return session;
	failed(session, code, error);
	disconnect(session);
	return NULL;
}

static int send_message(void *connection, const void *message, size_t length,
			struct wc_error *error)
{
	struct session *session = connection;
	relpRetVal code =
		relpCltSendSyslog(session->client, (unsigned char *)(uintptr_t)message, length);

	return code ? failed(session, code, error) : WC_OK;
}

static void free_settings(void *arg)
{
	struct settings *settings = arg;

	free(settings->host);
	free(settings->port);
	free(settings->ca);
	free(settings->certificate);
	free(settings->key);
	free(settings->peer);
	free(settings);
}

static const struct wc_line_calls calls = {
	.connect = connect_session,
	.send = send_message,
	.disconnect = disconnect,
	.free = free_settings,
};

static bool copy_tls(struct settings *settings, const struct wc_delivery_tls *tls, const char *host)
{
	settings->ca = strdup(tls->ca ? tls->ca : system_list);
	settings->certificate = strdup(tls->certificate);
	settings->key = strdup(tls->key);
	settings->peer = strdup(tls->peer ? tls->peer : host);
	return settings->ca && settings->certificate && settings->key && settings->peer;
}

static struct settings *copy(const struct wc_place *place,
			     const struct wc_delivery_settings *settings)
{
	struct settings *made = calloc(1, sizeof(*made));
	uint64_t seconds = settings->patience_ns / NS_PER_SECOND;
	bool whole;

	if (!made)
		return NULL;
	made->patience_s = seconds < 1 ? 1 : seconds > 3600 ? 3600 : (unsigned)seconds;
	made->tls = place->kind == WC_PLACE_RELPS;
	made->host = strdup(place->host);
	made->port = strdup(place->port);
	whole = made->host && made->port;
	if (whole && made->tls)
		whole = copy_tls(made, &settings->tls, place->host);
	if (whole)
		return made;
	free_settings(made);
	return NULL;
}

/* What librelp would find out when it is too late, or not at all. */
static int check_tls(const struct wc_place *place, const struct wc_delivery_tls *tls,
		     struct wc_error *error)
{
	struct wc_tls_identity *identity;
	int status = wc_tls_identity_new(&identity, tls, place->host, error);

	wc_tls_identity_free(identity);
	if (!status && !tls->certificate)
		status = wc_error_set(error, WC_INVALID,
				      "%s: RELP over TLS needs a certificate of our own, without "
				      "which librelp trusts anybody: give the options certificate "
				      "and key",
				      place->text);
	return status;
}

int wc_relp_new(struct wc_delivery **delivery, struct wc_place *place,
		const struct wc_delivery_settings *settings, struct wc_error *error)
{
	struct wc_lined_settings lined = {
		.patience_ns = settings->patience_ns,
		.window = WINDOW,
		.longest = LONGEST,
	};
	struct settings *copied;
	int status = WC_OK;

	if (place->kind == WC_PLACE_RELPS)
		status = check_tls(place, &settings->tls, error);
	if (status)
		return status;
	copied = copy(place, settings);
	if (copied)
		lined.plan = wc_line_plan_new(&calls, copied);
	if (!lined.plan) {
		if (copied)
			free_settings(copied);
		return wc_error_set(error, WC_FAILED, "%s: no memory for a delivery", place->text);
	}
	if (lined.patience_ns < NS_PER_SECOND)
		lined.patience_ns = NS_PER_SECOND;
	status = wc_lined_new(delivery, place, &lined, error);
	if (status)
		wc_line_plan_free(lined.plan);
	return status;
}
