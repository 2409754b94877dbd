/*
 * names_bed.h - look-ups of names that ask servers on loopback
 */
#ifndef TESTS_NAMES_BED_H
#define TESTS_NAMES_BED_H

#include <stddef.h>

#include "dns_message.h"
#include "fake_dns.h"
#include "names.h"
#include "wirecensus/address.h"

#define PATIENCE 60000 /* ms; a watchdog */
#define SERVERS  2

/* How long an answer is waited for, in ms. */
#define ANSWERED   (10 * PATIENCE) /* where each question has one: however slow the machine is */
#define UNANSWERED 300             /* where none has */
#define EITHER     2000

extern struct names_bed {
	struct fake_dns *server[SERVERS];
	struct wc_names *names;
	struct wc_name_list list;    /* of the last bed_learn() */
	struct wc_names_stats stats; /* the same */
	struct dns_message reply;    /* the servers' threads', when only one of them answers */
} bed;

/* 198.51.100.@number */
struct wc_address bed_host(unsigned number);

/* Opens names on the first @count servers, each of which is waited for so long. */
void bed_open(size_t count, unsigned milliseconds);

/* Asks for @number and waits for what comes of it. Returns the count in the list. */
size_t bed_learn(unsigned number);

/* Frees the names, and stops and frees @count servers. */
void bed_close(size_t count);

/* A handler that answers each question with h2.example.com and H2b.example.com. */
void bed_with_names(void *arg, const struct fake_dns_query *query);

#endif /* TESTS_NAMES_BED_H */
