#include <check.h>
#include <gnutls/gnutls.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "courier.h"
#include "peer.h"

static void set_up(gnutls_session_t *session, gnutls_certificate_credentials_t credentials,
		   const struct tls_peer_plan *plan)
{
	char priority[100];

	snprintf(priority, sizeof(priority), "NORMAL:-VERS-ALL:%s", plan->versions);
	gnutls_init(session, GNUTLS_SERVER);
	gnutls_priority_set_direct(*session, priority, NULL);
	gnutls_credentials_set(*session, GNUTLS_CRD_CERTIFICATE, credentials);
	if (plan->ask) {
		gnutls_certificate_server_set_request(*session, GNUTLS_CERT_REQUIRE);
		gnutls_session_set_verify_cert(*session, NULL, 0);
	}
}

static struct tls_peer_report serve(gnutls_session_t session, int fd, size_t length)
{
	struct tls_peer_report report = {.agreed = false};
	char wanted[1000], got[1000];
	ssize_t more;
	int code;

	gnutls_transport_set_int(session, fd);
	do
		code = gnutls_handshake(session);
	while (code < 0 && !gnutls_error_is_fatal(code));
	report.agreed = !code;
	while (!code && (more = gnutls_record_recv(session, got + report.bytes % length,
						   length - report.bytes % length)) > 0) {
		report.bytes += (uint64_t)more;
		if (report.bytes % length)
			continue;
		courier_message(wanted, length, report.messages);
		report.messages += memcmp(wanted, got, length) == 0;
	}
	report.ended = !code && more == 0;
	/* As a server does, which tells why: but for it, the client would meet a reset. */
	if (code)
		gnutls_alert_send_appropriate(session, code);
	shutdown(fd, SHUT_WR);
	while (recv(fd, got, sizeof(got), 0) > 0)
		;
	return report;
}

static _Noreturn void run(int listener, int report, const struct tls_peer_plan *plan, size_t length)
{
	gnutls_certificate_credentials_t credentials;
	char certificate[200], key[200], ca[200];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	snprintf(certificate, sizeof(certificate), "%s/%s.pem", plan->folder, plan->name);
	snprintf(key, sizeof(key), "%s/%s.key", plan->folder, plan->name);
	snprintf(ca, sizeof(ca), "%s/trusted.pem", plan->folder);
	gnutls_certificate_allocate_credentials(&credentials);
	if (gnutls_certificate_set_x509_key_file(credentials, certificate, key,
						 GNUTLS_X509_FMT_PEM) < 0 ||
	    gnutls_certificate_set_x509_trust_file(credentials, ca, GNUTLS_X509_FMT_PEM) < 1)
		_exit(1);
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		gnutls_session_t session;
		struct tls_peer_report said;

		set_up(&session, credentials, plan);
		said = serve(session, fd, length);
		close(fd);
		gnutls_deinit(session);
		if (write(report, &said, sizeof(said)) != sizeof(said))
			_exit(1);
	}
}

void tls_peer_start(struct tls_peer *peer, const struct tls_peer_plan *plan, size_t length)
{
	int listener = peer_listen(&peer->port, 0), ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	peer->pid = fork();
	ck_assert_int_ge(peer->pid, 0);
	if (peer->pid == 0)
		run(listener, ends[1], plan, length);
	close(listener);
	close(ends[1]);
	peer->report = ends[0];
}

struct tls_peer_report tls_peer_report(const struct tls_peer *peer)
{
	struct tls_peer_report report;

	ck_assert_int_eq(read(peer->report, &report, sizeof(report)), sizeof(report));
	return report;
}

void tls_peer_stop(struct tls_peer *peer)
{
	kill(peer->pid, SIGKILL);
	waitpid(peer->pid, NULL, 0);
	close(peer->report);
}
