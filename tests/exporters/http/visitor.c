#include "visitor.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WATCHDOG_MS 120000

static char answer[1 << 20];

int visitor_send(uint16_t port, const char *text)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (*text) /* it may have been refused by now */
		send(fd, text, strlen(text), MSG_NOSIGNAL);
	return fd;
}

static void wait_for(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	ck_assert_msg(poll(&poll_fd, 1, WATCHDOG_MS) == 1, "waited in vain for an answer");
}

const char *visitor_read(int fd)
{
	size_t length = 0;
	ssize_t got;

	do {
		wait_for(fd);
		got = recv(fd, answer + length, sizeof(answer) - length - 1, 0);
		length += got > 0 ? (size_t)got : 0;
	} while (got > 0);
	answer[length] = '\0';
	close(fd);
	return answer;
}

const char *visitor_ask(uint16_t port, const char *text)
{
	return visitor_read(visitor_send(port, text));
}

const char *visitor_get(uint16_t port, const char *path, const char *headers)
{
	char text[4096];

	snprintf(text, sizeof(text),
		 "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n", path,
		 headers);
	return visitor_ask(port, text);
}

void visitor_expect(const char *got, const char *status, const char *text)
{
	char line[64];

	snprintf(line, sizeof(line), "HTTP/1.1 %s\r\n", status);
	ck_assert_msg(!strncmp(got, line, strlen(line)), "%s", got);
	ck_assert_msg(strstr(got, text), "%s", got);
}

bool visitor_is_left(int fd)
{
	char byte;

	wait_for(fd);
	return recv(fd, &byte, 1, 0) <= 0;
}
