#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier.h"
#include "namespace.h"
#include "peer.h"
#include "suite.h"

#define LENGTH  100
#define PATIENT UINT64_C(60000000000)

static char folder[] = "/tmp/deliver-relp-XXXXXX";
static char ca[64], certificate[64], key[64];
static struct courier courier;

static struct wc_delivery_settings usual(void)
{
	return (struct wc_delivery_settings){
		.tls = {.ca = ca, .certificate = certificate, .key = key},
		.patience_ns = 1000000000,
	};
}

static void ended_with(const char *reason)
{
	ck_assert_int_eq(courier.state, WC_DELIVERY_CLOSED);
	ck_assert_msg(strstr(courier.error.text, "relp") == courier.error.text, "%s",
		      courier.error.text);
	ck_assert_msg(strstr(courier.error.text, reason) != NULL, "%s", courier.error.text);
}

/* What a server answers to a client's "open" and "syslog", as far as librelp looks at it. */
static void answer_open(int peer)
{
	static const char open[] = "1 rsp 37 200 OK\nrelp_version=0\ncommands=syslog\n";
	char got[1000];

	ck_assert_int_gt(recv(peer, got, sizeof(got), 0), 0);
	ck_assert_int_eq(send(peer, open, strlen(open), MSG_NOSIGNAL), (int)strlen(open));
}

/* Reads until @text has come. */
static void hear_until(int peer, const char *text)
{
	static char got[65536];
	size_t have = 0;

	while (!memmem(got, have, text, strlen(text))) {
		ssize_t more = recv(peer, got + have, sizeof(got) - have, 0);

		ck_assert_int_gt(more, 0);
		have += (size_t)more;
	}
}

static void answer_until(int peer, unsigned first, unsigned end)
{
	char got[LENGTH + 100];
	int length;

	for (unsigned number = first; number < end; number++) {
		length = snprintf(got, sizeof(got), "%u rsp 6 200 OK\n", number);
		ck_assert_int_eq(send(peer, got, (size_t)length, MSG_NOSIGNAL), length);
	}
}

/* One that never acknowledges gets one window, of which none is confirmed; with 72 acknowledged,
 * 72 more are sent.
 */
START_TEST(a_window_stays_unconfirmed)
{
	struct wc_delivery_settings settings = usual();
	uint16_t port;
	int listener = peer_listen(&port, 0), peer;
	char message[LENGTH];

	settings.patience_ns = PATIENT;
	courier_init(&courier, &settings, "relp://127.0.0.1:%u", port);
	courier.delivery->ops->open(courier.delivery, courier_now());
	courier.state = WC_DELIVERY_OPENING;
	courier_turn(&courier, 0);
	peer = accept(listener, NULL, NULL);
	answer_open(peer);
	while (courier.state == WC_DELIVERY_OPENING)
		courier_turn(&courier, 1000);
	ck_assert_msg(courier.state == WC_DELIVERY_OPEN, "%s", courier.error.text);
	for (unsigned i = 0; i < 300; i++) {
		courier_message(message, LENGTH, i);
		ck_assert(courier_send(&courier, message, LENGTH));
	}
	hear_until(peer, "message 000127");
	answer_until(peer, 2, 74);
	ck_assert_uint_eq(courier_confirm(&courier, 72), 72);
	for (int i = 0; i < 20; i++)
		courier_turn(&courier, 5);
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 72);
	/* Its thread is blocked now, and nobody waits for it. */
	courier_free(&courier);
	close(peer);
	close(listener);
}
END_TEST

START_TEST(a_refusal_is_told)
{
	struct wc_delivery_settings settings = usual();
	uint16_t port;

	close(peer_listen(&port, 0));
	courier_init(&courier, &settings, "relp://127.0.0.1:%u", port);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
		ended_with("check that the collector listens");
	}
	courier_free(&courier);
}
END_TEST

START_TEST(a_silent_peer_ends_with_patience)
{
	struct wc_delivery_settings settings = usual();
	uint16_t port;
	int listener = peer_listen(&port, 0);

	courier_init(&courier, &settings, "relp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ended_with("RELP failed");
	courier_free(&courier);
	close(listener);
}
END_TEST

/* Connections that hang are left behind, but not without end. */
START_TEST(threads_left_behind_are_bounded)
{
	struct wc_delivery_settings settings = usual();
	uint16_t port;
	int listener = peer_listen(&port, 0);

	settings.patience_ns = PATIENT;
	courier_init(&courier, &settings, "relp://127.0.0.1:%u", port);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(courier.state, WC_DELIVERY_CLOSED);
		courier.delivery->ops->open(courier.delivery, courier_now());
		courier.state = WC_DELIVERY_OPENING;
		courier_turn(&courier, 0);
		if (i == 4)
			break;
		ck_assert_int_eq(courier.state, WC_DELIVERY_OPENING);
		courier.delivery->ops->close(courier.delivery);
		courier.state = WC_DELIVERY_CLOSED;
	}
	ended_with("still hang");
	courier_free(&courier);
	close(listener);
}
END_TEST

#ifdef WC_HAVE_TLS
START_TEST(who_cannot_be_trusted_gets_nothing)
{
	static const char *const names[] = {"elsewhere", "foreign", "expired", "early", "self"};
	struct wc_delivery_settings settings = usual();

	for (size_t i = 0; i < 10; i++) {
		struct tls_peer_plan plan = {
			.folder = folder,
			.name = names[i / 2],
			.versions = i % 2 ? "+VERS-TLS1.2" : "+VERS-TLS1.3",
		};
		struct tls_peer server;

		tls_peer_start(&server, &plan, LENGTH);
		courier_init(&courier, &settings, "relp+tls://localhost:%u", server.port);
		ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
		ended_with("not accepted");
		courier_free(&courier);
		ck_assert_uint_eq(tls_peer_report(&server).bytes, 0);
		tls_peer_stop(&server);
	}
}
END_TEST

START_TEST(tls_needs_our_certificate)
{
	struct wc_delivery_settings settings = usual();
	struct wc_place place;
	struct wc_delivery *delivery;
	struct wc_error error = {""};

	settings.tls.certificate = settings.tls.key = NULL;
	ck_assert_int_eq(wc_place_parse(&place, "relp+tls://localhost:1", &error), 0);
	ck_assert_int_eq(wc_delivery_new(&delivery, &place, &settings, &error), WC_INVALID);
	ck_assert_ptr_nonnull(strstr(error.text, "certificate of our own"));
	wc_place_free(&place);
}
END_TEST
#endif

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		a_window_stays_unconfirmed,
		a_refusal_is_told,
		a_silent_peer_ends_with_patience,
		threads_left_behind_are_bounded,
#ifdef WC_HAVE_TLS
		who_cannot_be_trusted_gets_nothing,
		tls_needs_our_certificate,
#endif
		NULL,
	};
	int result;

	if (argc < 2 || !namespace_run("command -v certtool >/dev/null")) {
		puts("skipped: no certtool to make certificates with (package gnutls-bin)");
		return 77;
	}
	if (!mkdtemp(folder) || !namespace_run("%s %s", argv[1], folder))
		return EXIT_FAILURE;
	snprintf(ca, sizeof(ca), "%s/trusted.pem", folder);
	snprintf(certificate, sizeof(certificate), "%s/client.pem", folder);
	snprintf(key, sizeof(key), "%s/client.key", folder);
	result = suite_run("relp", tests, 60);
	namespace_run("rm -r %s", folder);
	return result;
}
