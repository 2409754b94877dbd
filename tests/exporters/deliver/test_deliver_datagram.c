#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "courier.h"
#include "suite.h"

static int listen_udp(uint16_t *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, length), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

START_TEST(one_message_is_one_datagram)
{
	struct courier courier;
	uint16_t port = 0;
	int peer = listen_udp(&port);
	char message[1232], got[2000];

	courier_init(&courier, NULL, "udp://127.0.0.1:%u", port);
	ck_assert_uint_eq(courier.delivery->longest, 1232);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	for (unsigned i = 0; i < 50; i++) {
		courier_message(message, 100 + i, i);
		ck_assert(courier_send(&courier, message, 100 + i));
		ck_assert_int_eq(recv(peer, got, sizeof(got), 0), 100 + i);
		ck_assert_mem_eq(got, message, 100 + i);
	}
	ck_assert_uint_eq(courier_confirm(&courier, 50), 50);
	courier_message(message, 1232, 50);
	ck_assert(courier_send(&courier, message, 1232));
	ck_assert(!courier_send(&courier, got, 1233));
	ck_assert_ptr_nonnull(strstr(courier.error.text, "smaller datagram size"));
	courier_free(&courier);
	close(peer);
}
END_TEST

/* What met the closed port is not lost on this machine: it is sent again. */
START_TEST(a_closed_port_is_noticed)
{
	struct courier courier;
	uint16_t port = 0;
	int peer = listen_udp(&port);
	char message[64], got[100];

	close(peer);
	courier_init(&courier, NULL, "udp://127.0.0.1:%u", port);
	courier_message(message, sizeof(message), 7);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
		ck_assert(!courier_send(&courier, message, sizeof(message)));
		ck_assert_ptr_nonnull(strstr(courier.error.text, "Connection refused"));
		ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), 0);
	}
	peer = listen_udp(&port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	ck_assert(courier_send(&courier, message, sizeof(message)));
	ck_assert_int_eq(recv(peer, got, sizeof(got), 0), sizeof(message));
	courier_free(&courier);
	close(peer);
}
END_TEST

/* On two addresses, one of which refuses, it comes to the other. */
START_TEST(the_other_family_has_its_turn)
{
	struct courier courier;
	struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	socklen_t length = sizeof(at);
	int peer = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0), yes = 1, tries = 0;

	setsockopt(peer, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (peer < 0 || bind(peer, (struct sockaddr *)&at, length)) {
		puts("no IPv6 here");
		return;
	}
	ck_assert_int_eq(getsockname(peer, (struct sockaddr *)&at, &length), 0);
	courier_init(&courier, NULL, "udp://localhost:%u", ntohs(at.sin6_port));
	do {
		ck_assert_int_lt(tries++, 2);
		ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	} while (!courier_send(&courier, "x", 1));
	ck_assert_int_eq(tries, 2);
	courier_free(&courier);
	close(peer);
}
END_TEST

START_TEST(what_the_peer_sends_is_thrown_away)
{
	struct courier courier;
	uint16_t port = 0;
	int peer = listen_udp(&port);
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	char got[100];

	courier_init(&courier, NULL, "udp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	ck_assert(courier_send(&courier, "x", 1));
	ck_assert_int_eq(recvfrom(peer, got, 100, 0, (struct sockaddr *)&from, &length), 1);
	for (int i = 0; i < 100; i++)
		sendto(peer, got, sizeof(got), 0, (struct sockaddr *)&from, length);
	for (int i = 0; i < 100; i++)
		courier_turn(&courier, 0);
	ck_assert_int_eq(courier.state, WC_DELIVERY_OPEN);
	ck_assert(courier_send(&courier, "y", 1));
	courier_free(&courier);
	close(peer);
}
END_TEST

START_TEST(a_local_receiver_that_is_full_is_waited_for)
{
	const struct wc_delivery_settings settings = {.patience_ns = 200000000};
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct courier courier;
	char message[100], got[200];
	unsigned taken = 0, read = 0;
	int peer = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "/tmp/deliver-gram-%d", (int)getpid());
	courier_init(&courier, &settings, "unixgram://%s", at.sun_path);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_CLOSED);
	ck_assert_ptr_nonnull(strstr(courier.error.text, "No such file"));
	ck_assert_int_eq(bind(peer, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	courier_message(message, sizeof(message), 0);
	while (courier.delivery->ops->send(courier.delivery, message, 100, NULL) == 1)
		courier_message(message, sizeof(message), ++taken);
	for (; read < taken; read++) {
		char wanted[100];

		courier_message(wanted, sizeof(wanted), read);
		ck_assert_int_eq(recv(peer, got, sizeof(got), 0), 100);
		ck_assert_mem_eq(got, wanted, 100);
	}
	ck_assert(courier_send(&courier, message, 100));
	ck_assert_uint_eq(courier.delivery->ops->confirmed(courier.delivery), taken + 1);
	/* Nobody reads any more: it ends when patience does. */
	while (courier_send(&courier, message, 100))
		;
	ck_assert_ptr_nonnull(strstr(courier.error.text, "timed out"));
	courier_free(&courier);
	close(peer);
	unlink(at.sun_path);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		one_message_is_one_datagram,
		a_closed_port_is_noticed,
		the_other_family_has_its_turn,
		what_the_peer_sends_is_thrown_away,
		a_local_receiver_that_is_full_is_waited_for,
		NULL,
	};

	return suite_run("datagram", tests, 60);
}
