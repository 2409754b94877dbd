#include "fake_dns.h"

#include <arpa/inet.h>
#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct fake_dns {
	fake_dns_handler *handler;
	void *arg;
	int udp, tcp, stop;
	char address[32];
	pthread_t thread;
	size_t entries;
	struct fake_dns_entry log[FAKE_DNS_LOG];
};

int64_t fake_dns_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int bind_to(int type, uint16_t *port)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(*port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(at);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at))) {
		close(fd);
		return -1;
	}
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &length), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* TCP on the port that UDP got; another pair if that port is taken. */
static void bind_both(struct fake_dns *server)
{
	uint16_t port;

	for (int tries = 0; tries < 100; tries++) {
		port = 0;
		server->udp = bind_to(SOCK_DGRAM, &port);
		ck_assert_int_ge(server->udp, 0);
		server->tcp = bind_to(SOCK_STREAM, &port);
		if (server->tcp >= 0)
			break;
		close(server->udp);
	}
	ck_assert_int_ge(server->tcp, 0);
	ck_assert_int_eq(listen(server->tcp, 16), 0);
	snprintf(server->address, sizeof(server->address), "127.0.0.1:%u", port);
}

/* The number in the first label; in an IPv6 name, its first digit. */
static unsigned first_number(const uint8_t *bytes, size_t length)
{
	unsigned number = 0;

	for (size_t i = DNS_QUESTION + 1;
	     i < length && i <= (size_t)DNS_QUESTION + bytes[DNS_QUESTION]; i++)
		number = number * 10 + bytes[i] - '0';
	return number;
}

static void handle(struct fake_dns *server, struct fake_dns_query *query)
{
	if (query->length <= DNS_QUESTION)
		return;
	query->host = first_number(query->bytes, query->length);
	if (server->entries < FAKE_DNS_LOG)
		server->log[server->entries++] = (struct fake_dns_entry){
			.milliseconds = fake_dns_clock(),
			.host = query->host,
			.tcp = query->tcp,
			.id = (uint16_t)(query->bytes[0] << 8 | query->bytes[1]),
			.port = ntohs(query->peer.sin_port),
		};
	server->handler(server->arg, query);
}

static void serve_udp(struct fake_dns *server)
{
	uint8_t bytes[512];
	struct fake_dns_query query = {.bytes = bytes, .fd = server->udp};
	socklen_t length = sizeof(query.peer);
	ssize_t size = recvfrom(server->udp, bytes, sizeof(bytes), 0,
				(struct sockaddr *)&query.peer, &length);

	if (size < 0)
		return;
	query.length = (size_t)size;
	handle(server, &query);
}

/* One question a connection; a client that stays silent is left after a minute. */
static void serve_tcp(struct fake_dns *server)
{
	struct timeval patience = {.tv_sec = 60};
	uint8_t bytes[2 + 512];
	struct fake_dns_query query = {.bytes = bytes + 2, .tcp = true};
	socklen_t length = sizeof(query.peer);
	ssize_t size;

	query.fd = accept(server->tcp, (struct sockaddr *)&query.peer, &length);
	if (query.fd < 0)
		return;
	setsockopt(query.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	size = recv(query.fd, bytes, 2, MSG_WAITALL);
	if (size == 2) {
		query.length = (size_t)bytes[0] << 8 | bytes[1];
		if (query.length <= 512 &&
		    recv(query.fd, bytes + 2, query.length, MSG_WAITALL) == (ssize_t)query.length)
			handle(server, &query);
	}
	close(query.fd);
}

/* What has come before the end is still served. */
static void *run(void *arg)
{
	struct fake_dns *server = arg;
	struct pollfd polled[] = {
		{.fd = server->stop, .events = POLLIN},
		{.fd = server->udp, .events = POLLIN},
		{.fd = server->tcp, .events = POLLIN},
	};

	while (poll(polled, 3, -1) >= 0 &&
	       (!polled[0].revents || polled[1].revents || polled[2].revents)) {
		if (polled[1].revents)
			serve_udp(server);
		if (polled[2].revents)
			serve_tcp(server);
	}
	return NULL;
}

struct fake_dns *fake_dns_start(fake_dns_handler *handler, void *arg)
{
	struct fake_dns *server = calloc(1, sizeof(*server));

	ck_assert_ptr_nonnull(server);
	server->handler = handler;
	server->arg = arg;
	bind_both(server);
	server->stop = eventfd(0, EFD_CLOEXEC);
	ck_assert_int_ge(server->stop, 0);
	ck_assert_int_eq(pthread_create(&server->thread, NULL, run, server), 0);
	return server;
}

const char *fake_dns_address(const struct fake_dns *server)
{
	return server->address;
}

void fake_dns_reply(const struct fake_dns_query *query, const struct dns_message *message)
{
	uint8_t size[2] = {(uint8_t)(message->length >> 8), (uint8_t)message->length};

	if (query->tcp) {
		send(query->fd, size, 2, MSG_NOSIGNAL | MSG_MORE);
		send(query->fd, message->bytes, message->length, MSG_NOSIGNAL);
	} else {
		sendto(query->fd, message->bytes, message->length, 0,
		       (const struct sockaddr *)&query->peer, sizeof(query->peer));
	}
}

void fake_dns_forge(const struct fake_dns_query *query, const struct dns_message *message)
{
	struct fake_dns_query forged = *query;
	uint16_t port = 0;

	forged.fd = bind_to(SOCK_DGRAM, &port);
	fake_dns_reply(&forged, message);
	close(forged.fd);
}

size_t fake_dns_stop(struct fake_dns *server)
{
	eventfd_write(server->stop, 1);
	pthread_join(server->thread, NULL);
	close(server->stop);
	close(server->udp);
	close(server->tcp);
	return server->entries;
}

const struct fake_dns_entry *fake_dns_log(const struct fake_dns *server)
{
	return server->log;
}

void fake_dns_free(struct fake_dns *server)
{
	free(server);
}
