#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier.h"
#include "credentials.h"
#include "peer.h"

#define LENGTH 100

static struct courier courier;
static struct tls_peer server;

/* Trusts the authority; patience with a slow machine. */
static struct wc_delivery_settings usual(void)
{
	return credentials_settings(60000000000);
}

static void open_to(const char *host, const struct wc_delivery_settings *settings)
{
	courier_init(&courier, settings, "tls://%s:%u", host, server.port);
	courier_open(&courier);
}

static void ended_with(const char *reason)
{
	ck_assert_int_eq(courier.state, WC_DELIVERY_CLOSED);
	ck_assert_msg(strstr(courier.error.text, reason) != NULL, "%s", courier.error.text);
}

static void deliver(unsigned count)
{
	char message[LENGTH];

	ck_assert_msg(courier.state == WC_DELIVERY_OPEN, "%s", courier.error.text);
	for (unsigned i = 0; i < count; i++) {
		courier_message(message, LENGTH, i);
		ck_assert(courier_send(&courier, message, LENGTH));
	}
	ck_assert_uint_eq(courier_confirm(&courier, count), count);
}

static void arrived(unsigned count)
{
	struct tls_peer_report report;

	courier_free(&courier);
	report = tls_peer_report(&server);
	ck_assert(report.agreed && report.ended);
	ck_assert_uint_eq(report.messages, count);
	ck_assert_uint_eq(report.bytes, (uint64_t)count * LENGTH);
	tls_peer_stop(&server);
}

/* No byte of a message has left. */
static void nothing_arrived(void)
{
	courier_free(&courier);
	ck_assert_uint_eq(tls_peer_report(&server).bytes, 0);
	tls_peer_stop(&server);
}

static void start(const char *name, const char *versions, bool ask)
{
	struct tls_peer_plan plan = {
		.folder = credentials.folder, .name = name, .versions = versions, .ask = ask};

	tls_peer_start(&server, &plan, LENGTH);
}

static const char *const versions[] = {"+VERS-TLS1.2", "+VERS-TLS1.3"};

START_TEST(delivers_and_confirms)
{
	struct wc_delivery_settings settings = usual();

	for (int i = 0; i < 2; i++) {
		start("good", versions[i], false);
		open_to("localhost", &settings);
		deliver(3000);
		arrived(3000);
	}
	start("good", versions[1], false);
	open_to("127.0.0.1", &settings);
	deliver(1);
	arrived(1);
}
END_TEST

START_TEST(the_peer_may_have_another_name)
{
	struct wc_delivery_settings settings = usual();

	settings.tls.peer = "elsewhere.example";
	start("elsewhere", versions[1], false);
	open_to("127.0.0.1", &settings);
	deliver(1);
	arrived(1);
}
END_TEST

START_TEST(who_cannot_be_trusted_gets_nothing)
{
	static const struct {
		const char *name, *reason;
	} bad[] = {
		{"elsewhere", "name in the certificate does not match"},
		{"foreign", "issuer is unknown"},
		{"expired", "expired"},
		{"early", "not yet"},
		{"self", "certificate is not accepted"},
	};
	struct wc_delivery_settings settings = usual();

	for (size_t i = 0; i < 2 * sizeof(bad) / sizeof(bad[0]); i++) {
		start(bad[i / 2].name, versions[i % 2], false);
		open_to("localhost", &settings);
		ended_with(bad[i / 2].reason);
		nothing_arrived();
	}
	settings.tls.ca = credentials.stranger;
	start("good", versions[1], false);
	open_to("localhost", &settings);
	ended_with("issuer is unknown");
	nothing_arrived();
	/* The system's list has neither. */
	settings.tls.ca = NULL;
	start("good", versions[1], false);
	open_to("localhost", &settings);
	ended_with("issuer is unknown");
	nothing_arrived();
}
END_TEST

START_TEST(old_versions_are_not_spoken)
{
	struct wc_delivery_settings settings = usual();

	start("good", "+VERS-TLS1.1:+VERS-TLS1.0", false);
	open_to("localhost", &settings);
	ended_with("neither TLS 1.2 nor 1.3");
	nothing_arrived();
}
END_TEST

START_TEST(shows_its_certificate_when_asked)
{
	struct wc_delivery_settings settings = usual();

	settings.tls.certificate = credentials.certificate;
	settings.tls.key = credentials.key;
	for (int i = 0; i < 2; i++) {
		start("good", versions[i], true);
		open_to("localhost", &settings);
		deliver(10);
		arrived(10);
	}
}
END_TEST

/* In TLS 1.3 the refusal comes after the handshake: nothing may be sent into that gap. */
START_TEST(a_refused_client_sends_nothing)
{
	struct wc_delivery_settings settings = usual();

	for (int i = 0; i < 2; i++) {
		start("good", versions[i], true);
		open_to("localhost", &settings);
		ended_with("the options certificate and key");
		nothing_arrived();
	}
}
END_TEST

/* Each says something else than TLS, or nothing at all. */
START_TEST(peers_without_tls_get_a_greeting_only)
{
	static const char garbage[] = "\x16\x03\x03\xff\xff garbage garbage garbage";
	static const char *const says[] = {"220 mail.example ESMTP\r\n", garbage, ""};
	struct wc_delivery_settings settings = usual();

	for (int i = 0; i < 3; i++) {
		int listener = peer_listen(&server.port, 0), peer;
		char got[4096], message[LENGTH];
		ssize_t more, have = 0;

		if (!*says[i])
			settings.patience_ns = 500000000;
		courier_init(&courier, &settings, "tls://localhost:%u", server.port);
		courier.delivery->ops->open(courier.delivery, courier_now());
		courier.state = WC_DELIVERY_OPENING;
		courier_turn(&courier, 0);
		peer = accept(listener, NULL, NULL);
		send(peer, says[i], strlen(says[i]), MSG_NOSIGNAL);
		while (courier.state == WC_DELIVERY_OPENING) {
			courier_message(message, LENGTH, 0);
			ck_assert_int_eq(courier.delivery->ops->send(courier.delivery, message,
								     LENGTH, NULL),
					 0);
			courier_turn(&courier, 1000);
		}
		ended_with(i < 2 ? "TLS" : "did not end in time");
		while (have < (ssize_t)sizeof(got) &&
		       (more = recv(peer, got + have, sizeof(got) - (size_t)have, 0)) > 0)
			have += more;
		ck_assert_ptr_null(memmem(got, (size_t)have, "message", 7));
		close(peer);
		close(listener);
		courier_free(&courier);
	}
}
END_TEST

/* The server is stopped: its kernel takes what it can, and patience ends. */
START_TEST(a_stalled_peer_ends_with_patience)
{
	struct wc_delivery_settings settings = usual();
	char message[LENGTH];
	struct tls_peer_report report;
	uint64_t confirmed;

	settings.patience_ns = 4000000000;
	start("good", versions[1], false);
	open_to("localhost", &settings);
	deliver(1);
	kill(server.pid, SIGSTOP);
	do
		courier_message(message, LENGTH, (unsigned)courier.taken);
	while (courier_send(&courier, message, LENGTH));
	ended_with("has taken nothing");
	confirmed = courier.delivery->ops->confirmed(courier.delivery);
	ck_assert_uint_lt(confirmed, courier.taken);
	kill(server.pid, SIGCONT);
	courier_free(&courier);
	report = tls_peer_report(&server);
	ck_assert(!report.ended);
	ck_assert_uint_ge(report.messages, confirmed);
	tls_peer_stop(&server);
}
END_TEST

static void cannot_be_made(const struct wc_delivery_settings *settings, const char *reason)
{
	struct wc_place place;
	struct wc_delivery *delivery;
	struct wc_error error = {""};

	ck_assert_int_eq(wc_place_parse(&place, "tls://localhost:1", &error), 0);
	ck_assert_int_lt(wc_delivery_new(&delivery, &place, settings, &error), 0);
	ck_assert_ptr_null(delivery);
	ck_assert_msg(strstr(error.text, reason) != NULL, "%s", error.text);
	wc_place_free(&place);
}

START_TEST(files_are_read_at_once)
{
	struct wc_delivery_settings settings = usual();

	settings.tls.ca = "/nowhere";
	cannot_be_made(&settings, "ca \"/nowhere\"");
	settings.tls.ca = credentials.key;
	cannot_be_made(&settings, "ca \"");
	settings = usual();
	settings.tls.certificate = credentials.certificate;
	cannot_be_made(&settings, "belong together");
	settings.tls.key = "/nowhere";
	cannot_be_made(&settings, "key \"/nowhere\" cannot be used");
	settings.tls.key = credentials.ca;
	cannot_be_made(&settings, "key \"");
	settings.tls.key = credentials.key;
	settings.tls.certificate = "/nowhere";
	cannot_be_made(&settings, "certificate \"/nowhere\" cannot be used");
	settings.tls.certificate = credentials.key;
	cannot_be_made(&settings, "certificate \"");
	settings.tls.certificate = credentials.ca;
	cannot_be_made(&settings, "is not that of certificate");
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		delivers_and_confirms,
		the_peer_may_have_another_name,
		who_cannot_be_trusted_gets_nothing,
		old_versions_are_not_spoken,
		shows_its_certificate_when_asked,
		a_refused_client_sends_nothing,
		peers_without_tls_get_a_greeting_only,
		a_stalled_peer_ends_with_patience,
		files_are_read_at_once,
		NULL,
	};

	return credentials_run(argc, argv, "tls", tests);
}
