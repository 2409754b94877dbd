/*
 * TLS by GnuTLS, over a socket that does not block. The peer's certificate is
 * verified inside the handshake, chain, name and dates, so that nothing can be
 * sent before. Bytes on the wire are counted where GnuTLS hands them to us.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"
#include "tls_identity.h"
#include "wirecensus/error.h"

/*
 * In TLS 1.3 a peer that refuses our certificate says so only after the handshake
 * has ended for us (RFC 8446 4.4.2, 6.2). When it asked for one, it gets this
 * long to refuse; a session ticket says earlier that it does not.
 */
#define REFUSAL_NS UINT64_C(1000000000)

struct tls {
	struct wc_channel channel;
	gnutls_session_t session;
	bool agreed;        /* the handshake has ended for us */
	uint64_t shaken_ns; /* when, in shake() */
	size_t pending;     /* bytes of put() that GnuTLS holds: to be put again as nothing */
};

static ssize_t push(gnutls_transport_ptr_t arg, const void *bytes, size_t length)
{
	struct tls *tls = arg;
	ssize_t sent = send(tls->channel.fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent > 0)
		tls->channel.written += (uint64_t)sent;
	return sent;
}

static ssize_t pull(gnutls_transport_ptr_t arg, void *bytes, size_t room)
{
	struct tls *tls = arg;

	ssize_t got = recv(tls->channel.fd, bytes, room, MSG_DONTWAIT);

	if (got > 0)
		tls->channel.heard += (uint64_t)got;
	return got;
}

/* Only ever asked with a time of 0: the socket does not block. */
static int pull_timeout(gnutls_transport_ptr_t arg, unsigned milliseconds)
{
	struct tls *tls = arg;
	struct pollfd polled = {.fd = tls->channel.fd, .events = POLLIN};

	(void)milliseconds;
	return poll(&polled, 1, 0);
}

static bool goes_on(int code)
{
	return code == GNUTLS_E_AGAIN || code == GNUTLS_E_INTERRUPTED ||
	       (code < 0 && !gnutls_error_is_fatal(code));
}

/* Why the peer's certificate is not accepted. */
static int untrusted(const struct tls *tls, struct wc_error *error)
{
	gnutls_datum_t text = {NULL, 0};
	unsigned status = gnutls_session_get_verify_cert_status(tls->session);

	gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0);
	wc_error_set(error, WC_FAILED,
		     "the collector's certificate is not accepted: %s check the options ca and "
		     "peer, and its certificate",
		     text.data ? (const char *)text.data : "");
	gnutls_free(text.data);
	return WC_FAILED;
}

static int ended(const struct tls *tls, int code, struct wc_error *error)
{
	switch (code) {
	case GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
	case GNUTLS_E_CERTIFICATE_ERROR:
	case GNUTLS_E_NO_CERTIFICATE_FOUND:
		return untrusted(tls, error);
	case GNUTLS_E_PREMATURE_TERMINATION:
		return wc_channel_ended(error, 0);
	case GNUTLS_E_PUSH_ERROR:
	case GNUTLS_E_PULL_ERROR:
		return wc_channel_ended(error, errno ? errno : ECONNRESET);
	case GNUTLS_E_FATAL_ALERT_RECEIVED:
		return wc_error_set(error, WC_FAILED,
				    "the collector refused: %s; see its log, and check the options "
				    "certificate and key",
				    gnutls_alert_get_name(gnutls_alert_get(tls->session)));
	case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
	case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
	case GNUTLS_E_UNEXPECTED_PACKET:
		return wc_error_set(
			error, WC_FAILED,
			"the collector speaks neither TLS 1.2 nor 1.3 there (%s); check "
			"its port",
			gnutls_strerror(code));
	default:
		return wc_error_set(error, WC_FAILED, "TLS failed: %s; see the collector's log",
				    gnutls_strerror(code));
	}
}

static ssize_t take(struct wc_channel *channel, void *bytes, size_t room, struct wc_error *error)
{
	struct tls *tls = (struct tls *)channel;
	ssize_t got;

	errno = 0;
	got = gnutls_record_recv(tls->session, bytes, room);
	if (got > 0)
		return got;
	if (got == 0)
		return wc_channel_ended(error, 0);
	/* A peer that wants new parameters within TLS 1.2 does not get them. */
	return goes_on((int)got) ? 0 : ended(tls, (int)got, error);
}

/* True as long as the peer may still refuse our certificate. */
static bool may_refuse(const struct tls *tls, uint64_t now_ns)
{
	return gnutls_protocol_get_version(tls->session) >= GNUTLS_TLS1_3 &&
	       gnutls_certificate_client_get_request_status(tls->session) &&
	       !(gnutls_session_get_flags(tls->session) & GNUTLS_SFLAGS_SESSION_TICKET) &&
	       now_ns - tls->shaken_ns < REFUSAL_NS;
}

static int settle(struct tls *tls, uint64_t now_ns, struct wc_error *error)
{
	char heard[64];

	if (!may_refuse(tls, now_ns))
		return 1;
	if (take(&tls->channel, heard, sizeof(heard), error) < 0)
		return WC_FAILED;
	tls->channel.events = POLLIN;
	tls->channel.wake_ns = tls->shaken_ns + REFUSAL_NS;
	return may_refuse(tls, now_ns) ? 0 : 1;
}

static int shake(struct wc_channel *channel, uint64_t now_ns, struct wc_error *error)
{
	struct tls *tls = (struct tls *)channel;
	int code = 0, status;

	if (!tls->agreed) {
		errno = 0;
		code = gnutls_handshake(tls->session);
	}
	if (goes_on(code)) {
		channel->events = gnutls_record_get_direction(tls->session) ? POLLOUT : POLLIN;
		return 0;
	}
	if (code)
		return ended(tls, code, error);
	if (!tls->agreed) {
		tls->agreed = true;
		tls->shaken_ns = now_ns;
	}
	status = settle(tls, now_ns, error);
	if (status == 1)
		channel->events = POLLOUT;
	return status;
}

static ssize_t put(struct wc_channel *channel, const void *bytes, size_t length,
		   struct wc_error *error)
{
	struct tls *tls = (struct tls *)channel;
	ssize_t sent;

	errno = 0;
	if (tls->pending)
		sent = gnutls_record_send(tls->session, NULL, 0);
	else
		sent = gnutls_record_send(tls->session, bytes, length);
	if (sent >= 0) {
		tls->pending = 0;
		return sent;
	}
	if (!goes_on((int)sent))
		return ended(tls, (int)sent, error);
	if (!tls->pending)
		tls->pending = length;
	return 0;
}

static void bye(struct wc_channel *channel)
{
	struct tls *tls = (struct tls *)channel;

	/* Behind a record that is cut off, an alert could not be read. */
	if (!tls->pending)
		gnutls_bye(tls->session, GNUTLS_SHUT_WR);
	shutdown(channel->fd, SHUT_WR);
}

static void tls_free(struct wc_channel *channel)
{
	struct tls *tls = (struct tls *)channel;

	gnutls_deinit(tls->session);
	close(channel->fd);
	free(tls);
}

static const struct wc_channel_ops tls_ops = {
	.shake = shake, .put = put, .take = take, .bye = bye, .free = tls_free};

struct wc_channel *wc_channel_tls(int fd, struct wc_tls_identity *identity, struct wc_error *error)
{
	struct tls *tls = calloc(1, sizeof(*tls));
	int code = GNUTLS_E_MEMORY_ERROR;

	if (tls)
		code = wc_tls_identity_apply(identity, &tls->session);
	if (code) {
		free(tls);
		close(fd);
		wc_error_set(error, WC_FAILED, "TLS could not begin: %s", gnutls_strerror(code));
		return NULL;
	}
	tls->channel = (struct wc_channel){.ops = &tls_ops, .fd = fd, .events = POLLIN};
	gnutls_transport_set_ptr(tls->session, tls);
	gnutls_transport_set_push_function(tls->session, push);
	gnutls_transport_set_pull_function(tls->session, pull);
	gnutls_transport_set_pull_timeout_function(tls->session, pull_timeout);
	return &tls->channel;
}
