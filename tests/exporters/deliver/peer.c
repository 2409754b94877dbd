#include "peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <linux/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier.h"

int peer_listen(uint16_t *port, int buffer)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	if (buffer)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, length), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

unsigned peer_count(int fd, size_t length, unsigned first)
{
	char wanted[1000], got[1000];
	unsigned count = 0;
	size_t have = 0;
	ssize_t more;

	ck_assert_uint_le(length, sizeof(got));
	while ((more = recv(fd, got + have, length - have, 0)) > 0) {
		have += (size_t)more;
		if (have < length)
			continue;
		courier_message(wanted, length, first + count++);
		ck_assert_mem_eq(got, wanted, length);
		have = 0;
	}
	courier_message(wanted, length, first + count);
	ck_assert_int_eq(memcmp(got, wanted, have), 0);
	return count;
}

uint64_t peer_received(int fd)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);

	ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), 0);
	return info.tcpi_bytes_received;
}

void peer_reset(int fd)
{
	struct linger at_once = {.l_onoff = 1};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}
