/*
 * hostile_dns.c - a name server for tests of the program, until standard input ends
 *
 * Prints ADDRESS:PORT, and then a line for each host number: the number and the
 * names that must come of it, between tabs. One host has no name, but a zone. An
 * empty line is the last.
 */
#include <stdio.h>

#include "fake_dns.h"
#include "hostile.h"
#include "suite.h"

#define NAMELESS 200

/* The server's thread's. */
static void answer(void *arg, const struct fake_dns_query *query)
{
	static struct dns_message reply;

	(void)arg;
	if (query->host < hostile_count) {
		dns_answer(&reply, query->bytes, query->length, DNS_NOERROR);
		hostile_answers[query->host].build(&reply);
	} else {
		dns_answer(&reply, query->bytes, query->length, DNS_NXDOMAIN);
		dns_soa(&reply, "ns.example.net", 600);
	}
	fake_dns_reply(query, &reply);
}

START_TEST(serve)
{
	struct fake_dns *server = fake_dns_start(answer, NULL);

	printf("%s\n", fake_dns_address(server));
	for (size_t i = 0; i < hostile_count; i++) {
		printf("%zu", i);
		for (size_t j = 0; j < hostile_answers[i].count; j++)
			printf("\t%s", hostile_answers[i].name[j]);
		printf("\n");
	}
	printf("%d\t:ns.example.net\n\n", NAMELESS);
	fflush(stdout);
	while (getchar() != EOF)
		;
	fake_dns_stop(server);
	fake_dns_free(server);
}
END_TEST

/* The server's own checks work only inside a suite. */
int main(void)
{
	const TTest *const tests[] = {serve, NULL};

	return suite_run("hostile_dns", tests, 300);
}
