/*
 * peer.h - the other side, on loopback
 */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Listens for TCP on 127.0.0.1; receives at most about @buffer bytes unread (0: the system's). */
int peer_listen(uint16_t *port, int buffer);

/* Reads until nothing comes any more, and checks that these are the tests' messages of @length
 * bytes from @first on, the last one perhaps cut off. Returns how many are whole.
 */
unsigned peer_count(int fd, size_t length, unsigned first);

/* Bytes that the kernel has received for @fd, read or not. */
uint64_t peer_received(int fd);

/* Closes with a reset. */
void peer_reset(int fd);

/* A TLS server in a process of its own, for one connection after the other. */
struct tls_peer {
	pid_t pid;
	uint16_t port;
	int report;
};

struct tls_peer_plan {
	const char *folder, *name; /* of certificates.sh */
	const char *versions;      /* as GnuTLS's priorities have them */
	bool ask;                  /* for a client's certificate, and refuse who has none */
};

/* What one connection came to. */
struct tls_peer_report {
	bool agreed; /* the handshake */
	bool ended;  /* by close_notify */
	uint64_t bytes;
	unsigned messages; /* as peer_count() counts, from 0 on */
};

void tls_peer_start(struct tls_peer *peer, const struct tls_peer_plan *plan, size_t length);

/* Waits for the end of a connection. */
struct tls_peer_report tls_peer_report(const struct tls_peer *peer);
void tls_peer_stop(struct tls_peer *peer);

#endif /* TESTS_PEER_H */
