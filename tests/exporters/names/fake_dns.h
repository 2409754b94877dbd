/*
 * fake_dns.h - a name server on loopback that answers as a test wants
 *
 * It has a thread of its own, UDP and TCP on one port that the system chooses,
 * and keeps a log of what it was asked.
 */
#ifndef TESTS_FAKE_DNS_H
#define TESTS_FAKE_DNS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns_message.h"

/* Questions logged; more are only answered. */
#define FAKE_DNS_LOG 4096

struct fake_dns;

struct fake_dns_query {
	const uint8_t *bytes;
	size_t length;
	unsigned host; /* the number that the question's name begins with */
	bool tcp;
	int fd; /* for the functions below */
	struct sockaddr_in peer;
};

struct fake_dns_entry {
	int64_t milliseconds;
	unsigned host;
	bool tcp;
	uint16_t id, port; /* the question's id, and where it came from */
};

/* Milliseconds of the clock that the log has. */
int64_t fake_dns_clock(void);

/* Called in the server's thread for each question; may answer any number of times. */
typedef void fake_dns_handler(void *arg, const struct fake_dns_query *query);

/* Starts a server; a failure ends the test. */
struct fake_dns *fake_dns_start(fake_dns_handler *handler, void *arg);

/* Where it listens, as ADDRESS:PORT. Lives as long as the server. */
const char *fake_dns_address(const struct fake_dns *server);

/* Sends @message to who asked. */
void fake_dns_reply(const struct fake_dns_query *query, const struct dns_message *message);

/* The same from another port (UDP). */
void fake_dns_forge(const struct fake_dns_query *query, const struct dns_message *message);

/* Ends the thread; the log stays. Returns how many entries it has. */
size_t fake_dns_stop(struct fake_dns *server);
const struct fake_dns_entry *fake_dns_log(const struct fake_dns *server);
void fake_dns_free(struct fake_dns *server);

#endif /* TESTS_FAKE_DNS_H */
