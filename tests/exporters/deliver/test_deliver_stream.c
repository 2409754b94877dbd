#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier.h"
#include "suite.h"

/* Listens on loopback. */
static int listen_tcp(uint16_t *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, length), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

START_TEST(delivers_and_confirms)
{
	struct courier courier;
	uint16_t port;
	char message[100], got[1000];
	int listener = listen_tcp(&port), peer;

	courier_init(&courier, NULL, "tcp://127.0.0.1:%u", port);
	ck_assert_int_eq(courier_open(&courier), WC_DELIVERY_OPEN);
	peer = accept(listener, NULL, NULL);
	for (unsigned i = 0; i < 10; i++) {
		courier_message(message, sizeof(message), i);
		ck_assert(courier_send(&courier, message, sizeof(message)));
	}
	ck_assert_uint_eq(courier_confirm(&courier, 10), 10);
	ck_assert_int_eq(recv(peer, got, sizeof(got), MSG_WAITALL), 1000);
	ck_assert_int_eq(memcmp(got + 900, message, 100), 0);
	courier_free(&courier);
	ck_assert_int_eq(recv(peer, got, 1, 0), 0);
	close(peer);
	close(listener);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {delivers_and_confirms, NULL};

	return suite_run("stream", tests, 60);
}
