#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier.h"
#include "credentials.h"
#include "peer.h"
#include "relp.h"

#define LENGTH 100

static struct courier courier;
static int listener, peer;

static struct wc_delivery_settings usual(void)
{
	return credentials_settings(60000000000);
}

static void ended_with(const char *reason)
{
	ck_assert_int_eq(courier.state, WC_DELIVERY_CLOSED);
	ck_assert_msg(strstr(courier.error.text, "relp") == courier.error.text, "%s",
		      courier.error.text);
	ck_assert_msg(strstr(courier.error.text, reason) != NULL, "%s", courier.error.text);
}

static void say(const char *text)
{
	ck_assert_int_eq(send(peer, text, strlen(text), MSG_NOSIGNAL), (int)strlen(text));
}

/* Reads as much as is wanted. */
static void hears(const char *wanted)
{
	static char got[65536];
	size_t length = strlen(wanted);

	ck_assert_int_eq(recv(peer, got, length, MSG_WAITALL), (int)length);
	ck_assert_msg(memcmp(got, wanted, length) == 0, "%.*s", (int)length, got);
}

static void hears_message(unsigned command, unsigned number)
{
	char frame[LENGTH + 100];
	int used = snprintf(frame, sizeof(frame), "%u syslog %d ", command, LENGTH);

	courier_message(frame + used, LENGTH, number);
	strcpy(frame + used + LENGTH, "\n");
	hears(frame);
}

/* Connects to a server that agrees. */
static void open_session(const struct wc_delivery_settings *settings)
{
	uint16_t port;

	listener = peer_listen(&port, 0);
	courier_init(&courier, settings, "relp://127.0.0.1:%u", port);
	courier.delivery->ops->open(courier.delivery, courier_now());
	courier.state = WC_DELIVERY_OPENING;
	courier_turn(&courier, 0);
	peer = accept(listener, NULL, NULL);
	courier_turn(&courier, 0);
	courier_turn(&courier, 0);
	ck_assert_int_eq(courier.delivery->ops->send(courier.delivery, "x", 1, NULL), 0);
	hears("1 open 55 relp_version=0\nrelp_software=wirecensus\ncommands=syslog\n");
	say("1 rsp 54 200 OK\nrelp_version=0\nrelp_software=x\ncommands=syslog\n\n");
	while (courier.state == WC_DELIVERY_OPENING)
		courier_turn(&courier, 1000);
	ck_assert_msg(courier.state == WC_DELIVERY_OPEN, "%s", courier.error.text);
}

static void finish(void)
{
	courier_free(&courier);
	close(peer);
	close(listener);
}

/* Sends until there is no room. Returns how many in all. */
static unsigned fill(void)
{
	char message[LENGTH];

	for (;; courier.taken++) {
		courier_message(message, LENGTH, (unsigned)courier.taken);
		if (courier.delivery->ops->send(courier.delivery, message, LENGTH, NULL) != 1)
			return (unsigned)courier.taken;
	}
}

static void answer(unsigned first, unsigned end)
{
	char text[64];

	for (unsigned command = first; command < end; command++) {
		snprintf(text, sizeof(text), "%u rsp 6 200 OK\n", command);
		say(text);
	}
}

START_TEST(answers_confirm)
{
	struct wc_delivery_settings settings = usual();

	open_session(&settings);
	ck_assert_uint_eq(fill(), 128);
	courier_turn(&courier, 0);
	for (unsigned i = 0; i < 128; i++)
		hears_message(i + 2, i);
	ck_assert_uint_eq(courier_confirm(&courier, 0), 0);
	answer(2, 74);
	ck_assert_uint_eq(courier_confirm(&courier, 72), 72);
	ck_assert_uint_eq(fill(), 200);
	courier_turn(&courier, 0);
	for (unsigned i = 128; i < 200; i++)
		hears_message(i + 2, i);
	/* One stays without an answer, and those behind it with it. */
	answer(75, 202);
	for (int i = 0; i < 10; i++)
		courier_turn(&courier, 10);
	ck_assert_uint_eq(courier_confirm(&courier, 72), 72);
	answer(74, 75);
	ck_assert_uint_eq(courier_confirm(&courier, 200), 200);
	courier.delivery->ops->close(courier.delivery);
	hears("202 close 0\n");
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 200);
	finish();
}
END_TEST

START_TEST(answers_come_in_pieces)
{
	static const char text[] = "2 rsp 6 200 OK\n3 rsp 0\n";
	struct wc_delivery_settings settings = usual();
	char byte[2] = "";

	open_session(&settings);
	fill();
	courier_turn(&courier, 0);
	for (const char *at = text; *at; at++) {
		byte[0] = *at;
		say(byte);
		courier_turn(&courier, 1000);
	}
	courier_end(&courier);
	/* An answer without a code refuses. */
	ended_with("refuses");
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 1);
	finish();
}
END_TEST

START_TEST(bad_answers_end_it)
{
	static const struct {
		const char *text, *reason;
	} bad[] = {
		{"HTTP/1.1 400 Bad Request\r\n", "does not speak RELP"},
		{"2 rsp 17 500 full\x1b[31m\n :)\n", "refuses: 500 full [31m  :)"},
		{"1 rsp 6 200 OK\n", "does not speak RELP"},
		{"300 rsp 6 200 OK\n", "does not speak RELP"},
		{"-2 rsp 6 200 OK\n", "does not speak RELP"},
		{"2 rsp 9999999999 200 OK\n", "does not speak RELP"},
		{"2 rsp 6 200 OKAY\n", "does not speak RELP"},
		{"2 syslog 6 200 OK\n", "does not speak RELP"},
		{"0 serverclose 0\n", "ends the session"},
		{"2222222222222222222222222222222222222222222222222222222222222222222",
		 "does not speak RELP"},
	};
	struct wc_delivery_settings settings = usual();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		open_session(&settings);
		fill();
		courier_turn(&courier, 0);
		say(bad[i].text);
		courier_end(&courier);
		ended_with(bad[i].reason);
		ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 0);
		finish();
	}
}
END_TEST

/* Whatever comes, nothing is confirmed that was not sent. */
START_TEST(any_bytes_are_heard)
{
	static const char bytes[] = "0123456789 rsp\n200 OK";
	struct wc_relp *relp = wc_relp_new();
	const char *frame;
	uint32_t seed = 1;
	unsigned opened = 0;

	for (unsigned round = 0; round < 50000; round++) {
		char text[] = "1 rsp 6 200 OK\n2 rsp 6 200 OK\n3 rsp 6 200 OK\n";

		wc_relp_clear(relp);
		wc_relp_open(relp, &frame);
		wc_relp_message(relp, "x", 1, &frame);
		for (unsigned change = 0; change < round % 4; change++) {
			seed = seed * 1664525 + 1013904223;
			text[(seed >> 16) % (sizeof(text) - 1)] =
				bytes[(seed >> 8) % sizeof(bytes)];
		}
		/* The third was never sent. */
		if (round % 4 == 0)
			ck_assert_int_eq(wc_relp_hear(relp, text, strlen(text), 2, NULL),
					 WC_FAILED);
		else
			wc_relp_hear(relp, text, sizeof(text) - 1, 2, NULL);
		ck_assert_uint_le(wc_relp_answered(relp), 2);
		opened += wc_relp_is_open(relp);
	}
	ck_assert_uint_gt(opened, 12500);
	wc_relp_free(relp);
}
END_TEST

START_TEST(a_refusal_is_told)
{
	struct wc_delivery_settings settings = usual();
	uint16_t port;

	close(peer_listen(&port, 0));
	courier_init(&courier, &settings, "relp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ended_with("Connection refused");
	courier_free(&courier);
}
END_TEST

START_TEST(silent_peers_end_with_patience)
{
	struct wc_delivery_settings settings = usual();
	uint16_t port;

	settings.patience_ns = 2000000000;
	listener = peer_listen(&port, 0);
	courier_init(&courier, &settings, "relp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ended_with("has taken nothing");
	courier_free(&courier);
	close(listener);
	/* The same when it falls silent later, though its kernel takes all. */
	open_session(&settings);
	fill();
	courier_end(&courier);
	ended_with("has taken nothing");
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 0);
	finish();
}
END_TEST

#ifdef WC_HAVE_TLS
START_TEST(who_cannot_be_trusted_gets_nothing)
{
	static const char *const names[] = {"elsewhere", "foreign", "expired", "early", "self"};
	struct wc_delivery_settings settings = usual();

	for (size_t i = 0; i < 10; i++) {
		struct tls_peer_plan plan = {
			.folder = credentials.folder,
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

#endif

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		answers_confirm,
		answers_come_in_pieces,
		bad_answers_end_it,
		any_bytes_are_heard,
		a_refusal_is_told,
		silent_peers_end_with_patience,
#ifdef WC_HAVE_TLS
		who_cannot_be_trusted_gets_nothing,
#endif
		NULL,
	};

	return credentials_run(argc, argv, "relp", tests);
}
